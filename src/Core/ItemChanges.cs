using System;
using System.Collections.Generic;
using System.Text;

namespace Interop.Sessions;

/// <summary>
/// What several changes of items must be, whatever session they are for: a follower asks before it sends them, a master before
/// it decides.
/// </summary>
public static class ItemChanges
{
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

    /// <summary>Refuses what makes no sense together, and more than goes in one commit.</summary>
    /// <exception cref="SessionException">InvalidArgument, ItemTooLarge or TooLong, naming the change.</exception>
    public static void Require(IReadOnlyList<ItemChange> changes)
    {
        if (changes.Count is 0 or > Limits.MaxItemChanges)
        {
            throw new SessionException(
                changes.Count == 0 ? SessionStatus.InvalidArgument : SessionStatus.TooLong,
                $"there are {changes.Count} changes; there must be 1 to {Limits.MaxItemChanges}");
        }

        Dictionary<string, int> first = new(StringComparer.Ordinal);
        for (int i = 0; i < changes.Count; i++)
        {
            RequireSense(changes[i], i);
            if (!first.TryAdd(changes[i].Key, i))
            {
                throw Refused(
                    SessionStatus.InvalidArgument, i, $"key '{changes[i].Key}' is that of changes[{first[changes[i].Key]}] too");
            }
        }

        long bytes = BytesOf(changes);
        if (bytes > Limits.MaxItemChangesBytes)
        {
            throw new SessionException(
                SessionStatus.TooLong,
                $"the keys and values of the changes have {bytes} bytes; the limit is {Limits.MaxItemChangesBytes}");
        }
    }

    /// <summary>The refusal of one of them.</summary>
    public static SessionException Refused(SessionStatus status, int index, string message, Exception? cause = null) =>
        new(status, $"changes[{index}]: {message}", cause);

    private static void RequireSense(ItemChange change, int index)
    {
        if (change.Kind is not (ItemChangeKind.Set or ItemChangeKind.Remove or ItemChangeKind.Check))
        {
            throw Refused(SessionStatus.InvalidArgument, index, $"kind is {(uint)change.Kind}; it must be 1, 2 or 3");
        }

        if (change.Kind != ItemChangeKind.Set && change.Value.Length > 0)
        {
            throw Refused(
                SessionStatus.InvalidArgument, index, $"a value of {change.Value.Length} bytes for item '{change.Key}', which is not set");
        }

        if (change is { Kind: ItemChangeKind.Check, CompareRevision: null })
        {
            throw Refused(SessionStatus.InvalidArgument, index, $"a check of item '{change.Key}' with any revision checks nothing");
        }

        if (change.Value.Length > Limits.MaxItemBytes)
        {
            throw Refused(
                SessionStatus.ItemTooLarge, index,
                $"item '{change.Key}' has a value of {change.Value.Length} bytes; the limit is {Limits.MaxItemBytes}");
        }
    }
}
