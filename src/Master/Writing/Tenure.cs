using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Writing;

/// <summary>
/// One leadership of this master from its beginning to its end: the table that was loaded for the leadership, and its writer.
/// The memory of a tenure is worth nothing to the next.
/// </summary>
internal sealed class Tenure : IDisposable
{
    private static ulong s_last;

    private readonly ISessionStore _store;
    private readonly SessionTable _table;
    private readonly Lock _tableLock = new();
    private readonly CommitQueue _commits;
    private readonly CancellationTokenSource _abandoned;
    private readonly StoreLooks _looks;
    private readonly ITimer _beat;
    private readonly ClearedSuspects _clears;

    /// <param name="store">Led already; the tenure's own from now on.</param>
    /// <param name="makeTable">Loads the table of what the store gave.</param>
    /// <param name="mayAct">May what is read be answered at a time?</param>
    /// <param name="mayExpire">May a session be expired at a time?</param>
    /// <param name="onEnded">A session's end is durable.</param>
    /// <param name="abandoned">Cancelled when the store shall wait no longer for an outcome.</param>
    /// <param name="metrics">Counts commits.</param>
    /// <param name="logger">Where store failures go.</param>
    /// <param name="time">By which its leases run.</param>
    internal Tenure(
        ISessionStore store, Func<SessionTable> makeTable, Func<long, bool> mayAct, Func<long, bool> mayExpire,
        Action<Tenure, EndedSession> onEnded, CancellationTokenSource abandoned, MasterMetrics metrics, ILogger logger, BootTime time)
    {
        _store = store;
        _abandoned = abandoned;
        _looks = new StoreLooks(store, time);
        TimeSpan pause = TimeSpan.FromMilliseconds(Limits.BeatMs);
        _beat = time.CreateTimer(_ => _looks.Beat(time.NowNs), null, pause, pause);
        try
        {
            _table = makeTable();
            WriteStanding standing = new(store, mayAct, mayExpire);
            _commits = new CommitQueue(_table, _tableLock, store, standing, end => onEnded(this, end), metrics, logger, time);
            _clears = new ClearedSuspects(_commits);
        }
        catch
        {
            _beat.Dispose();
            throw;
        }
    }

    /// <summary>Its number. Two of this master have the same where its host takes its own leadership up again.</summary>
    internal ulong MasterEpoch => _table.MasterEpoch;

    /// <summary>By which its hooks are known: no other of the process has it.</summary>
    internal ulong HookNumber { get; } = Interlocked.Increment(ref s_last);

    /// <summary>Why it has ended, for people.</summary>
    internal string EndReason { get; set; } = "";

    /// <summary>T_max of this master.</summary>
    internal uint LongestTermMs => _table.LongestTermMs;

    /// <inheritdoc cref="SessionTable.ClockRateBoundPpm"/>
    internal uint ClockRateBoundPpm => _table.ClockRateBoundPpm;

    /// <summary>How many sessions it began with or has.</summary>
    internal int Count => _table.Count;

    /// <inheritdoc cref="OperationQueue.Waiting"/>
    internal (int Operations, long Bytes) Waiting => _commits.Waiting;

    /// <summary>Has its store said that another leads, left open what it has taken, or got lost?</summary>
    internal bool IsOver => _commits.IsOver;

    /// <inheritdoc cref="WatchBell.Next"/>
    internal Task NextChange => _commits.Bell.Next;

    /// <summary>Changes the table; done when the change is durable.</summary>
    internal Task<T> WriteAsync<T>(Func<SessionTable, T> decide, CancellationToken awaited = default) =>
        _commits.WriteAsync(decide, awaited);

    /// <summary>As <see cref="WriteAsync{T}(Func{SessionTable, T}, CancellationToken)"/>, of a change that answers nothing.</summary>
    internal Task<bool> WriteAsync(Action<SessionTable> decide, CancellationToken awaited = default) => WriteAsync(
        table =>
        {
            decide(table);
            return true;
        },
        awaited);

    /// <summary>As <see cref="WriteAsync{T}(Func{SessionTable, T}, CancellationToken)"/>, of a change that brings so many bytes.</summary>
    internal Task<T> WriteAsync<T>(Func<SessionTable, T> decide, long bytes, CancellationToken awaited) =>
        _commits.WriteAsync(decide, bytes, awaited);

    /// <summary>Looks at what is durable, behind what waits for the store.</summary>
    internal Task<T> ReadAsync<T>(Func<SessionTable, T> decide, CancellationToken awaited = default) =>
        _commits.ReadAsync(decide, awaited);

    /// <inheritdoc cref="WritePath.TryLook"/>
    internal bool TryLook<T>(Func<SessionTable, bool> isSettled, Func<SessionTable, T> look, out T? seen) =>
        _commits.TryLook(isSettled, look, out seen);

    /// <summary>Looks at once at what the table shows as durable, whatever is being committed.</summary>
    internal T Look<T>(Func<SessionTable, T> look)
    {
        TryLook(_ => true, look, out T? seen);
        return seen!;
    }

    /// <summary>What the table knows, whether or not this master may act: for hooks, which are told what was decided before.</summary>
    internal T Read<T>(Func<SessionTable, T> read)
    {
        lock (_tableLock)
        {
            return read(_table);
        }
    }

    /// <summary>Looks at what is durable: at once, unless what is being committed may change it.</summary>
    internal Task<T> LookAsync<T>(
        Func<SessionTable, bool> isSettled, Func<SessionTable, T> look, CancellationToken awaited = default) =>
        TryLook(isSettled, look, out T? seen) ? Task.FromResult(seen!) : ReadAsync(look, awaited);

    /// <inheritdoc cref="ClearedSuspects.ClearAsync"/>
    internal Task<SessionStatus> ClearSuspectAsync(SessionKey key) => _clears.ClearAsync(key);

    /// <summary>Renews one after the other, in memory.</summary>
    internal void KeepAlive(
        IReadOnlyList<AskedKey> keys, long receivedNs, string peer, Action<AskedKey, KeepAliveVerdict> onVerdict)
    {
        lock (_tableLock)
        {
            foreach (AskedKey key in keys)
            {
                onVerdict(key, _table.KeepAlive(key.Key, receivedNs, peer));
            }
        }
    }

    /// <summary>Looks whether its store is still there; on the thread of the leadership.</summary>
    internal void Look() => _looks.Look();

    /// <inheritdoc cref="StoreLooks.MayAct"/>
    internal bool IsSeen(long nowNs) => !_store.IsWatched || _looks.MayAct(nowNs);

    /// <summary>Why its store cannot be seen; null: it can.</summary>
    internal string? Blindness => _looks.Blindness;

    /// <summary>How sessions stand, one after the other, without renewing them.</summary>
    /// <param name="keys">Which.</param>
    /// <param name="gateClosed">Those of them whose hosts do not vouch for themselves.</param>
    /// <param name="onStanding">Told of each.</param>
    internal void Inquire(IReadOnlyList<AskedKey> keys, IReadOnlySet<ulong> gateClosed, Action<AskedKey, SessionStatus, string> onStanding)
    {
        lock (_tableLock)
        {
            foreach (AskedKey key in keys)
            {
                onStanding(key, _table.Inquire(key.Key, gateClosed.Contains(key.Key.SessionId), out string text), text);
            }
        }
    }

    /// <summary>Nobody could renew until now.</summary>
    internal void ExtendAll(long nowNs)
    {
        lock (_tableLock)
        {
            _table.ExtendAll(nowNs);
        }
    }

    /// <summary>The leadership is lost: what waits is refused.</summary>
    internal void Abandon()
    {
        _commits.EndLeadership();
        _abandoned.Cancel();
    }

    /// <summary>Finishes what waits, in bounded time, and closes the store.</summary>
    public void Dispose()
    {
        _beat.Dispose();
        try
        {
            _abandoned.CancelAfter(Limits.StopTimeoutMs);
        }
        finally
        {
            EndCommits();
        }

        _abandoned.Dispose();
    }

    // A store that is not closed is this process's, which then never leads again.
    private void EndCommits()
    {
        try
        {
            _commits.Dispose();
        }
        finally
        {
            _store.Dispose();
        }
    }
}
