using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Failover.Load;

/// <summary>A renewal that a master granted.</summary>
internal readonly record struct Renewed(ulong MasterEpoch, string Master, long SentNs, long ReceivedNs);

/// <summary>What the load has seen, for the check afterwards. Any thread.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<Renewed> _renewals = new();
    private readonly ConcurrentQueue<string> _losses = new();
    private long _writes;

    internal IReadOnlyList<Renewed> Renewals => [.. _renewals];

    internal IReadOnlyList<string> Losses => [.. _losses];

    /// <summary>Item changes that were acknowledged.</summary>
    internal long Writes => System.Threading.Interlocked.Read(ref _writes);

    internal void NoteRenewal(Renewed renewal) => _renewals.Enqueue(renewal);

    internal void NoteLoss(string what) => _losses.Enqueue(what);

    internal void NoteWrite() => System.Threading.Interlocked.Increment(ref _writes);

    /// <summary>The leadership of the latest renewal.</summary>
    internal ulong LatestEpoch => _renewals.IsEmpty ? 0 : _renewals.Max(renewal => renewal.MasterEpoch);

    /// <summary>When the first renewal of a later leadership was received; null: not yet.</summary>
    internal long? FirstRenewalAfter(ulong epoch) => _renewals
        .Where(renewal => renewal.MasterEpoch > epoch).Select(renewal => (long?)renewal.ReceivedNs).Min();

    internal static long NowNs => BootClock.NowNs;
}
