using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <content>Holders, their data path and its receivers.</content>
internal sealed partial class Witness
{
    /// <summary>A schedule that is kept has one in an interval, and one more where a late one meets the next, or the interval has changed.</summary>
    private const int MostSendsPerInterval = 3;

    private readonly Dictionary<string, ulong> _highestReceived = [];
    private readonly Dictionary<(string Name, int Run, Asking Asking), Queue<(long LocalNs, uint IntervalMs)>> _sends = [];

    /// <summary>P1: what a holder does within the bounds it does before the master ends its session.</summary>
    internal void Effect(SimFollower holder, ulong epoch)
    {
        Counts.Effects++;
        KnownSession known = Of(epoch);
        Require(
            !known.IsRemoved || (holder.IsSuperseded && known.MayEnd) || IsExcused(known),
            $"P1: {holder.Name} had an effect for epoch {epoch} after its end");
    }

    /// <summary>P2: the receiver keeps to the rule of interop_sessions_fence.</summary>
    internal void Received(string identity, ulong epoch)
    {
        ulong highest = _highestReceived.GetValueOrDefault(identity);
        if (epoch < highest)
        {
            Counts.Fenced++;
            return;
        }

        Require(epoch >= highest, $"P2: a receiver that has seen epoch {highest} of {identity} accepted {epoch}");
        _highestReceived[identity] = epoch;
    }

    /// <summary>A lower leadership, one that was asked for the session's standing only, or a word on another connection extends no lease.</summary>
    internal void Heard(SimFollower holder, ulong leaderEpoch, RenewalAnswer answer, bool isExtended)
    {
        Require(
            !isExtended || (answer.MasterEpoch >= leaderEpoch && answer.TermMs > 0),
            $"{holder.Name} has heard of leader {leaderEpoch} and is extended by {answer}");
        Require(!isExtended || answer.Key == holder.Held, $"{holder.Name} holds {holder.Held} and is extended by {answer}");
    }

    internal void RefusesAfterPause(SimFollower holder, long deadlineNs) =>
        Require(deadlineNs == 0, $"{holder.Name} goes on after a pause without a fresh answer");

    internal void Asked(SimFollower holder, Asking asking, long localNs, uint intervalMs)
    {
        // An inquiry that is answered well brings a renewal at once: they are counted apart.
        (string Name, int Run, Asking Asking) of = (holder.Name, holder.Run, asking);
        if (!_sends.TryGetValue(of, out Queue<(long LocalNs, uint IntervalMs)>? sends))
        {
            _sends.Add(of, sends = new Queue<(long, uint)>());
        }

        sends.Enqueue((localNs, intervalMs));
        if (sends.Count > MostSendsPerInterval)
        {
            // By the shortest that was the schedule meanwhile.
            long leastMs = sends.Min(send => send.IntervalMs);
            long firstNs = sends.Dequeue().LocalNs;
            Require(
                localNs - firstNs >= leastMs * World.Ms / 2,
                $"{holder.Name} sent {MostSendsPerInterval + 1} times {asking} within {(localNs - firstNs) / World.Ms} ms");
        }
    }

}
