using System;
using System.Collections.Generic;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Store.Sqlite;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Commands;

/// <summary>Finds, and sets aside, what keeps a master from beginning to lead on a store.</summary>
public static class StoreCheck
{
    /// <summary>Finds all rows that make no sense; the store's masters must be stopped.</summary>
    /// <param name="options">The store.</param>
    /// <param name="logger">Where progress goes.</param>
    /// <exception cref="SessionException">InvalidArgument; or Store*: it is damaged beyond single rows.</exception>
    public static IReadOnlyList<StoreFault> Find(SessionMasterOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ValidateStore(Spelling.C);
        if (options.Etcd is { } etcd)
        {
            using EtcdConnection connection = new(etcd);
            StoreTransfer.Exists(connection, logger);
            return EtcdFaults.Find(connection, logger);
        }

        using SqliteSessionStore store = Open(options, logger);
        return store.FindFaults();
    }

    /// <summary>As <see cref="Find"/>, and removes them durably.</summary>
    /// <param name="options">The store.</param>
    /// <param name="keep">Saves them; called before anything is removed, and not if there is nothing.</param>
    /// <param name="logger">Where progress goes.</param>
    /// <exception cref="SessionException">As of Find.</exception>
    public static IReadOnlyList<StoreFault> Salvage(
        SessionMasterOptions options, Action<IReadOnlyList<StoreFault>> keep, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(keep);
        options.ValidateStore(Spelling.C);
        if (options.Etcd is { } etcd)
        {
            using EtcdConnection connection = new(etcd);
            return EtcdFaults.Salvage(connection, etcd, options.ClockRateBoundPpm, keep, logger);
        }

        using SqliteSessionStore store = Open(options, logger);
        IReadOnlyList<StoreFault> faults = store.FindFaults();
        if (faults.Count > 0)
        {
            keep(faults);
            store.Remove(faults);
        }

        return faults;
    }

    private static SqliteSessionStore Open(SessionMasterOptions options, ILogger logger) =>
        new(options.StorePath, options.StoreMaxBytes, create: false, logger);
}
