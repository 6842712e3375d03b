using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator.Machines;

/// <content>
/// Items: what SessionClient does with sockets. A call that is not answered is made again at the next master, by the same
/// number; copies of it may be late by seconds.
/// </content>
internal sealed partial class SimFollower
{
    private const long RetryNs = 50 * World.Ms;

    private readonly Dictionary<string, (int Value, ulong Revision)> _known = [];
    private WriteNumbers _writes = new();

    /// <summary>
    /// Its host sets, removes or reads an item, now and then only if it is as it knows it; or sets both of them together.
    /// </summary>
    internal void UseItem()
    {
        if (Held is not { } key)
        {
            return;
        }

        string itemKey = _random.OneOf("a", "b");
        ItemVerb verb = _random.OneOf(ItemVerb.Set, ItemVerb.Set, ItemVerb.Set, ItemVerb.Remove, ItemVerb.Get, ItemVerb.Get);
        WriteId write = default;
        if (World.Witness.IsCrowded(key.Epoch, itemKey) || (verb != ItemVerb.Get && !_writes.TryBegin(out write)))
        {
            return;
        }

        (int Value, ulong Revision)? expected =
            verb != ItemVerb.Get && _random.Chance(300) && _known.TryGetValue(itemKey, out (int Value, ulong Revision) known) ? known : null;
        ItemCall call = World.Witness.ItemCallBegins(key, itemKey, verb, expected?.Value, write);
        string other = itemKey == "a" ? "b" : "a";
        // Often enough, and without a number that others would be drawn after.
        if (verb == ItemVerb.Set && write.Number % 3 == 0 && !World.Witness.IsCrowded(key.Epoch, other))
        {
            call.JoinWith(World.Witness.ItemCallBegins(key, other, verb, null, write));
        }

        World.Note($"{Name} calls {verb} {call.Id} {itemKey}");
        ItemAttempt attempt = new(call, expected?.Revision, NowNs + (_random.Between(500, 4000) * World.Ms));
        Try(attempt);
    }

    private void Try(ItemAttempt attempt)
    {
        if (attempt.IsOver)
        {
            return;
        }

        if (NowNs >= attempt.UntilNs || Held != attempt.Call.Holder)
        {
            World.Witness.ItemCallIsGivenUp(attempt.Call);
            Finish(attempt);
            return;
        }

        int number = ++attempt.Number;
        MasterProcess master = _process.Master;
        World.Network.Send(_process, master, () => master.UseItem(_process, attempt.Call, attempt.Revision, (item, revision, status) =>
        {
            if (attempt.Number == number && !attempt.IsOver)
            {
                _process.NoteAnswer(master, status);
                Answered(attempt, item, revision, status);
            }
        }));
        AfterLocal(AttemptNs, () =>
        {
            if (attempt.Number == number && !attempt.IsOver)
            {
                _process.NoteFailure(master, Silence());
                Try(attempt);
            }
        });
    }

    private void Answered(ItemAttempt attempt, Item? item, ulong revision, SessionStatus status)
    {
        ItemCall call = attempt.Call;
        switch (status)
        {
            case SessionStatus.Ok when call.Verb == ItemVerb.Get:
                _known[call.ItemKey] = (BitConverter.ToInt32(item!.Value.Span), item.Revision);
                World.Witness.ItemRead(call, item);
                break;
            case SessionStatus.ItemNotFound when call.Verb == ItemVerb.Get:
                _known[call.ItemKey] = (0, 0);
                World.Witness.ItemRead(call, null);
                break;
            case SessionStatus.Ok:
                _known[call.ItemKey] = (call.After, call.Verb == ItemVerb.Set ? revision : 0);
                World.Witness.ItemChanged(call, revision);
                if (call.With is { } made)
                {
                    _known[made.ItemKey] = (made.After, revision);
                    World.Witness.ItemChanged(made, revision);
                }

                break;
            case SessionStatus.ItemNotFound or SessionStatus.RevisionMismatch:
                World.Witness.ItemNotChanged(call, status);
                if (call.With is { } notMade)
                {
                    World.Witness.ItemNotMade(notMade);
                }

                break;
            case SessionStatus.NotLeader or SessionStatus.StoreFailed or SessionStatus.TimedOut:
                attempt.Number++;
                AfterLocal(RetryNs, () => Try(attempt));
                return;
            default:
                // Its session's end: a former copy may have been carried out or not.
                World.Witness.ItemCallIsGivenUp(call);
                break;
        }

        World.Note($"{Name}: {call.Verb} {call.Id} is answered {status} {revision}");
        Finish(attempt);
    }

    private void Finish(ItemAttempt attempt)
    {
        attempt.IsOver = true;
        if (attempt.Call.Holder == Held)
        {
            _writes.Finish(attempt.Call.Write);
        }
    }

    /// <summary>Another connection: it numbers its writes from the first on, and knows no item.</summary>
    private void BeginItems()
    {
        _writes = new WriteNumbers();
        _known.Clear();
    }

    private sealed class ItemAttempt(ItemCall call, ulong? revision, long untilNs)
    {
        internal ItemCall Call => call;

        internal ulong? Revision => revision;

        internal long UntilNs => untilNs;

        internal int Number { get; set; }

        internal bool IsOver { get; set; }
    }
}
