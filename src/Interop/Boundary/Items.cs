using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>Items, and what a host wants of them, as C has them.</summary>
internal static unsafe class Items
{
    internal static ItemChange[] FromNative(interop_sessions_item_change* first, uint count, string name)
    {
        RequireCount(count, name);
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

    internal static Item[] FromNative(interop_sessions_item* first, uint count, string name)
    {
        RequireCount(count, name);
        Item[] items = new Item[count];
        for (int i = 0; i < items.Length; i++)
        {
            interop_sessions_item native = Arguments.ReadElement(first, i, name);
            Arguments.RequireReserved(native.reserved, $"{name}[{i}].reserved");
            items[i] = new Item(
                Arguments.ReadString(native.key, $"{name}[{i}].key", Limits.MaxItemKeyBytes),
                Arguments.ReadBytes(native.value, $"{name}[{i}].value", (int)Limits.MaxItemBytes), native.revision);
        }

        return items;
    }

    internal static nuint SizeOf(Item item) => OutBlock.SizeOf(item.Key) + (nuint)item.Value.Length;

    internal static interop_sessions_item ToNative(Item item, ref OutBlock block) => new()
    {
        struct_size = (uint)sizeof(interop_sessions_item),
        key = block.Text(item.Key),
        value = block.Bytes(item.Value.Span),
        revision = item.Revision,
    };

    private static void RequireCount(uint count, string name)
    {
        if (count > Limits.MaxItemChanges)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"{name} has {count} entries; the limit is {Limits.MaxItemChanges}");
        }
    }
}
