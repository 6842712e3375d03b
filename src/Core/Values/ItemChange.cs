using System;

namespace Interop.Sessions;

/// <summary>What becomes of an item.</summary>
public enum ItemChangeKind : uint
{
    /// <summary>The item gets the value.</summary>
    Set = 1,

    /// <summary>The item is removed.</summary>
    Remove = 2,

    /// <summary>Nothing: it is only compared.</summary>
    Check = 3,
}

/// <summary>One of several changes of a session's items that are made together or not at all.</summary>
/// <param name="Kind">What becomes of the item.</param>
/// <param name="Key">As of an item.</param>
/// <param name="Value">With <see cref="ItemChangeKind.Set"/>: its bytes. Otherwise empty.</param>
/// <param name="CompareRevision">
/// The revision that the item must have before; 0: the item must not exist; null: any, which a
/// <see cref="ItemChangeKind.Check"/> may not say.
/// </param>
public sealed record ItemChange(ItemChangeKind Kind, string Key, ReadOnlyMemory<byte> Value, ulong? CompareRevision)
{
    /// <summary>Sets an item.</summary>
    public static ItemChange Set(string key, ReadOnlyMemory<byte> value, ulong? compareRevision = null) =>
        new(ItemChangeKind.Set, key, value, compareRevision);

    /// <summary>Removes an item, which must exist.</summary>
    public static ItemChange Remove(string key, ulong? compareRevision = null) =>
        new(ItemChangeKind.Remove, key, default, compareRevision);

    /// <summary>Only compares one.</summary>
    public static ItemChange Check(string key, ulong revision) => new(ItemChangeKind.Check, key, default, revision);
}
