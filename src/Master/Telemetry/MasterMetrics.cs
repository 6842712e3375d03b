using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Threading;

namespace Interop.Sessions.Master;

/// <summary>
/// What a master counts, for its <see cref="MasterStatistics"/> and the meter "Interop.Sessions.Master" (docs/dotnet.md). A message of
/// renewals costs two additions: no lock is taken.
/// </summary>
internal sealed class MasterMetrics : IDisposable
{
    private readonly Meter _meter = new("Interop.Sessions.Master");
    private readonly Counter<long> _renewals;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _granted;
    private readonly Counter<long> _refused;
    private readonly Histogram<double> _commitTime;
    private readonly long[] _refusedOf = new long[Enum.GetValues<CallClass>().Length];
    private long _renewed;
    private long _renewalsRefused;
    private long _sessionsGranted;
    private long _sessionsEnded;
    private long _overloaded;
    private long _commits;
    private long _commitsFailed;
    private long _lastCommitNs;
    private long _longestCommitNs;

    internal MasterMetrics()
    {
        _renewals = _meter.CreateCounter<long>("interop_sessions.master.renewals", "{renewal}", "Renewals that a master answered with a promise.");
        _granted = _meter.CreateCounter<long>(
            "interop_sessions.master.sessions_granted", "{session}", "Creates and re-attaches that a master granted.");
        _ended = _meter.CreateCounter<long>("interop_sessions.master.sessions_ended", "{session}", "Sessions that ended, by reason.");
        _commitTime = _meter.CreateHistogram<double>(
            "interop_sessions.master.commit_time", "s", "How long the store takes for a transaction, or to fail.");
        _refused = _meter.CreateCounter<long>(
            "interop_sessions.master.refused_calls", "{call}", "Calls that a master refused, by request and status");
    }

    /// <summary>What the master has counted so far.</summary>
    internal MasterStatistics Statistics => new()
    {
        Renewed = Volatile.Read(ref _renewed),
        RenewalsRefused = Volatile.Read(ref _renewalsRefused),
        SessionsGranted = Volatile.Read(ref _sessionsGranted),
        SessionsEnded = Volatile.Read(ref _sessionsEnded),
        CreatesRefused = Volatile.Read(ref _refusedOf[(int)CallClass.Create]),
        ListsRefused = Volatile.Read(ref _refusedOf[(int)CallClass.List]),
        StreamsRefused = Volatile.Read(ref _refusedOf[(int)CallClass.KeepAlive]),
        OthersRefused = Volatile.Read(ref _refusedOf[(int)CallClass.Other]),
        Overloaded = Volatile.Read(ref _overloaded),
        Commits = Volatile.Read(ref _commits),
        CommitsFailed = Volatile.Read(ref _commitsFailed),
        LastCommitNs = Volatile.Read(ref _lastCommitNs),
        LongestCommitNs = Volatile.Read(ref _longestCommitNs),
    };

    /// <summary>A message of renewals was answered.</summary>
    internal void NoteRenewals(int renewed, int refused)
    {
        Interlocked.Add(ref _renewed, renewed);
        Interlocked.Add(ref _renewalsRefused, refused);
        _renewals.Add(renewed);
    }

    internal void NoteGranted()
    {
        Interlocked.Increment(ref _sessionsGranted);
        _granted.Add(1);
    }

    internal void NoteEnded(SessionEndReason reason)
    {
        Interlocked.Increment(ref _sessionsEnded);
        if (_ended.Enabled)
        {
            _ended.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
        }
    }

    /// <summary>A call was refused.</summary>
    internal void NoteRefused(CallClass call, string request, SessionStatus status)
    {
        Interlocked.Increment(ref _refusedOf[(int)call]);
        if (status == SessionStatus.Overloaded)
        {
            Interlocked.Increment(ref _overloaded);
        }

        _refused.Add(1, new("request", request), new("status", status.ToString()));
    }

    /// <summary>The store has taken a transaction, or failed; by one thread at a time.</summary>
    internal void NoteCommit(long tookNs, bool isTaken)
    {
        Interlocked.Increment(ref isTaken ? ref _commits : ref _commitsFailed);
        Volatile.Write(ref _lastCommitNs, tookNs);
        Volatile.Write(ref _longestCommitNs, Math.Max(_longestCommitNs, tookNs));
        _commitTime.Record(Ns.ToSeconds(tookNs));
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
