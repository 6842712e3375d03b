using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master;

/// <summary>
/// What a master counts, for its <see cref="MasterStatistics"/> and the meter "Interop.Sessions.Master" (docs/dotnet.md). A message of
/// renewals costs two additions: no lock is taken.
/// </summary>
internal sealed class MasterMetrics : IDisposable
{
    private readonly Meter _meter = new("Interop.Sessions.Master");
    private readonly Counter<long>? _renewals;
    private readonly Counter<long>? _ended;
    private readonly Counter<long>? _granted;
    private readonly Counter<long>? _refused;
    private readonly Counter<long>? _denied;
    private readonly Counter<long>? _rightsFiles;
    private readonly Counter<long>? _leaderships;
    private readonly Histogram<double>? _commitTime;
    private readonly Histogram<double>? _hookTime;
    private readonly Histogram<double>? _renewalSlack;
    private readonly long[] _refusedOf = new long[Enum.GetValues<CallClass>().Length];
    private Func<MasterStatistics>? _look;
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
        _renewals = _meter.NewCounter("interop_sessions.master.renewals", "{renewal}", "Renewals that a master answered with a promise.");
        _granted = _meter.NewCounter(
            "interop_sessions.master.sessions_granted", "{session}", "Creates and re-attaches that a master granted.");
        _ended = _meter.NewCounter("interop_sessions.master.sessions_ended", "{session}", "Sessions that ended, by reason.");
        _leaderships = _meter.NewCounter(
            "interop_sessions.master.leaderships", "{change}", "Leaderships of this master that began and ended, by event.");
        _commitTime = MasterMeter.NewTimes(
            _meter, "interop_sessions.master.commit_time", "How long the store takes for a transaction, or to fail.");
        _hookTime = MasterMeter.NewTimes(_meter, "interop_sessions.master.hook_time", "How long the host's hooks take, by hook.");
        _renewalSlack = MasterMeter.NewTimes(
            _meter, "interop_sessions.master.renewal_slack", "What was left of a lease at the master when its renewal came.");
        _refused = _meter.NewCounter(
            "interop_sessions.master.refused_calls", "{call}", "Calls that a master refused, by request and status");
        _denied = _meter.NewCounter(
            "interop_sessions.master.denied", "{denial}", "Calls and renewals whose caller may not, by right and status.");
        _rightsFiles = _meter.NewCounter(
            "interop_sessions.master.rights_files", "{change}", "Changes of the files of rules and tokens, by file and outcome.");
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
        OthersRefused = Volatile.Read(ref _refusedOf[(int)CallClass.Other]) + Volatile.Read(ref _refusedOf[(int)CallClass.Watch]),
        Overloaded = Volatile.Read(ref _overloaded),
        Commits = Volatile.Read(ref _commits),
        CommitsFailed = Volatile.Read(ref _commitsFailed),
        LastCommitNs = Volatile.Read(ref _lastCommitNs),
        LongestCommitNs = Volatile.Read(ref _longestCommitNs),
    };

    /// <summary>The same, and how the master stands.</summary>
    internal MasterStatistics Seen => _look?.Invoke() ?? Statistics;

    /// <summary>Has somebody asked for <see cref="NoteSlack"/>? Else nobody need collect it.</summary>
    internal bool WantsSlack => _renewalSlack is { Enabled: true };

    /// <summary>Shows how the master stands, too, whenever somebody looks.</summary>
    internal void Observe(Func<MasterStatistics> look)
    {
        _look = look;
        MasterMeter.Observe(_meter, look);
    }

    /// <summary>A leadership of this master has begun, or ended.</summary>
    internal void NoteLeadership(bool begins) =>
        _leaderships.Count(1, new KeyValuePair<string, object?>("event", begins ? "began" : "ended"));

    /// <summary>A hook has returned, or thrown.</summary>
    internal void NoteHook(string name, long tookNs) => _hookTime.NoteNs(tookNs, new KeyValuePair<string, object?>("hook", name));

    /// <summary>So much was left of leases when their renewals came.</summary>
    internal void NoteSlack(List<long> leftNs) => leftNs.ForEach(left => _renewalSlack.NoteNs(left));

    /// <summary>A message of renewals was answered.</summary>
    internal void NoteRenewals(int renewed, int refused)
    {
        Interlocked.Add(ref _renewed, renewed);
        Interlocked.Add(ref _renewalsRefused, refused);
        _renewals.Count(renewed);
    }

    internal void NoteGranted()
    {
        Interlocked.Increment(ref _sessionsGranted);
        _granted.Count(1);
    }

    internal void NoteEnded(SessionEndReason reason)
    {
        Interlocked.Increment(ref _sessionsEnded);
        if (_ended is { Enabled: true })
        {
            _ended.Count(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
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

        _refused.Count(1, new("request", request), new("status", status.ToString()));
    }

    /// <summary>A caller may not; no right: it is not known who it is, or what it asks for.</summary>
    internal void NoteDenied(Right? right, SessionStatus status) =>
        _denied.Count(1, new("right", right?.Word() ?? "any"), new("status", status.ToString()));

    /// <summary>A file of rules or tokens has changed.</summary>
    internal void NoteRightsFile(string content, bool isInForce) =>
        _rightsFiles.Count(1, new("file", content), new("outcome", isInForce ? "in_force" : "refused"));

    /// <summary>The store has taken a transaction, or failed; by one thread at a time.</summary>
    internal void NoteCommit(long tookNs, bool isTaken)
    {
        Interlocked.Increment(ref isTaken ? ref _commits : ref _commitsFailed);
        Volatile.Write(ref _lastCommitNs, tookNs);
        Volatile.Write(ref _longestCommitNs, Math.Max(_longestCommitNs, tookNs));
        _commitTime.NoteNs(tookNs);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
