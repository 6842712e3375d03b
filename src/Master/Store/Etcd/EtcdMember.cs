using System;
using System.IO;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using dotnet_etcd;
using Etcdserverpb;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>One member of the cluster: its channel, and what it must be able to do.</summary>
internal sealed class EtcdMember : IDisposable
{
    /// <summary>The first with which this library is tested.</summary>
    private static readonly Version OldestVersion = new(3, 4);

    private readonly GrpcChannel _channel;
    private bool _isKnownToBeUsable;

    /// <param name="endpoint">host:port.</param>
    /// <param name="options">TLS and more.</param>
    /// <exception cref="SessionException">InvalidArgument: a certificate file cannot be read.</exception>
    internal EtcdMember(string endpoint, EtcdOptions options)
    {
        Endpoint = endpoint;
        bool isSecure = options.CaFile.Length > 0;
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = DirectDial.ConnectAsync,
            ConnectTimeout = TimeSpan.FromMilliseconds(Limits.EtcdRequestMs),
            KeepAlivePingDelay = TimeSpan.FromMilliseconds(Limits.EtcdProbeMs),
            KeepAlivePingTimeout = TimeSpan.FromMilliseconds(Limits.EtcdRequestMs),
            UseProxy = false,
        };
        if (isSecure)
        {
            handler.SslOptions = TlsOf(options);
        }

        _channel = GrpcChannel.ForAddress($"{(isSecure ? "https" : "http")}://{endpoint}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = Limits.EtcdMessageBytes,
        });
        Client = new EtcdClient(_channel.CreateCallInvoker());
    }

    internal string Endpoint { get; }

    internal EtcdClient Client { get; }

    /// <summary>Asks for the version, once.</summary>
    /// <exception cref="SessionException">StoreFailed: too old.</exception>
    internal void RequireUsable(Metadata headers, CancellationToken cancellation)
    {
        if (!_isKnownToBeUsable)
        {
            RequireVersion(Endpoint, Client.Status(new StatusRequest(), headers, null, cancellation).Version);
            _isKnownToBeUsable = true;
        }
    }

    internal static void RequireVersion(string endpoint, string version)
    {
        if (!Version.TryParse(version.Split('-')[0], out Version? parsed) || parsed < OldestVersion)
        {
            throw new SessionException(
                SessionStatus.StoreFailed, $"etcd at {endpoint} has version {version}; at least {OldestVersion} is needed");
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        _channel.Dispose();
    }

    private static SslClientAuthenticationOptions TlsOf(EtcdOptions options)
    {
        X509Certificate2Collection authorities = [];
        Read("etcd.ca_file", options.CaFile, () => authorities.ImportFromPemFile(options.CaFile));
        SslClientAuthenticationOptions tls = new()
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        };
        tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        if (options.CertFile.Length > 0)
        {
            Read("etcd.cert_file or etcd.key_file", options.CertFile, () => tls.ClientCertificates =
                [X509Certificate2.CreateFromPemFile(options.CertFile, options.KeyFile)]);
        }

        return tls;
    }

    private static void Read(string field, string path, Action read)
    {
        try
        {
            read();
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"{field} '{path}' cannot be read: {error.Message}", error);
        }
    }
}
