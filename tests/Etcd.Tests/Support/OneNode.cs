using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

[assembly: SupportedOSPlatform("linux")]
[assembly: AssemblyFixture(typeof(Interop.Sessions.Etcd.Tests.Support.OneNode))]

namespace Interop.Sessions.Etcd.Tests.Support;

/// <summary>One etcd for all tests that do not break it; each test takes a prefix of its own.</summary>
public sealed class OneNode : IDisposable
{
    private readonly EtcdCluster _cluster = new();
    private int _prefixes;

    internal string Endpoints => _cluster.Endpoints;

    internal int Port => _cluster.Nodes[0].Port;

    internal EtcdOptions NewOptions(uint leaderTermMs = Limits.MinLeaderTermMs) => new()
    {
        Insecure = Insecure.Loopback,
        Endpoints = Endpoints,
        // With an end of its own: a test that makes a neighbour of it must not make that of another test.
        Prefix = $"/test/{Interlocked.Increment(ref _prefixes)}/own",
        LeaderTermMs = leaderTermMs,
    };

    public void Dispose() => _cluster.Dispose();
}

/// <summary>What a master is to etcd: a connection, an election, a store.</summary>
internal sealed class Contender : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();

    /// <param name="options">Which etcd.</param>
    /// <param name="address">Its own, for the others.</param>
    /// <param name="logger">Where it logs.</param>
    /// <param name="mayCreate">May it begin a new cluster?</param>
    /// <param name="isConnected">Dial now: on a loaded machine that takes longer than one request of a candidate may.</param>
    internal Contender(
        EtcdOptions options, string address = "127.0.0.1:1", ILogger? logger = null, bool isConnected = true,
        bool mayCreate = true)
    {
        Connection = new EtcdConnection(options);
        if (isConnected)
        {
            Dial();
        }

        Leadership = new EtcdLeadership(
            Connection, options, address, Limits.DefaultClockRateBoundPpm, Progress, logger ?? NullLogger.Instance);
        Store = new EtcdSessionStore(
            Connection, () => Leadership.Fence, mayCreate, Progress, logger ?? NullLogger.Instance, _abandoned.Token);
    }

    internal EtcdConnection Connection { get; }

    internal WriteProgress Progress { get; } = new();

    internal EtcdLeadership Leadership { get; }

    internal EtcdSessionStore Store { get; }

    internal bool MayAct => Leadership.MayAct(BootClock.NowNs);

    /// <summary>Wins and loads.</summary>
    internal StoreSnapshot Lead() => Lead(Stored.LeadNow());

    /// <summary>Wins, and loads at another time of the wall clock.</summary>
    internal StoreSnapshot Lead(LeadRequest request)
    {
        Assert.True(Leadership.TryWin());
        return Store.Lead(request);
    }

    private void Dial()
    {
        try
        {
            Connection.Ask(
                (client, headers, cancellation) => client.Status(new StatusRequest(), headers, null, cancellation), 20_000, default);
        }
        catch (SessionException)
        {
            // The test's own first request will say the same.
        }
    }

    /// <summary>What a person does who deletes everything below the prefix.</summary>
    internal void DeleteAll()
    {
        ByteString start = ByteString.CopyFromUtf8(Connection.Keys.Prefix + "/");
        Connection.Ask(
            (client, headers, cancellation) => client.Delete(
                new DeleteRangeRequest { Key = start, RangeEnd = EtcdKeys.EndOf(start) }, headers, null, cancellation),
            1000, default);
    }

    /// <summary>All that etcd has of a session.</summary>
    internal IEnumerable<Mvccpb.KeyValue> Folder(ulong sessionId)
    {
        ByteString start = ByteString.CopyFromUtf8(Connection.Keys.FolderOf(sessionId));
        return Connection.Ask(
            (client, headers, cancellation) => client.Get(
                new RangeRequest { Key = start, RangeEnd = EtcdKeys.EndOf(start) }, headers, null, cancellation),
            5000, default).Kvs;
    }

    internal int Count(ulong sessionId) => Folder(sessionId).Count();

    internal void Abandon() => _abandoned.Cancel();

    public void Dispose()
    {
        Leadership.Dispose();
        Connection.Dispose();
        _abandoned.Dispose();
    }
}
