using System;
using System.Collections.Generic;

namespace Interop.Sessions.Follower;

/// <summary>The renewals of one message.</summary>
public sealed class RenewalBatch
{
    private readonly uint _shortestIntervalMs = uint.MaxValue;

    /// <summary>By session, since a master answers each session once.</summary>
    private readonly Dictionary<ulong, PendingRenewal> _unanswered = [];

    internal RenewalBatch(ulong id, IReadOnlyList<PendingRenewal> renewals, long sentNs)
    {
        Id = id;
        Renewals = renewals;
        SentNs = sentNs;
        foreach (PendingRenewal renewal in renewals)
        {
            _shortestIntervalMs = Math.Min(_shortestIntervalMs, renewal.IntervalMs);
            _unanswered[renewal.Key.SessionId] = renewal;
        }

        LateNs = sentNs + IntervalsNs(1);
    }

    /// <summary>What the master repeats in its answers; unique on its line.</summary>
    public ulong Id { get; }

    /// <summary>Renewals and inquiries, in any order; at least one.</summary>
    public IReadOnlyList<PendingRenewal> Renewals { get; }

    /// <summary>
    /// s: a clock that was read before the message is built. Time that renewals spent waiting for a stream takes nothing from the
    /// lease.
    /// </summary>
    public long SentNs { get; }

    /// <summary>For how long the message may take to be handed over, in milliseconds; then the line is stuck.</summary>
    public uint WriteWithinMs => Math.Max(Renewals[0].IntervalMs, Limits.MinRenewalIntervalMs);

    internal IReadOnlyCollection<PendingRenewal> Unanswered => _unanswered.Values;

    /// <summary>When an answer is overdue.</summary>
    internal long LateNs { get; private set; }

    /// <summary>
    /// The message has been handed over: the answer has its time from here on. A first one waits for the connection to be dialled,
    /// which a far master must not be blamed for. Under the lock of the <see cref="RenewalBook"/>.
    /// </summary>
    public void Written(long nowNs) => LateNs = Math.Max(LateNs, nowNs + IntervalsNs(1));

    /// <summary>The renewal that an answer is to, if that has not been answered yet.</summary>
    internal bool TryAnswer(ulong sessionId, out PendingRenewal asked) => _unanswered.Remove(sessionId, out asked);

    /// <summary>
    /// An answer came. Renewals that the answer left out wait for the master's store and get an interval more for that; an
    /// answer without any of the renewals that were asked for is no further sign of life.
    /// </summary>
    internal void Answered()
    {
        IsAnsweredInPart = _unanswered.Count > 0;
        LateNs = SentNs + IntervalsNs(Limits.RenewalWaitIntervals);
    }

    /// <summary>The master has answered it, and left some of its renewals for later.</summary>
    internal bool IsAnsweredInPart { get; private set; }

    /// <summary>
    /// Its master has renewed what was asked for later: it leads, and what it has left for later waits for its store, which no other master
    /// could answer earlier.
    /// </summary>
    internal void MasterRenews(long askedNs)
    {
        WaitsForStore = true;
        LateNs = Math.Max(LateNs, askedNs + IntervalsNs(Limits.RenewalWaitIntervals));
    }

    /// <summary>What is left of it waits for the store of a master that leads.</summary>
    internal bool WaitsForStore { get; private set; }

    /// <summary>It was asked for again.</summary>
    internal void Forget(ulong sessionId) => _unanswered.Remove(sessionId);

    private long IntervalsNs(int count) => count * Ns.FromMs(_shortestIntervalMs);
}
