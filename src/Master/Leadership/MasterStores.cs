using System;
using System.IO;
using System.Threading;
using Etcdserverpb;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Leadership;

/// <summary>The store and the leadership that the options ask for.</summary>
internal sealed class MasterStores : IDisposable
{
    private readonly SessionMasterOptions _options;
    private readonly ILogger _logger;
    private readonly BootTime _time;
    private readonly EtcdConnection? _etcd;
    private EtcdConnection? _election;
    private readonly WriteProgress _progress = new();
    private readonly string _path;
    private Func<Compare>? _fence;
    private bool _mayCreate;

    /// <exception cref="SessionException">InvalidArgument: a certificate file cannot be read.</exception>
    internal MasterStores(SessionMasterOptions options, ILogger logger, BootTime time)
    {
        _options = options;
        _logger = logger;
        _time = time;
        // Now: a host that changes its folder later means the same file.
        _path = options.StorePath.Length == 0 ? "" : Path.GetFullPath(options.StorePath);
        _mayCreate = options.CreateStore;
        _etcd = options.Etcd == null ? null : new EtcdConnection(options.Etcd, logger, time);
    }

    /// <summary>What says whether this master leads.</summary>
    internal ILeadership NewLeadership(HostWatch host)
    {
        if (_options.Leadership == LeadershipSource.Host)
        {
            _fence = NobodyIsElected;
            return new HostLeadership(host, _options.ClockRateBoundPpm, _time);
        }

        if (_etcd == null)
        {
            return new SoleLeadership(_options.ClockRateBoundPpm);
        }

        string address = _options.AdvertiseAddress.Length > 0 ? _options.AdvertiseAddress : _options.ListenAddress;
        // A connection of its own: a renewal must not stand behind what the store loads or writes.
        _election = _etcd.Another();
        EtcdLeadership leadership = new(
            _election, _options.Etcd!, address, _options.ClockRateBoundPpm, _progress, _logger);
        _fence = () => leadership.Fence;
        return leadership;
    }

    /// <summary>Opens the store for one leadership.</summary>
    /// <param name="abandoned">Cancelled when no caller waits for the store any more.</param>
    /// <exception cref="SessionException">Store*.</exception>
    internal ISessionStore Open(CancellationToken abandoned) => _etcd == null
        ? new SqliteSessionStore(_path, _options.StoreMaxBytes, _mayCreate, _logger)
        : new EtcdSessionStore(_etcd, _fence!, _mayCreate, _progress, _logger, abandoned);

    /// <summary>There is a store now: should that be lost, a new one was not asked for.</summary>
    internal void NoteLed() => _mayCreate = false;

    public void Dispose()
    {
        _election?.Dispose();
        _etcd?.Dispose();
    }

    // Where the host elects, the number in the state is the fence; and no master may be elected in etcd.
    private Compare NobodyIsElected() => new()
    {
        Key = _etcd!.Keys.Leader,
        Target = Compare.Types.CompareTarget.Create,
        Result = Compare.Types.CompareResult.Equal,
        CreateRevision = 0,
    };
}
