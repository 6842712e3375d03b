using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using dotnet_etcd;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>The cluster: one request at one member at a time, the next member after a failure. Any thread.</summary>
internal sealed class EtcdConnection : IDisposable
{
    private readonly EtcdOptions _options;
    private readonly EtcdCredentials _credentials;
    private readonly bool _ownsCredentials;
    private readonly EtcdTokens _tokens;
    private readonly IReadOnlyList<EtcdMember> _members;
    private int _current;

    /// <param name="options">Which etcd.</param>
    /// <param name="logger">Where warnings of certificates and versions go; null: nowhere.</param>
    /// <param name="time">By which whoever writes through it leads; null: the machine's.</param>
    /// <exception cref="SessionException">InvalidArgument: a certificate file cannot be read.</exception>
    internal EtcdConnection(EtcdOptions options, ILogger? logger = null, BootTime? time = null)
        : this(
            options, new EtcdCredentials(options, logger ?? NullLogger.Instance, time ?? BootTime.OfMachine), logger ?? NullLogger.Instance,
            time ?? BootTime.OfMachine) =>
        _ownsCredentials = true;

    private EtcdConnection(EtcdOptions options, EtcdCredentials credentials, ILogger logger, BootTime time)
    {
        Time = time;
        _options = options;
        _credentials = credentials;
        _tokens = new EtcdTokens(options, _credentials, Time);
        _members = [.. options.Members.Select(member => new EtcdMember(member, _credentials, _tokens, logger))];
        Keys = new EtcdKeys(options.Prefix);
    }

    /// <summary>Another to the same etcd, with the same credentials: it is ended before this one.</summary>
    internal EtcdConnection Another() => new(_options, _credentials, NullLogger.Instance, Time);

    internal EtcdKeys Keys { get; }

    /// <summary>By which whoever writes through it leads.</summary>
    internal BootTime Time { get; }

    /// <summary>For errors: which etcd.</summary>
    internal string Name => $"etcd at {_options.Endpoints}";

    /// <summary>For tests: the token of all requests.</summary>
    internal EtcdTokens Tokens => _tokens;

    /// <summary>Sends a request that may be sent twice, to each member once if need be.</summary>
    /// <exception cref="SessionException">Store*.</exception>
    internal T Ask<T>(
        Func<EtcdClient, Metadata, CancellationToken, T> request, int timeoutMs, CancellationToken cancellation,
        int connectMs = 0, string limit = "")
    {
        RpcException? last = null;
        for (int attempt = 0; attempt < _members.Count; attempt++)
        {
            try
            {
                return TryOnce(request, timeoutMs, cancellation, connectMs, limit);
            }
            catch (RpcException error) when (EtcdFailures.Of(error) is EtcdFailure.Unknown or EtcdFailure.Busy)
            {
                last = error;
                cancellation.ThrowIfCancellationRequested();
            }
            catch (RpcException error)
            {
                throw ToSessionException(error);
            }
        }

        throw ToSessionException(last!);
    }

    /// <summary>Sends a request once; after a failure the next goes to another member.</summary>
    /// <param name="request">Sends it.</param>
    /// <param name="timeoutMs">How long to wait for the answer.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="connectMs">How long to wait for a connection if there is none; 0: as long as for the answer.</param>
    /// <param name="limit">For errors: the setting that the time comes from.</param>
    /// <exception cref="RpcException">As etcd or the way to it failed.</exception>
    /// <exception cref="SessionException">StoreFailed: this etcd cannot be used at all.</exception>
    internal T TryOnce<T>(
        Func<EtcdClient, Metadata, CancellationToken, T> request, int timeoutMs, CancellationToken cancellation,
        int connectMs = 0, string limit = "")
    {
        int index = Volatile.Read(ref _current);
        EtcdMember member = _members[index];
        try
        {
            return WithToken(
                member, token => Send(member, token, request, timeoutMs, limit, cancellation),
                connectMs > 0 ? connectMs : timeoutMs, limit, cancellation);
        }
        catch (RpcException error) when (EtcdFailures.Of(error) is EtcdFailure.Unknown or EtcdFailure.Busy)
        {
            Interlocked.CompareExchange(ref _current, (index + 1) % _members.Count, index);
            throw;
        }
    }

    internal SessionException ToSessionException(RpcException error) =>
        EtcdFailures.ToSessionException(Name, error, _tokens.CanAsk);

    public void Dispose()
    {
        foreach (EtcdMember member in _members)
        {
            member.Dispose();
        }

        if (_ownsCredentials)
        {
            _credentials.Dispose();
        }
    }

    /// <summary>
    /// A refused token says that nothing was done, so the request is repeated with a new one. More than once, since users
    /// may be changed again meanwhile.
    /// </summary>
    private T WithToken<T>(
        EtcdMember member, Func<EtcdToken, T> send, int connectMs, string limit, CancellationToken cancellation)
    {
        EtcdToken? refused = null;
        for (int attempt = 1; ; attempt++)
        {
            EtcdToken token = AwaitReady(member, refused, connectMs, limit, cancellation);
            try
            {
                return send(token);
            }
            catch (RpcException error) when (
                EtcdFailures.Of(error) == EtcdFailure.TokenRefused && _tokens.CanAsk && attempt < Limits.EtcdTokenAttempts)
            {
                _tokens.Refuse(token);
                refused = token;
            }
        }
    }

    private static EtcdToken AwaitReady(
        EtcdMember member, EtcdToken? refused, int connectMs, string limit, CancellationToken cancellation)
    {
        EtcdToken token;
        do
        {
            try
            {
                token = member.ReadyAsync().WaitAsync(TimeSpan.FromMilliseconds(connectMs), cancellation).GetAwaiter().GetResult();
            }
            catch (TimeoutException)
            {
                throw member.Unreachable(
                    $"connecting takes longer than {connectMs} ms{limit}; it goes on in the background");
            }
            catch (OperationCanceledException)
            {
                throw member.Unreachable("nobody waits for it any more");
            }
        }
        // A preparation that had begun before may still give what was refused.
        while (token == refused);
        return token;
    }

    private static T Send<T>(
        EtcdMember member, EtcdToken token, Func<EtcdClient, Metadata, CancellationToken, T> request, int timeoutMs,
        string limit, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(timeoutMs);
        try
        {
            return request(member.Client, token.Headers, patience.Token);
        }
        catch (RpcException) when (patience.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new RpcException(new Status(
                StatusCode.DeadlineExceeded, $"no answer from {member.Endpoint} within {timeoutMs} ms{limit}"));
        }
    }
}
