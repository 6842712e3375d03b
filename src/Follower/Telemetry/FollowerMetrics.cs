using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower;

/// <summary>
/// What one follower counts, for its <see cref="FollowerStatistics"/> and the meter "Interop.Sessions.Follower" (docs/dotnet.md). A
/// renewal costs some additions: no lock is taken and nothing is allocated unless a listener is there.
/// </summary>
/// <param name="identity">The tag of all that the follower counts.</param>
/// <param name="all">What all followers of the manager count.</param>
internal sealed class FollowerMetrics(string identity, FollowerCounts? all = null)
{
    /// <summary>The meter's name.</summary>
    internal const string MeterName = "Interop.Sessions.Follower";

    private const string Identity = "identity";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long>? s_renewals = s_meter.NewCounter(
        "interop_sessions.follower.renewals", "{renewal}", "Renewals, and questions of a holder that refuses, that were sent.");

    private static readonly Counter<long>? s_late = s_meter.NewCounter(
        "interop_sessions.follower.late_answers", "{answer}", "Answers that took longer than the interval of renewals.");

    private static readonly Histogram<double>? s_gap = Instruments.Make(() => s_meter.CreateHistogram<double>(
        "interop_sessions.follower.renewal_gap", "s",
        "Time from one answer that prolonged the lease to the next; the lease's term is what it must stay below."));

    private static readonly Counter<long>? s_lost = s_meter.NewCounter(
        "interop_sessions.follower.sessions_lost", "{session}", "Sessions that were lost, by reason.");

    private readonly KeyValuePair<string, object?> _identity = new(Identity, identity);
    private readonly FollowerCounts _counts = new(all);
    private long _renewedNs;
    private long _longestGapNs;

    /// <summary>What the follower has counted so far.</summary>
    internal FollowerStatistics Statistics => _counts.AddTo(new FollowerStatistics
    {
        LastRenewedNs = Volatile.Read(ref _renewedNs),
        LongestGapNs = Volatile.Read(ref _longestGapNs),
    });

    /// <summary>A session began: the next gap counts from here.</summary>
    internal void NoteGranted(long nowNs)
    {
        Volatile.Write(ref _renewedNs, nowNs);
        _counts.NoteGranted();
    }

    internal void NoteRenewal(bool isInquiry)
    {
        _counts.NoteSent(isInquiry);
        s_renewals.Count(1, _identity, new KeyValuePair<string, object?>("kind", isInquiry ? "inquiry" : "renewal"));
    }

    internal void NoteAnswer(JudgedAnswer judged, long nowNs)
    {
        if (nowNs - judged.SentNs > Ns.FromMs(judged.IntervalMs))
        {
            _counts.NoteLate();
            s_late.Count(1, _identity);
        }

        if (judged.IsExtended)
        {
            long gapNs = nowNs - _renewedNs;
            s_gap.NoteNs(gapNs, _identity);
            Volatile.Write(ref _renewedNs, nowNs);
            Volatile.Write(ref _longestGapNs, Math.Max(_longestGapNs, gapNs));
            _counts.NoteRenewed();
        }
    }

    internal void NoteLost(SessionEndReason reason)
    {
        _counts.NoteLost();
        if (s_lost is { Enabled: true })
        {
            s_lost.Count(1, _identity, new KeyValuePair<string, object?>("reason", reason.Name()));
        }
    }
}
