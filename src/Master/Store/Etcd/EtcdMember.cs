using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using dotnet_etcd;
using Etcdserverpb;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>One member of the cluster: its channel, and what must be done before it can be asked.</summary>
internal sealed class EtcdMember : IDisposable
{
    private readonly EtcdTokens _tokens;
    private readonly ILogger _logger;
    private readonly EtcdDial _dial;
    private readonly GrpcChannel _channel;
    private readonly SharedWork<EtcdToken> _preparing;
    private int _preparedDial;
    private bool _hasWarned;

    /// <param name="endpoint">host:port.</param>
    /// <param name="credentials">For TLS.</param>
    /// <param name="tokens">Of all members.</param>
    /// <param name="logger">Where warnings go.</param>
    internal EtcdMember(string endpoint, EtcdCredentials credentials, EtcdTokens tokens, ILogger logger)
    {
        Endpoint = endpoint;
        _tokens = tokens;
        _logger = logger;
        _dial = new EtcdDial(credentials);
        _preparing = new SharedWork<EtcdToken>(PrepareAsync);
        SocketsHttpHandler handler = new()
        {
            ConnectCallback = _dial.ConnectAsync,
            ConnectTimeout = TimeSpan.FromMilliseconds(Limits.EtcdConnectMs),
            KeepAlivePingDelay = TimeSpan.FromMilliseconds(Limits.EtcdProbeMs),
            KeepAlivePingTimeout = TimeSpan.FromMilliseconds(Limits.EtcdRequestMs),
            UseProxy = false,
        };
        _channel = GrpcChannel.ForAddress($"{credentials.Trust.Scheme}://{endpoint}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = Limits.EtcdMessageBytes,
        });
        Client = new EtcdClient(_channel.CreateCallInvoker());
    }

    internal string Endpoint { get; }

    internal EtcdClient Client { get; }

    private bool IsPrepared => _dial.IsOpen && Volatile.Read(ref _preparedDial) == _dial.Dialled;

    /// <summary>
    /// Dials, authenticates and asks for the version, as far as that is not done; gives the token to show. Connecting has a
    /// time of its own and goes on when the caller that waits for it gives up.
    /// </summary>
    internal Task<EtcdToken> ReadyAsync() =>
        IsPrepared && _tokens.Current is { } token ? Task.FromResult(token) : _preparing.Join();

    /// <summary>An error that says what TCP or TLS said, if that was it.</summary>
    internal EtcdUnreachableException Unreachable(string why) =>
        new($"{Endpoint}: {(_dial.Failure is { } failure && !why.Contains(failure, StringComparison.Ordinal) ? failure : why)}");

    public void Dispose()
    {
        Client.Dispose();
        _channel.Dispose();
    }

    private async Task<EtcdToken> PrepareAsync()
    {
        using CancellationTokenSource patience = new(Limits.EtcdConnectMs);
        try
        {
            EtcdToken token = _tokens.Current ?? await _tokens.AskAsync(Client, patience.Token).ConfigureAwait(false);
            if (!IsPrepared && await IsVersionCheckedAsync(token, patience.Token).ConfigureAwait(false))
            {
                Volatile.Write(ref _preparedDial, _dial.Dialled);
            }

            return token;
        }
        catch (RpcException error) when (patience.IsCancellationRequested)
        {
            throw Unreachable($"connecting was not done after {Limits.EtcdConnectMs} ms ({error.Status.Detail})");
        }
        catch (RpcException error) when (EtcdFailures.Of(error) is EtcdFailure.Unknown or EtcdFailure.Busy)
        {
            throw Unreachable(EtcdFailures.Describe(error));
        }
    }

    /// <summary>False: it did not even look, since it does not take the token. Not every user may ask, nor every vendor answer.</summary>
    private async Task<bool> IsVersionCheckedAsync(EtcdToken token, CancellationToken cancellation)
    {
        try
        {
            StatusResponse status =
                await Client.StatusAsync(new StatusRequest(), token.Headers, null, cancellation).ConfigureAwait(false);
            if (!EtcdVersion.IsKnownToDo(Endpoint, status.Version))
            {
                Warn($"it says '{status.Version}'");
            }
        }
        catch (RpcException error) when (EtcdFailures.Of(error) == EtcdFailure.TokenRefused && _tokens.CanAsk)
        {
            return false;
        }
        catch (RpcException error) when (EtcdFailures.Of(error) is not (EtcdFailure.Unknown or EtcdFailure.Busy))
        {
            Warn($"it refuses to tell: {error.Status.Detail}");
        }

        return true;
    }

    private void Warn(string what)
    {
        if (!_hasWarned)
        {
            _hasWarned = true;
            MasterLog.EtcdVersionUnknown(_logger, Endpoint, what);
        }
    }
}
