using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Interop.Sessions;

/// <summary>
/// What several changes of items must be, whatever session they are for: a follower asks before it sends them, a master before
/// it decides.
/// </summary>
public static class ItemChanges
{
    /// <summary>What the changes of a call are called in its refusal.</summary>
    public const string Given = "changes";

    /// <summary>And the items that come with a create.</summary>
    public const string New = "items";

    /// <summary>The bytes of their keys and values.</summary>
    public static long BytesOf(IEnumerable<ItemChange> changes)
    {
        long bytes = 0;
        foreach (ItemChange change in changes)
        {
            bytes += Encoding.UTF8.GetByteCount(change.Key) + change.Value.Length;
        }

        return bytes;
    }

    /// <summary>What sets the items that come with a create.</summary>
    /// <exception cref="SessionException">As of <see cref="Require"/>.</exception>
    public static IReadOnlyList<ItemChange> OfNew(IReadOnlyList<Item> items)
    {
        ItemChange[] changes = [.. items.Select(item => ItemChange.Set(item.Key, item.Value, compareRevision: 0))];
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Revision != 0)
            {
                throw Refused(SessionStatus.InvalidArgument, New, i, $"revision is {items[i].Revision}; that of a new item is 0");
            }
        }

        if (changes.Length > 0)
        {
            Require(changes, New);
        }

        return changes;
    }

    /// <summary>Refuses what makes no sense together, and more than goes in one commit.</summary>
    /// <exception cref="SessionException">InvalidArgument, ItemTooLarge or TooLong, naming the change.</exception>
    public static void Require(IReadOnlyList<ItemChange> changes, string list = Given)
    {
        if (changes.Count is 0 or > Limits.MaxItemChanges)
        {
            throw new SessionException(
                changes.Count == 0 ? SessionStatus.InvalidArgument : SessionStatus.TooLong,
                $"{list} has {changes.Count} entries; it must have 1 to {Limits.MaxItemChanges}");
        }

        Dictionary<string, int> first = new(StringComparer.Ordinal);
        for (int i = 0; i < changes.Count; i++)
        {
            RequireSense(changes[i], list, i);
            if (!first.TryAdd(changes[i].Key, i))
            {
                throw Refused(
                    SessionStatus.InvalidArgument, list, i, $"key '{changes[i].Key}' is that of {list}[{first[changes[i].Key]}] too");
            }
        }

        long bytes = BytesOf(changes);
        if (bytes > Limits.MaxItemChangesBytes)
        {
            throw new SessionException(
                SessionStatus.TooLong,
                $"the keys and values of {list} have {bytes} bytes; the limit is {Limits.MaxItemChangesBytes}");
        }
    }

    /// <summary>The refusal of one of them.</summary>
    public static SessionException Refused(
        SessionStatus status, string list, int index, string message, Exception? cause = null) =>
        new(status, $"{list}[{index}]: {message}", cause);

    private static void RequireSense(ItemChange change, string list, int index)
    {
        if (change.Kind is not (ItemChangeKind.Set or ItemChangeKind.Remove or ItemChangeKind.Check))
        {
            throw Refused(SessionStatus.InvalidArgument, list, index, $"kind is {(uint)change.Kind}; it must be 1, 2 or 3");
        }

        if (change.Kind != ItemChangeKind.Set && change.Value.Length > 0)
        {
            throw Refused(
                SessionStatus.InvalidArgument, list, index, $"a value of {change.Value.Length} bytes for item '{change.Key}', which is not set");
        }

        if (change is { Kind: ItemChangeKind.Check, CompareRevision: null })
        {
            throw Refused(SessionStatus.InvalidArgument, list, index, $"a check of item '{change.Key}' with any revision checks nothing");
        }

        if (change.Value.Length > Limits.MaxItemBytes)
        {
            throw Refused(
                SessionStatus.ItemTooLarge, list, index,
                $"item '{change.Key}' has a value of {change.Value.Length} bytes; the limit is {Limits.MaxItemBytes}");
        }
    }
}
