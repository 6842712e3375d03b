using System;
using System.IO;
using System.IO.Pipelines;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Interop.Sessions.Master.Server.Listening;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// TLS before HTTP. A client that does not show what it must is told so by the answer to its first call, in words and with a status of
/// our own: at the end of a handshake it would hear that a connection broke. Nothing else is answered to it (<see cref="CallGate"/>).
/// </summary>
/// <param name="files">Who this master is, and whom it trusts.</param>
/// <param name="insecure">From where connections without TLS are served besides.</param>
/// <param name="gate">Told of connections that have shown who they are.</param>
/// <param name="logger">Told of those that have not.</param>
internal sealed class TlsDoor(TlsFiles files, Insecure insecure, CallGate gate, ILogger logger)
{
    /// <summary>The first byte of a handshake (RFC 8446, 5.1); HTTP/2 begins with a letter.</summary>
    private const byte Handshake = 22;

    private readonly LogBudgets _budgets = new();

    /// <summary>Sets it before what is served at an address.</summary>
    internal void Guard(ListenOptions listen)
    {
        ConnectionDelegate? serve = null;
        listen.Use(secure => async connection =>
        {
            bool? isSecure = await IsSecureAsync(connection.Transport.Input).ConfigureAwait(false);
            if (isSecure == false)
            {
                LetInInsecure(connection);
            }

            await (isSecure switch
            {
                true => secure(connection),
                false => serve!(connection),
                null => Task.CompletedTask,
            }).ConfigureAwait(false);
        });
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => new ValueTask<SslServerAuthenticationOptions>(OptionsFor(context.Connection)),
            HandshakeTimeout = TimeSpan.FromMilliseconds(Limits.ServerHandshakeMs),
        });
        listen.Use(next => serve = next);
    }

    /// <summary>Null: it ended without a word.</summary>
    private static async Task<bool?> IsSecureAsync(PipeReader input)
    {
        try
        {
            ReadResult read = await input.ReadAsync().ConfigureAwait(false);
            bool? isSecure = read.Buffer.IsEmpty ? null : read.Buffer.FirstSpan[0] == Handshake;
            // Nothing is taken: whoever comes next reads it again at once.
            input.AdvanceTo(read.Buffer.Start);
            return isSecure;
        }
        catch (IOException)
        {
            // It was reset before it said anything, which is worth no line of a log.
            return null;
        }
    }

    private void LetInInsecure(BaseConnectionContext connection)
    {
        if (!(connection.RemoteEndPoint is IPEndPoint { Address: { } address } && insecure.Allows(address)))
        {
            Refuse(connection, "this master speaks TLS, and the connection does not: give the client its tls options");
        }
    }

    private SslServerAuthenticationOptions OptionsFor(BaseConnectionContext connection)
    {
        SslServerAuthenticationOptions options = TlsHandshake.ServerOptions(files, SslApplicationProtocol.Http2);
        if (options.ClientCertificateRequired)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Judge(connection, certificate, chain, errors);
        }

        return options;
    }

    private bool Judge(BaseConnectionContext connection, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            ClientOf(connection).CertifiedName = NameOf(certificate);
            gate.Vouch(ClientOf(connection));
        }
        else
        {
            Refuse(connection, certificate == null
                ? "this master asks for a client certificate, and none was shown: set cert_file and key_file of the client's tls options"
                : $"the client certificate of {certificate.Subject} is not trusted: {ProblemsOf(chain, errors)}");
        }

        // The handshake ends well; what it has shown counts from the first call on.
        return true;
    }

    /// <summary>Rules know a client by it. Null: it has none.</summary>
    private static string? NameOf(X509Certificate? certificate) =>
        (certificate as X509Certificate2)?.Extensions[SubjectNames.Oid] is { } names ? SubjectNames.NameIn(names.RawData) : null;

    private static string ProblemsOf(X509Chain? chain, SslPolicyErrors errors)
    {
        string problems = string.Join(", ", chain?.ChainStatus.Select(status => status.Status) ?? []);
        return problems.Length > 0 ? problems : errors.ToString();
    }

    private void Refuse(BaseConnectionContext connection, string reason)
    {
        string said = Printable.Of(reason);
        ClientOf(connection).NotLetIn = new SessionException(SessionStatus.Unauthenticated, said);
        MasterLog.NotLetIn(logger, _budgets, connection.RemoteEndPoint?.ToString() ?? "", said);
    }

    private static ClientConnection ClientOf(BaseConnectionContext connection) => connection.Features.Get<ClientConnection>()!;
}
