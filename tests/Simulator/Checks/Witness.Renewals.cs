using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <content>The messages of renewals of a process.</content>
internal sealed partial class Witness
{
    /// <summary>What goes out was asked for a moment ago, by a follower whose host is well, and once.</summary>
    internal void Sent(FollowerProcess process, RenewalBatch batch, long nowNs)
    {
        Counts.Messages++;
        Counts.Shared += batch.Renewals.Count > 1 ? 1 : 0;
        Require(batch.SentNs == nowNs, $"{process.Name} sends at {nowNs} ns, and counts from {batch.SentNs} ns");
        HashSet<SessionKey> keys = [];
        foreach (PendingRenewal renewal in batch.Renewals)
        {
            Require(keys.Add(renewal.Key), $"{process.Name} renews epoch {renewal.Key.Epoch} twice in a message");
            Require(
                nowNs - renewal.AskedNs <= Limits.RenewalWaitIntervals * renewal.IntervalMs * World.Ms,
                $"{process.Name} renews epoch {renewal.Key.Epoch}, {(nowNs - renewal.AskedNs) / World.Ms} ms after it was asked for");
            SimFollower? holder = process.Followers.FirstOrDefault(follower => follower.Holds(renewal.Key.SessionId));
            Require(
                renewal.IsInquiry || holder == null || nowNs < holder.HealthyUntilNs,
                $"{process.Name} renews epoch {renewal.Key.Epoch}, whose host does not vouch for itself");
            Require(
                !renewal.IsGateClosed || (renewal.IsInquiry && (holder == null || nowNs >= holder.HealthyUntilNs)),
                $"{process.Name} says that the gate of epoch {renewal.Key.Epoch} is closed, and its host vouches for itself");
        }
    }

    /// <summary>A line is used no more.</summary>
    internal void Left(LineEnd end)
    {
        Counts.Refused += end == LineEnd.DoesNotLead ? 1 : 0;
        Counts.Late += end == LineEnd.Late ? 1 : 0;
        Counts.Stuck += end == LineEnd.Stuck ? 1 : 0;
        Counts.Broken += end == LineEnd.Broken ? 1 : 0;
    }
}
