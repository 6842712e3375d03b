using System;
using System.IO;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Interop.Sessions.Master.Tests.Support;

/// <summary>How clients that are not the product's dial a master, so that it knows them.</summary>
internal static partial class Dialling
{
    /// <summary>setresuid, of x64: the C library's would change all threads.</summary>
    private const long SetUsers = 117;

    /// <summary>Over TLS.</summary>
    /// <param name="caFile">Whom the client trusts.</param>
    /// <param name="client">Whose certificate it shows; null: none.</param>
    internal static SocketsHttpHandler OverTls(string caFile, TlsOptions? client)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = policy,
                ClientCertificateContext = client == null ? null : SslStreamCertificateContext.Create(
                    X509Certificate2.CreateFromPemFile(client.CertFile, client.KeyFile), additionalCertificates: null, offline: true),
            },
        };
    }

    /// <summary>
    /// Over a Unix socket as another user, which root alone can: the kernel tells the other side the user of the thread that connects.
    /// </summary>
    internal static SocketsHttpHandler AsUser(uint user, string path) => new()
    {
        ConnectCallback = (_, _) =>
        {
            TaskCompletionSource<Stream> connected = new();
            new Thread(() => Connect(user, path, connected)).Start();
            return new ValueTask<Stream>(connected.Task);
        },
    };

    private static void Connect(uint user, string path, TaskCompletionSource<Stream> connected)
    {
        try
        {
            Assert.Equal(0, Call(SetUsers, -1, user, -1));
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            connected.SetResult(new NetworkStream(socket, ownsSocket: true));
        }
        catch (Exception error)
        {
            connected.SetException(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long Call(long number, long real, long effective, long saved);
}
