using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using dotnet_etcd;
using Etcdserverpb;
using Grpc.Core;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>The cluster: one request at one member at a time, the next member after a failure. Any thread.</summary>
internal sealed class EtcdConnection : IDisposable
{
    private readonly EtcdOptions _options;
    private readonly IReadOnlyList<EtcdMember> _members;
    private int _current;
    private volatile string? _token;

    /// <exception cref="SessionException">InvalidArgument: a certificate file cannot be read.</exception>
    internal EtcdConnection(EtcdOptions options)
    {
        _options = options;
        _members = [.. options.Members.Select(member => new EtcdMember(member, options))];
        Keys = new EtcdKeys(options.Prefix);
    }

    internal EtcdKeys Keys { get; }

    /// <summary>For errors: which etcd.</summary>
    internal string Name => $"etcd at {_options.Endpoints}";

    /// <summary>Sends a request that may be sent twice, to each member once if need be.</summary>
    /// <exception cref="SessionException">Store*.</exception>
    internal T Ask<T>(Func<EtcdClient, Metadata, CancellationToken, T> request, int timeoutMs, CancellationToken cancellation)
    {
        RpcException? last = null;
        for (int attempt = 0; attempt < _members.Count; attempt++)
        {
            try
            {
                return TryOnce(request, timeoutMs, cancellation);
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
    /// <exception cref="RpcException">As etcd or the way to it failed.</exception>
    /// <exception cref="SessionException">StoreFailed: this etcd cannot be used at all.</exception>
    internal T TryOnce<T>(
        Func<EtcdClient, Metadata, CancellationToken, T> request, int timeoutMs, CancellationToken cancellation)
    {
        int index = Volatile.Read(ref _current);
        EtcdMember member = _members[index];
        try
        {
            return WithToken(member, request, timeoutMs, cancellation);
        }
        catch (RpcException error) when (EtcdFailures.Of(error) is EtcdFailure.Unknown or EtcdFailure.Busy)
        {
            Interlocked.CompareExchange(ref _current, (index + 1) % _members.Count, index);
            throw;
        }
    }

    internal SessionException ToSessionException(RpcException error) =>
        EtcdFailures.ToSessionException(Name, error);

    public void Dispose()
    {
        foreach (EtcdMember member in _members)
        {
            member.Dispose();
        }
    }

    private T WithToken<T>(
        EtcdMember member, Func<EtcdClient, Metadata, CancellationToken, T> request, int timeoutMs,
        CancellationToken cancellation)
    {
        try
        {
            return Send(member, request, timeoutMs, cancellation);
        }
        catch (RpcException error) when (EtcdFailures.Of(error) == EtcdFailure.TokenExpired && _token != null)
        {
            // Members forget tokens after some minutes and when they restart.
            _token = null;
            return Send(member, request, timeoutMs, cancellation);
        }
    }

    private T Send<T>(
        EtcdMember member, Func<EtcdClient, Metadata, CancellationToken, T> request, int timeoutMs,
        CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(timeoutMs);
        if (_options.Username.Length > 0)
        {
            _token ??= member.Client.Authenticate(
                new AuthenticateRequest { Name = _options.Username, Password = _options.Password }, null, null, patience.Token)
                .Token;
        }

        Metadata headers = [];
        if (_token is { } token)
        {
            headers.Add("token", token);
        }

        member.RequireUsable(headers, patience.Token);
        return request(member.Client, headers, patience.Token);
    }
}
