using System;
using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Protocol;

/// <summary>The handshake, of whoever dials and of whoever is dialled.</summary>
public static class TlsHandshake
{
    /// <summary>Makes a connection one of TLS; the stream is closed if that fails.</summary>
    /// <param name="plain">The connection.</param>
    /// <param name="files">Whom to trust, and who one is.</param>
    /// <param name="host">That was dialled.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UntrustedPeerException">The other side is not who it should be, or speaks no TLS.</exception>
    public static async ValueTask<SslStream> OfClientAsync(Stream plain, TlsFiles files, string host, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plain);
        ArgumentNullException.ThrowIfNull(files);
        SslStream secure = new(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(ClientOptions(files, host), cancellation).ConfigureAwait(false);
            return secure;
        }
        catch (Exception error)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw error is AuthenticationException ? new UntrustedPeerException(host, error) : error;
        }
    }

    /// <summary>What a client's handshake goes by now; for those that dial by themselves, too.</summary>
    public static SslClientAuthenticationOptions ClientOptions(TlsFiles files, string host)
    {
        ArgumentNullException.ThrowIfNull(files);
        TlsMaterial material = files.Now;
        return new SslClientAuthenticationOptions
        {
            TargetHost = files.Options.ServerName.Length > 0 ? files.Options.ServerName : host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = ProtocolsOf(files.Options),
            ClientCertificateContext = material.Own,
            CertificateChainPolicy = material.Policy(),
            AllowRenegotiation = false,
        };
    }

    /// <summary>What a server's handshake goes by now: with authorities it asks for a certificate, and judges it by them.</summary>
    public static SslServerAuthenticationOptions ServerOptions(TlsFiles files, SslApplicationProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(files);
        TlsMaterial material = files.Now;
        SslServerAuthenticationOptions options = new()
        {
            ServerCertificateContext = material.Own,
            ApplicationProtocols = [protocol],
            EnabledSslProtocols = ProtocolsOf(files.Options),
            AllowRenegotiation = false,
            // Whoever comes again shows his certificate again.
            AllowTlsResume = false,
        };
        if (material.Authorities != null)
        {
            options.ClientCertificateRequired = true;
            options.CertificateChainPolicy = material.Policy();
        }

        return options;
    }

    /// <summary>The versions that are spoken.</summary>
    public static SslProtocols ProtocolsOf(TlsOptions options) => options?.MinimumVersion == "1.3"
        ? SslProtocols.Tls13
        : SslProtocols.Tls12 | SslProtocols.Tls13;
}
