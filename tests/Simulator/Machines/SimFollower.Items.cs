using System;
using System.Collections.Generic;
using Interop.Sessions.Follower;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator.Machines;

/// <content>Items: its host sets, removes and reads them.</content>
internal sealed partial class SimFollower
{
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
        WriteNumbers writes = _writes;
        SimCall<ItemReply>? made = null;
        made = Call<ItemReply>(
            verb == ItemVerb.Get ? CallKind.Repeatable : CallKind.NumberedWrite, (uint)_random.Between(500, 4000),
            (master, reply) => master.UseItem(_process, call, expected?.Revision, reply),
            (reply, failure) =>
            {
                World.Note($"{Name}: {call.Verb} {call.Id} ends {failure?.Status ?? SessionStatus.Ok} {reply.Revision}");
                if (failure == null)
                {
                    Made(call, reply);
                }
                else
                {
                    NotMade(call, failure, made?.HasCopies ?? true);
                }

                writes.Finish(call.Write);
            });
    }

    private void Made(ItemCall call, ItemReply reply)
    {
        if (call.Verb == ItemVerb.Get)
        {
            Know(call, BitConverter.ToInt32(reply.Item!.Value.Span), reply.Item.Revision);
            World.Witness.ItemRead(call, reply.Item);
            return;
        }

        foreach (ItemCall made in call.With is { } with ? [call, with] : (ReadOnlySpan<ItemCall>)[call])
        {
            Know(made, made.After, made.Verb == ItemVerb.Set ? reply.Revision : 0);
            World.Witness.ItemChanged(made, reply.Revision);
        }
    }

    /// <summary>What the host is told counts: of what is not left open it may believe that it never happens.</summary>
    private void NotMade(ItemCall call, SessionException failure, bool hasCopies)
    {
        switch (failure.Status)
        {
            case SessionStatus.ItemNotFound when call.Verb == ItemVerb.Get:
                Know(call, 0, 0);
                World.Witness.ItemRead(call, null);
                break;
            case SessionStatus.ItemNotFound or SessionStatus.RevisionMismatch:
                World.Witness.ItemNotChanged(call, failure.Status);
                if (call.With is { } notMade)
                {
                    World.Witness.ItemNotMade(notMade);
                }

                break;
            case var _ when call.Verb != ItemVerb.Get && !failure.IsOutcomeUnknown && !hasCopies:
                World.Witness.ItemNotMade(call);
                if (call.With is { } neither)
                {
                    World.Witness.ItemNotMade(neither);
                }

                break;
            default:
                World.Witness.ItemCallIsGivenUp(call);
                break;
        }
    }

    private void Know(ItemCall call, int value, ulong revision)
    {
        if (call.Holder == Held)
        {
            _known[call.ItemKey] = (value, revision);
        }
    }

    /// <summary>Another connection: it numbers its writes from the first on, and knows no item.</summary>
    private void BeginItems()
    {
        _writes = new WriteNumbers();
        _known.Clear();
    }
}
