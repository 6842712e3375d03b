using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Simulator.Machines;

namespace Interop.Sessions.Simulator.Checks;

/// <content>What the hosts of followers hear: one thing at a time, in order, each loss once, and the end of each wish.</content>
internal sealed partial class Witness
{
    /// <summary>Sessions that a host has heard of, and of whose loss it has not.</summary>
    private readonly Dictionary<(string, int), (ulong Epoch, ulong Nonce)> _heldBy = [];
    private readonly Dictionary<(string, int), LifeCallback> _calling = [];

    internal void CallbackBegins(SimFollower holder, LifeCallback callback)
    {
        Require(
            _calling.TryAdd(RunOf(holder), callback),
            $"{holder.Name} is told {Text(callback)} while it is told something else");
        Counts.Callbacks++;
        ulong epoch = callback.Info.Epoch;
        bool isHolding = _heldBy.TryGetValue(RunOf(holder), out (ulong Epoch, ulong Nonce) known);
        ulong held = known.Epoch;
        switch (callback.Kind)
        {
            case LifeCallbackKind.Created:
                Require(!isHolding, $"{holder.Name} is told of epoch {epoch} before the loss of {held}");
                _heldBy[RunOf(holder)] = (epoch, callback.Wish!.Nonce);
                break;
            case LifeCallbackKind.Lost:
                Require(isHolding && held == epoch, $"{holder.Name} holds epoch {held} and is told of the loss of {epoch}");
                Lost(holder, callback.Key, callback.Info.EndReason);
                break;
            case LifeCallbackKind.Ended:
                SimWish wish = (SimWish)callback.Wish!;
                Require(!wish.IsEnded, $"{holder.Name} is told of the end of a wish twice");
                Require(
                    callback.Created is { } created ? isHolding && held == epoch && created.State != SessionState.Lost : !isHolding,
                    $"{holder.Name} is told that its wish ended {callback.Failure?.Status ?? SessionStatus.Ok}, and holds {held}");
                wish.IsEnded = true;
                break;
            default:
                Require(isHolding && held == epoch, $"{holder.Name} holds epoch {held} and is told {Text(callback)}");
                break;
        }
    }

    internal void CallbackReturned(SimFollower holder, LifeCallback callback)
    {
        _calling.Remove(RunOf(holder));
        if (callback.Kind == LifeCallbackKind.Lost)
        {
            _heldBy.Remove(RunOf(holder));
        }
    }

    /// <summary>The master is about to be told of a session's end: its host has stopped, or has never held it.</summary>
    /// <remarks>The host may have taken the same session up meanwhile, by another nonce: then the master refuses to end it.</remarks>
    internal void GivesBack(SimFollower holder, SessionKey key)
    {
        Require(
            !_heldBy.TryGetValue(RunOf(holder), out (ulong Epoch, ulong Nonce) held) || held != (key.Epoch, key.Nonce),
            $"{holder.Name} gives epoch {key.Epoch} back before its host has heard of the loss");
        // A store that goes back may have that nonce again, though it has another just now.
        _givenBack.Add(key.Nonce);
        Of(key.Epoch).MayEnd |= Of(key.Epoch).Nonce == key.Nonce;
    }

    internal void Closes(SessionState state) => Counts.Closes += state == SessionState.None ? 0 : 1;

    /// <summary>A follower is closed: nobody tells its host anything any more.</summary>
    internal void Closed(SimFollower holder)
    {
        Require(!_calling.ContainsKey(RunOf(holder)), $"{holder.Name} is closed while its host is told something");
        Require(
            !_heldBy.TryGetValue(RunOf(holder), out (ulong Epoch, ulong Nonce) held),
            $"{holder.Name} is closed and was not told of the loss of {held.Epoch}");
    }

    private void Lost(SimFollower holder, SessionKey key, SessionEndReason reason)
    {
        Counts.Lost++;
        Require(
            holder.WordEpoch != key.Epoch || holder.WordDeadlineNs == 0,
            $"{holder.Name} is told of the loss of {key.Epoch}, and its word does not refuse");
        if (reason is SessionEndReason.Unknown or SessionEndReason.Superseded &&
            world.Store.Sessions.TryGetValue(key.SessionId, out StoredSession? stored))
        {
            // Of two processes of a server, one may hear of the newer connection before the store does.
            Require(
                stored.Put.Key != key || world.Contended.Contains(holder.Identity) || Counts.WentBack > 0,
                $"{holder.Name} is told that epoch {key.Epoch} is unknown, and the store has it");
        }
    }

    private static string Text(LifeCallback callback) => $"{callback.Kind} of epoch {callback.Info.Epoch}";

    private static (string Name, int Run) RunOf(SimFollower holder) => (holder.Name, holder.Run);
}
