using System;
using System.Collections.Generic;
using System.Text;

namespace Interop.Sessions.Master;

/// <content>Items: small facts on a session, gone with it.</content>
public sealed partial class SessionTable
{
    /// <summary>Sets an item and gives its revision.</summary>
    /// <exception cref="SessionException">
    /// The session's end, WrongEpoch, WrongNonce, InvalidArgument, TooLong, ReservedKey, ItemTooLarge, TooManyItems,
    /// RevisionMismatch, or TimedOut: a late copy.
    /// </exception>
    public ulong SetItem(
        SessionKey key, string itemKey, ReadOnlyMemory<byte> value, ulong? compareRevision, WriteId write = default) =>
        Once(key, write, session => SetItem(session, itemKey, value, compareRevision, write));

    private ulong SetItem(
        Session session, string itemKey, ReadOnlyMemory<byte> value, ulong? compareRevision, WriteId write)
    {
        RequireChangeable(itemKey);
        RequireValueFits(itemKey, value);
        Item? old = session.Items.Find(itemKey);
        RequireRevision(itemKey, old, compareRevision);
        RequireRoom(session, itemKey, value.Length, old);

        Item set = new(itemKey, value, ++Revision);
        session.Items.Set(set);
        RecordItem(
            session,
            set.Revision,
            new StoreChange.PutItem(session.Key.SessionId, itemKey, value, set.Revision)
            {
                Writes = Note(session, write, set.Revision),
            });
        return set.Revision;
    }

    /// <summary>Removes an item and gives the revision of the removal.</summary>
    /// <exception cref="SessionException">As for SetItem, and ItemNotFound.</exception>
    public ulong RemoveItem(SessionKey key, string itemKey, ulong? compareRevision, WriteId write = default) =>
        Once(key, write, session => RemoveItem(session, itemKey, compareRevision, write));

    private ulong RemoveItem(Session session, string itemKey, ulong? compareRevision, WriteId write)
    {
        RequireChangeable(itemKey);
        Item old = session.Items.Find(itemKey) ?? throw NotFound(itemKey);
        RequireRevision(itemKey, old, compareRevision);

        ulong revision = ++Revision;
        session.Items.Remove(itemKey);
        RecordItem(
            session, revision, new StoreChange.RemoveItem(session.Key.SessionId, itemKey) { Writes = Note(session, write, revision) });
        return revision;
    }

    /// <summary>One item of the caller's session, as durable.</summary>
    /// <exception cref="SessionException">
    /// The session's end, WrongEpoch, WrongNonce, InvalidArgument, TooLong or ItemNotFound.
    /// </exception>
    public Item GetItem(SessionKey key, string itemKey)
    {
        Session session = Require(key);
        RequireKeyFits(itemKey);
        return session.Items.FindDurable(itemKey) ?? throw NotFound(itemKey);
    }

    /// <summary>The items of the caller's session whose key begins with a prefix, as durable, in byte order.</summary>
    public IReadOnlyList<Item> ListItems(SessionKey key, string prefix) => ItemsOf(Require(key), prefix);

    /// <summary>The items of any session, as durable, for the master's host.</summary>
    /// <exception cref="SessionException">UnknownSession, or how it ended.</exception>
    public IReadOnlyList<Item> ListItems(ulong sessionId, string prefix) => ItemsOf(RequireDurable(sessionId), prefix);

    /// <summary>One of them.</summary>
    /// <exception cref="SessionException">UnknownSession, or how it ended; InvalidArgument, TooLong or ItemNotFound.</exception>
    public Item GetItem(ulong sessionId, string itemKey)
    {
        RequireKeyFits(itemKey);
        return RequireDurable(sessionId).Items.FindDurable(itemKey) ?? throw NotFound(itemKey);
    }

    private static List<Item> ItemsOf(Session session, string prefix) => [.. session.Items.Durable(prefix)];

    private static SessionException NotFound(string itemKey) =>
        new(SessionStatus.ItemNotFound, $"the session has no item '{itemKey}'");

    private static void RequireKeyFits(string itemKey) => NamedText.Require("key", itemKey, 1, Limits.MaxItemKeyBytes);

    private static void RequireChangeable(string itemKey)
    {
        RequireKeyFits(itemKey);
        if (itemKey[0] == Limits.ReservedKeyPrefix)
        {
            throw new SessionException(
                SessionStatus.ReservedKey,
                $"key '{itemKey}' is reserved: those that begin with '{Limits.ReservedKeyPrefix}' are the session layer's");
        }
    }

    private static void RequireRevision(string itemKey, Item? old, ulong? compareRevision)
    {
        ulong current = old?.Revision ?? 0;
        if (compareRevision is { } expected && expected != current)
        {
            throw new SessionException(
                SessionStatus.RevisionMismatch,
                $"item '{itemKey}' has revision {current}, compare_revision is {expected}");
        }
    }

    private void RequireValueFits(string itemKey, ReadOnlyMemory<byte> value)
    {
        if (value.Length > _settings.MaxItemBytes)
        {
            throw new SessionException(
                SessionStatus.ItemTooLarge,
                $"item '{itemKey}' has a value of {value.Length} bytes; max_item_bytes is {_settings.MaxItemBytes}");
        }
    }

    private void RequireRoom(Session session, string itemKey, int valueBytes, Item? old)
    {
        if (old == null && session.Items.Count >= _settings.MaxItemsPerSession)
        {
            throw new SessionException(
                SessionStatus.TooManyItems,
                $"the session has {session.Items.Count} items, which is max_items_per_session");
        }

        ulong bytes = session.Items.Bytes - SessionItems.SizeOf(old) + (ulong)(Encoding.UTF8.GetByteCount(itemKey) + valueBytes);
        if (bytes > _settings.MaxSessionBytes)
        {
            throw new SessionException(
                SessionStatus.TooManyItems,
                $"the session's items would have {bytes} bytes; max_session_bytes is {_settings.MaxSessionBytes}");
        }

        _quotas.Follow(_byId.Values);
        QuotaCounts.RequireItemBytes(session.Items, bytes);
    }

    private void RecordItem(Session session, ulong revision, StoreChange change)
    {
        _itemsInBatch.Add(session);
        Record(change, session.Items.Undo);
        Say(revision, change, session);
    }
}
