using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Interop.Sessions.Master;

/// <content>Several changes of a session's items: all are made, by one change of the store and with one revision, or none.</content>
public sealed partial class SessionTable
{
    /// <summary>Makes all of them and gives their revision; if they only check, the one at which all of it was so.</summary>
    /// <exception cref="SessionException">
    /// As for SetItem and RemoveItem, naming the first change that is refused; and what <see cref="ItemChanges.Require"/> refuses.
    /// </exception>
    public ulong ApplyItems(SessionKey key, IReadOnlyList<ItemChange> changes, WriteId write = default) =>
        Once(key, write, session => ApplyItems(session, changes, write));

    private ulong ApplyItems(Session session, IReadOnlyList<ItemChange> changes, WriteId write)
    {
        RequireMakeable(session.Items, changes, ItemChanges.Given);
        return Make(session, changes, write);
    }

    private ulong Make(Session session, IReadOnlyList<ItemChange> changes, WriteId write)
    {
        bool changesAny = changes.Any(change => change.Kind != ItemChangeKind.Check);
        ulong revision = changesAny ? ++Revision : Revision;
        ImmutableArray<StoreChange>.Builder parts = ImmutableArray.CreateBuilder<StoreChange>(changes.Count + 1);
        foreach (ItemChange change in changes)
        {
            if (change.Kind == ItemChangeKind.Set)
            {
                session.Items.Set(new Item(change.Key, change.Value, revision));
                parts.Add(new StoreChange.PutItem(session.Key.SessionId, change.Key, change.Value, revision));
            }
            else if (change.Kind == ItemChangeKind.Remove)
            {
                session.Items.Remove(change.Key);
                parts.Add(new StoreChange.RemoveItem(session.Key.SessionId, change.Key));
            }
        }

        if (Note(session, write, revision) is { } writes)
        {
            parts.Add(writes);
        }

        StoreChange.Together made = new(parts.ToImmutable());
        if (changesAny)
        {
            RecordItem(session, revision, made);
        }
        else if (parts.Count > 0)
        {
            Record(made, () => { });
        }

        return revision;
    }

    /// <summary>A session that has items from its first moment: no look finds the session without them.</summary>
    private StoreChange WithItems(Session session, IReadOnlyList<ItemChange> brought)
    {
        StoreChange.PutSession put = ToStore(session);
        if (brought.Count == 0)
        {
            return put;
        }

        foreach (ItemChange change in brought)
        {
            session.Items.Load(new Item(change.Key, change.Value, session.Key.Epoch));
        }

        return new StoreChange.Together([put, .. session.Items.Decided.Select(
            item => new StoreChange.PutItem(session.Key.SessionId, item.Key, item.Value, item.Revision))]);
    }

    /// <summary>All that could refuse one of them, before the first is made.</summary>
    private void RequireMakeable(SessionItems items, IReadOnlyList<ItemChange> changes, string list)
    {
        ItemChanges.Require(changes, list);
        for (int i = 0; i < changes.Count; i++)
        {
            try
            {
                RequireMakeable(items, changes[i]);
            }
            catch (SessionException refusal)
            {
                throw ItemChanges.Refused(refusal.Status, list, i, refusal.Message, refusal);
            }
        }

        RequireRoom(items, changes, list);
    }

    private void RequireMakeable(SessionItems items, ItemChange change)
    {
        Item? old = items.Find(change.Key);
        if (change.Kind == ItemChangeKind.Check)
        {
            // A check only reads, so it may name the session layer's own items.
            RequireKeyFits(change.Key);
        }
        else
        {
            RequireChangeable(change.Key);
            RequireValueFits(change.Key, change.Value);
        }

        if (change.Kind == ItemChangeKind.Remove && old == null)
        {
            throw NotFound(change.Key);
        }

        RequireRevision(change.Key, old, change.CompareRevision);
    }

    /// <summary>The limits hold for what there is after all changes: room that one change frees another may fill, in any order.</summary>
    private void RequireRoom(SessionItems items, IReadOnlyList<ItemChange> changes, string list)
    {
        int count = items.Count;
        ulong bytes = items.Bytes;
        foreach (ItemChange change in changes.Where(change => change.Kind != ItemChangeKind.Check))
        {
            Item? old = items.Find(change.Key);
            count -= old == null ? 0 : 1;
            bytes -= SessionItems.SizeOf(old);
            if (change.Kind == ItemChangeKind.Set)
            {
                count++;
                bytes += SessionItems.SizeOf(new Item(change.Key, change.Value, 0));
            }
        }

        bool brings = changes.Any(change => change.Kind == ItemChangeKind.Set);
        if (count > items.Count && count > _settings.MaxItemsPerSession)
        {
            throw new SessionException(
                SessionStatus.TooManyItems,
                $"with all {changes.Count} of {list} the session would have {count} items; max_items_per_session is {_settings.MaxItemsPerSession}");
        }

        if (brings && bytes > _settings.MaxSessionBytes)
        {
            throw new SessionException(
                SessionStatus.TooManyItems,
                $"with all {changes.Count} of {list} the session's items would have {bytes} bytes; max_session_bytes is {_settings.MaxSessionBytes}");
        }

        _quotas.Follow(_byId.Values);
        QuotaCounts.RequireItemBytes(items, bytes);
    }
}
