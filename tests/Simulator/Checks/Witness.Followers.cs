using System.Collections.Generic;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <content>Holders, their data path and its receivers.</content>
internal sealed partial class Witness
{
    /// <summary>A schedule that is kept has one in an interval, and one more where a late one meets the next, or the interval has changed.</summary>
    private const int MostSendsPerInterval = 3;

    private readonly Dictionary<(string, int), ulong> _heldBy = [];
    private readonly Dictionary<string, ulong> _highestReceived = [];
    private readonly Dictionary<(string, int), Queue<long>> _sends = [];

    internal void Created(FollowerProcess holder, ulong epoch)
    {
        Require(
            !_heldBy.TryGetValue(RunOf(holder), out ulong held),
            $"{holder.Name} is told of epoch {epoch} before the loss of {held}");
        _heldBy[RunOf(holder)] = epoch;
    }

    internal void Lost(FollowerProcess holder, SessionKey key, SessionEndReason reason)
    {
        Counts.Lost++;
        Require(_heldBy.Remove(RunOf(holder), out ulong held), $"{holder.Name} is told of the loss of {key.Epoch} twice");
        Require(held == key.Epoch, $"{holder.Name} holds epoch {held} and is told of the loss of {key.Epoch}");
        if (reason == SessionEndReason.Unknown && world.Store.Sessions.TryGetValue(key.SessionId, out StoredSession? stored))
        {
            // Of two processes of a server, one may hear of the newer connection before the store does.
            Require(
                stored.Put.Key != key || world.Contended.Contains(holder.Identity), $"{holder.Name} is told that epoch {key.Epoch} is unknown, and the store has it");
        }
    }

    internal void ItemAcknowledged(ulong epoch, string key, ulong revision)
    {
        Counts.Items++;
        Dictionary<string, ulong> items = Of(epoch).Items;
        items[key] = ulong.Max(items.GetValueOrDefault(key), revision);
    }

    /// <summary>P1: what a holder does within the bounds it does before the master ends its session.</summary>
    internal void Effect(FollowerProcess holder, ulong epoch)
    {
        Counts.Effects++;
        KnownSession known = Of(epoch);
        Require(
            !known.IsRemoved || (holder.IsSuperseded && known.MayEnd),
            $"P1: {holder.Name} had an effect for epoch {epoch} after its end");
    }

    /// <summary>P2: the receiver keeps to the rule of interop_sessions_fence.</summary>
    internal void Received(string identity, ulong epoch)
    {
        ulong highest = _highestReceived.GetValueOrDefault(identity);
        if (epoch < highest && !DeliberateFaults.Has(DeliberateFault.EpochNotCompared))
        {
            Counts.Fenced++;
            return;
        }

        Require(epoch >= highest, $"P2: a receiver that has seen epoch {highest} of {identity} accepted {epoch}");
        _highestReceived[identity] = epoch;
    }

    internal void RefusesAfterPause(FollowerProcess holder, long deadlineNs) =>
        Require(deadlineNs == 0, $"{holder.Name} goes on after a pause without a fresh answer");

    internal void RenewalSent(FollowerProcess holder, long localNs, uint intervalMs)
    {
        if (!_sends.TryGetValue(RunOf(holder), out Queue<long>? sends))
        {
            _sends.Add(RunOf(holder), sends = new Queue<long>());
        }

        sends.Enqueue(localNs);
        if (sends.Count > MostSendsPerInterval)
        {
            long firstNs = sends.Dequeue();
            Require(
                localNs - firstNs >= intervalMs * World.Ms / 2,
                $"{holder.Name} sent {MostSendsPerInterval + 1} renewals within {(localNs - firstNs) / World.Ms} ms");
        }
    }

    private static (string Name, int Run) RunOf(FollowerProcess holder) => (holder.Name, holder.Run);
}
