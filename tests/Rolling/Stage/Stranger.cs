using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Follower;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Rolling.Stage;

/// <summary>Somebody who comes new, and by whom is seen what masters serve now.</summary>
internal static class Stranger
{
    private const uint CreateMs = 10_000;

    /// <summary>How a create of such a client ends.</summary>
    internal static SessionStatus Creates(IEnumerable<string> masters, TlsOptions? tls)
    {
        FollowerManagerOptions options = new() { Endpoints = [.. masters] };
        options = tls == null ? options with { Insecure = Insecure.Loopback } : options with { Tls = tls };
        using FollowerManager manager = new(options, NullLoggerFactory.Instance);
        try
        {
            manager.CreateFollower("stranger", new FollowerCallbacks()).CreateSessionAsync(timeoutMs: CreateMs).GetAwaiter().GetResult();
            return SessionStatus.Ok;
        }
        catch (SessionException refusal)
        {
            return refusal.Status;
        }
    }

    /// <summary>Does this master show the certificate that its file has now?</summary>
    /// <exception cref="BrokenExpectationException">It shows another.</exception>
    internal static void RequireShown(string master, TlsOptions its)
    {
        string[] address = master.Split(':');
        using TcpClient plain = new(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture));
        using SslStream secure = new(plain.GetStream());
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(its.CaFile);
        secure.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = address[0],
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateChainPolicy = policy,
        });
        using X509Certificate2 expected = X509CertificateLoader.LoadCertificateFromFile(its.CertFile);
        if (!secure.RemoteCertificate!.GetRawCertData().AsSpan().SequenceEqual(expected.RawData))
        {
            throw new BrokenExpectationException($"the master at {master} shows another certificate than its file has");
        }
    }
}
