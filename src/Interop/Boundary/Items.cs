using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>Arrays of what a host wants of items.</summary>
internal static unsafe class Items
{
    internal static ItemChange[] FromNative(interop_sessions_item_change* first, uint count, string name)
    {
        if (count > Limits.MaxItemChanges)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"{name} has {count} entries; the limit is {Limits.MaxItemChanges}");
        }

        ItemChange[] changes = new ItemChange[count];
        for (int i = 0; i < changes.Length; i++)
        {
            interop_sessions_item_change native = Arguments.ReadElement(first, i, name);
            changes[i] = new ItemChange(
                (ItemChangeKind)native.kind, Arguments.ReadString(native.key, $"{name}[{i}].key", Limits.MaxItemKeyBytes),
                Arguments.ReadBytes(native.value, $"{name}[{i}].value", (int)Limits.MaxItemBytes),
                Values.CompareRevision(native.compare_revision));
        }

        return changes;
    }
}
