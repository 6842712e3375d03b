using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace Interop.Sessions.Follower;

/// <summary>
/// What one follower counts, for the meter "Interop.Sessions.Follower" (docs/dotnet.md). Nobody who listens costs a renewal more than
/// an addition: no lock is taken and nothing is allocated unless somebody listens.
/// </summary>
/// <param name="identity">The tag of all that it counts.</param>
internal sealed class FollowerMetrics(string identity)
{
    /// <summary>The meter's name.</summary>
    internal const string MeterName = "Interop.Sessions.Follower";

    private const string Identity = "identity";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_renewals = s_meter.CreateCounter<long>(
        "interop_sessions.follower.renewals", "{renewal}", "Renewals, and questions of a holder that refuses, that were sent.");

    private static readonly Counter<long> s_late = s_meter.CreateCounter<long>(
        "interop_sessions.follower.late_answers", "{answer}", "Answers that took longer than the interval of renewals.");

    private static readonly Histogram<double> s_gap = s_meter.CreateHistogram<double>(
        "interop_sessions.follower.renewal_gap", "s",
        "Time from one answer that prolonged the lease to the next; the lease's term is what it must stay below.");

    private static readonly Counter<long> s_lost = s_meter.CreateCounter<long>(
        "interop_sessions.follower.sessions_lost", "{session}", "Sessions that were lost, by reason.");

    private readonly KeyValuePair<string, object?> _identity = new(Identity, identity);
    private long _renewedNs;

    /// <summary>A session began: the next gap counts from here.</summary>
    internal void NoteGranted(long nowNs) => _renewedNs = nowNs;

    internal void NoteRenewal(Asking asking) => s_renewals.Add(
        1, _identity, new KeyValuePair<string, object?>("kind", asking == Asking.Inquiry ? "inquiry" : "renewal"));

    internal void NoteAnswer(uint intervalMs, long sentNs, long nowNs, bool isRenewed)
    {
        if (nowNs - sentNs > intervalMs * 1_000_000L)
        {
            s_late.Add(1, _identity);
        }

        if (isRenewed)
        {
            s_gap.Record((nowNs - _renewedNs) / 1e9, _identity);
            _renewedNs = nowNs;
        }
    }

    internal void NoteLost(SessionEndReason reason)
    {
        if (s_lost.Enabled)
        {
            s_lost.Add(1, _identity, new KeyValuePair<string, object?>("reason", reason.ToString()));
        }
    }
}
