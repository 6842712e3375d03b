using System;
using System.Collections.Generic;
using Interop.Sessions.Master;

namespace Interop.Sessions.Simulator.Checks;

/// <content>Items: each is a register of one value, and no acknowledged change is lost or made twice.</content>
internal sealed partial class Witness
{
    private readonly Dictionary<int, ItemCall> _calls = [];

    /// <summary>A host calls; the value of a set is the call's number.</summary>
    internal ItemCall ItemCallBegins(SessionKey holder, string itemKey, ItemVerb verb, int? expected, WriteId write)
    {
        ItemCall call = new(_calls.Count + 1, holder, itemKey, verb, expected, write);
        _calls.Add(call.Id, call);
        RegisterOf(holder.Epoch, itemKey).Begin(call);
        return call;
    }

    internal bool IsCrowded(ulong epoch, string itemKey) => RegisterOf(epoch, itemKey).IsCrowded;

    /// <summary>The host is told that its change is made.</summary>
    internal void ItemChanged(ItemCall call, ulong revision)
    {
        Counts.Items++;
        ItemRegister register = RegisterOf(call);
        AnsweredMadeAt(call, revision);
        string before = register.ToString();
        Require(IsUnchecked(call) || register.TryDone(call), $"{call} was answered OK, where there was {before}");

        // The master keeps the answers of what is unfinished, and refuses what is finished.
        foreach (ItemRegister other in Of(call.Holder.Epoch).Items.Values)
        {
            other.Forget(late => late.Holder.Nonce == call.Holder.Nonce && late.Write.Number < call.Write.FirstUnfinished);
        }
    }

    /// <summary>The host is told that there was nothing to change.</summary>
    internal void ItemNotChanged(ItemCall call, SessionStatus status)
    {
        Counts.Refusals++;
        ItemRegister register = RegisterOf(call);
        string before = register.ToString();
        Require(IsUnchecked(call) || register.TryRefused(call), $"{call} was answered {status}, where there was {before}");
    }

    /// <summary>The host is told that what it belongs to was not made, for another item's sake.</summary>
    internal void ItemNotMade(ItemCall call)
    {
        ItemRegister register = RegisterOf(call);
        string before = register.ToString();
        Require(IsUnchecked(call) || register.TryNotMade(call), $"{call} was not made, where there was {before}");
    }

    /// <summary>The host has read it.</summary>
    internal void ItemRead(ItemCall call, Item? item)
    {
        Counts.Reads++;
        ItemRegister register = RegisterOf(call);
        string before = register.ToString();
        int value = ValueOf(call.Holder.Epoch, call.ItemKey, item, AnsweredMadeAt);
        Require(IsUnchecked(call) || register.TryFound(call, value), $"{call} was answered the value of {value}, where there was {before}");
    }

    /// <summary>The host waits no more. What it wanted to change may still happen.</summary>
    internal void ItemCallIsGivenUp(ItemCall call)
    {
        if (call.Verb == ItemVerb.Get)
        {
            RegisterOf(call).Drop(call);
        }
    }

    /// <summary>A former connection is refused: what it has not done it never does.</summary>
    private void ForgetFormerCalls(SessionKey newest)
    {
        foreach (ItemRegister register in Of(newest.Epoch).Items.Values)
        {
            register.Forget(late => late.Holder.Nonce != newest.Nonce);
        }
    }

    /// <summary>A new leader has read everything that was ever acknowledged.</summary>
    private void ItemsAreLoaded(SessionTable table)
    {
        foreach (Session session in table.List(0, Limits.MaxSessionsPerPage, "", out _))
        {
            Dictionary<string, Item> found = [];
            foreach (Item item in table.ListItems(session.Key.SessionId, ""))
            {
                found.Add(item.Key, item);
                Require(Of(session.Key.Epoch).Items.ContainsKey(item.Key), $"nobody has set {item.Key} of epoch {session.Key.Epoch}");
            }

            IsWhole(session.Key.Epoch, found);
            foreach ((string key, ItemRegister register) in Of(session.Key.Epoch).Items)
            {
                string before = register.ToString();
                int value = ValueOf(session.Key.Epoch, key, found.GetValueOrDefault(key), MadeAt);
                Require(
                    Of(session.Key.Epoch).HasFormerConnection || register.TryFound(value),
                    $"{key} of epoch {session.Key.Epoch} is loaded with the value of {value}, where there was {before}");
            }
        }
    }

    private int ValueOf(ulong epoch, string itemKey, Item? item, Action<ItemCall, ulong> seeMadeAt)
    {
        if (item == null)
        {
            return 0;
        }

        ItemCall set = _calls[BitConverter.ToInt32(item.Value.Span)];
        Require(set.Holder.Epoch == epoch && set.ItemKey == itemKey, $"{itemKey} of epoch {epoch} has the value of {set}");
        seeMadeAt(set, item.Revision);
        return set.Id;
    }

    private bool IsUnchecked(ItemCall call) => call.IsForgotten || Of(call.Holder.Epoch).HasFormerConnection;

    /// <summary>A late answer may be of a state that is lost: what was made there may be made again.</summary>
    private void AnsweredMadeAt(ItemCall call, ulong revision)
    {
        if (revision > _lostRevision)
        {
            MadeAt(call, revision);
        }
    }

    private void MadeAt(ItemCall call, ulong revision)
    {
        Require(
            call.Revision == 0 || call.Revision == revision || IsUnchecked(call),
            $"{call} was made twice: at {call.Revision} and at {revision}");
        call.Revision = revision;
        Require(
            call.With is not { Revision: not 0 } other || other.Revision == revision || IsUnchecked(call),
            $"{call} was made at {revision}, and what belongs to it, {call.With}, at {call.With?.Revision}");
    }

    /// <summary>Of what is made together a store has both, or what came after.</summary>
    private void IsWhole(ulong epoch, IReadOnlyDictionary<string, Item> found)
    {
        foreach (Item item in found.Values)
        {
            ItemCall set = _calls[BitConverter.ToInt32(item.Value.Span)];
            Require(
                set.With == null || !found.TryGetValue(set.With.ItemKey, out Item? other) || other.Revision >= item.Revision,
                $"a store has {set} of epoch {epoch}, made at {item.Revision}, and not {set.With}, which belongs to it");
        }
    }

    private ItemRegister RegisterOf(ItemCall call) => RegisterOf(call.Holder.Epoch, call.ItemKey);

    private ItemRegister RegisterOf(ulong epoch, string itemKey)
    {
        Dictionary<string, ItemRegister> items = Of(epoch).Items;
        if (!items.TryGetValue(itemKey, out ItemRegister? register))
        {
            items.Add(itemKey, register = new ItemRegister());
        }

        return register;
    }
}
