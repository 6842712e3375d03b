using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Commands;

/// <summary>
/// Backup and restore: a store's content as JSON lines, from SQLite or etcd, into SQLite or etcd. An export has the hashes
/// by which masters know secrets and nonces: a person who can read it can act as none of the holders.
/// </summary>
public static class StoreTransfer
{
    /// <summary>
    /// Writes everything that is stored. SQLite: its master must be stopped. etcd: masters go on; it is read as it was at
    /// one moment.
    /// </summary>
    /// <param name="options">The store.</param>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="logger">Where progress goes.</param>
    /// <returns>How many sessions, items and access points.</returns>
    /// <exception cref="SessionException">InvalidArgument or Store*.</exception>
    public static long Export(SessionMasterOptions options, Stream output, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        options.ValidateStore(Spelling.C);
        if (options.Etcd is { } etcd)
        {
            using EtcdConnection connection = new(etcd);
            return Write(EtcdSessionStore.Read(connection, logger), output, logger);
        }

        RequireFile(options.StorePath);
        using SqliteSessionStore store = new(options.StorePath, options.StoreMaxBytes, create: false, logger);
        return Write(store.Read(), output, logger);
    }

    /// <summary>
    /// Fills an empty store with what was exported; its master must be stopped, of elected masters all. Sessions live on:
    /// the next leader gives each the term that it was promised, from when it begins to lead. No master leads on the store, and
    /// nothing exports it, before all of it is there; an import that was interrupted is repeated.
    /// </summary>
    /// <param name="options">The store.</param>
    /// <param name="input">The lines.</param>
    /// <param name="logger">Where progress goes.</param>
    /// <returns>How many sessions, items and access points.</returns>
    /// <exception cref="SessionException">InvalidArgument, with the number of the line; NotLeader; Store*.</exception>
    public static long Import(SessionMasterOptions options, Stream input, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(input);
        options.ValidateStore(Spelling.C);
        // All of it is checked before the store is touched.
        (StateRecord state, List<StoreChange> content) = ExportReader.Read(input, logger);
        MasterLog.NoteFormat(logger, "the export", state.StoreFormat);
        if (options.Etcd is { } etcd)
        {
            using EtcdConnection connection = new(etcd);
            FillEtcd(connection, etcd, options.ClockRateBoundPpm, isImport: true, state, content, logger);
        }
        else
        {
            using SqliteSessionStore store = SqliteSessionStore.OpenForImport(options.StorePath, options.StoreMaxBytes, logger);
            Fill(store, store.BeginImport, state, content, logger);
        }

        return content.Count;
    }

    /// <summary>Makes an empty store where there is none: the beginning of a new cluster.</summary>
    /// <param name="options">The store.</param>
    /// <param name="logger">Where progress goes.</param>
    /// <exception cref="SessionException">InvalidArgument: there is a store already; NotLeader; Store*.</exception>
    public static void Create(SessionMasterOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ValidateStore(Spelling.C);
        if (options.Etcd is not { } etcd)
        {
            if (File.Exists(options.StorePath) && new FileInfo(options.StorePath).Length > 0)
            {
                throw IsThere(options.StorePath);
            }

            new SqliteSessionStore(options.StorePath, options.StoreMaxBytes, create: true, logger).Dispose();
            return;
        }

        using EtcdConnection connection = new(etcd);
        if (Exists(connection, logger))
        {
            throw IsThere($"{connection.Name}, prefix {connection.Keys.Prefix}");
        }

        // Nothing can be half there of a cluster in which there is nothing: killed in between, this one has begun.
        FillEtcd(
            connection, etcd, options.ClockRateBoundPpm, isImport: false, new StateRecord { MasterEpoch = 0, Revision = 0 }, [], logger);
    }

    /// <summary>Makes a SQLite file and fills it, as an import does; what could not be filled is removed.</summary>
    internal static void FillNew(string path, StateRecord state, List<StoreChange> content, ILogger logger)
    {
        try
        {
            using SqliteSessionStore store = SqliteSessionStore.OpenForImport(path, 0, logger);
            Fill(store, store.BeginImport, state, content, logger);
        }
        catch
        {
            File.Delete(path);
            File.Delete(path + "-wal");
            throw;
        }
    }

    private static SessionException IsThere(string store) =>
        new(SessionStatus.InvalidArgument, $"store '{store}' exists already");

    private static void FillEtcd(
        EtcdConnection connection, EtcdOptions etcd, uint rateBoundPpm, bool isImport, StateRecord state, List<StoreChange> content,
        ILogger logger)
    {
        WriteProgress progress = new();
        using EtcdLeadership leadership = new(connection, etcd, "a command", rateBoundPpm, progress, logger);
        Win(leadership, etcd, logger);
        EtcdSessionStore store = new(connection, () => leadership.Fence, mayCreate: true, progress, logger, default);
        Func<LeadRequest, StoreSnapshot> begin = isImport ? store.BeginImport : store.Lead;
        Fill(store, begin, state, content, logger);
    }

    /// <summary>Keeps masters and other commands away from a prefix.</summary>
    /// <exception cref="SessionException">NotLeader: one of them is at work there; or Store*.</exception>
    internal static void Win(EtcdLeadership leadership, EtcdOptions etcd, ILogger logger)
    {
        if (Patiently(leadership.TryWin, logger))
        {
            return;
        }

        // A command has no address.
        throw new SessionException(SessionStatus.NotLeader, leadership.Hint is { } hint
            ? $"a master leads at {hint}: stop all masters of prefix {etcd.Prefix} first"
            : $"another command has prefix {etcd.Prefix}, or a master that was just elected: stop all masters, wait until the command " +
              $"has ended, or for {etcd.LeaderTermMs} ms if it was killed, and run this one again");
    }

    /// <summary>Is there a store? Asked until etcd answers.</summary>
    internal static bool Exists(EtcdConnection etcd, ILogger logger) => Patiently(() => EtcdSessionStore.Exists(etcd), logger);

    // A master asks again for as long as it lives; a person who runs a command wants to hear what is wrong.
    private static bool Patiently(Func<bool> ask, ILogger logger)
    {
        long deadlineNs = BootTime.OfMachine.NowNs + Ns.FromMs(Limits.EtcdPatienceMs);
        while (true)
        {
            try
            {
                return ask();
            }
            catch (SessionException failure) when (
                failure.Status == SessionStatus.StoreFailed && BootTime.OfMachine.NowNs < deadlineNs)
            {
                MasterLog.LeadershipFailed(logger, failure.Status, failure.Message);
                Thread.Sleep(Limits.LeadershipRetryMs);
            }
        }
    }

    private static void Fill(
        ISessionStore store, Func<LeadRequest, StoreSnapshot> begin, StateRecord state, List<StoreChange> content, ILogger logger)
    {
        StoreSnapshot found = begin(new LeadRequest
        {
            UnixMs = WallClock.UnixMs,
            MasterEpochAbove = state.MasterEpoch,
            MinReader = state.StoreFormat.MinReader,
        });
        if (found.Content.Any())
        {
            // An import has looked before it began; a new cluster may be another's since it was looked for.
            throw StoreTexts.NotEmpty("the store");
        }

        // What the export's holders have heard since is not known: the next leader waits until all of it is over.
        StoreChange restored = new StoreChange.PutState(state.LengthenedTermMs, IsRestored: true);
        ulong revision = Math.Max(state.Revision, found.Revision);
        store.Commit([restored, .. content.Select(WithoutMark)], revision);
        MasterLog.Imported(logger, content.Count, state.MasterEpoch, state.Revision, found.MasterEpoch, revision);
    }

    private static long Write(StoreSnapshot snapshot, Stream output, ILogger logger)
    {
        MasterLog.NoteFormat(logger, "the store", snapshot.Format);
        return ExportWriter.Write(snapshot, output, logger);
    }

    // The holder was silent when the export was made, and may have been heard since.
    private static StoreChange WithoutMark(StoreChange put) =>
        put is StoreChange.PutSession session ? session with { SuspectMs = null } : put;

    // Opening would create it.
    private static void RequireFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new SessionException(SessionStatus.StoreFailed, $"store '{path}' does not exist");
        }
    }
}
