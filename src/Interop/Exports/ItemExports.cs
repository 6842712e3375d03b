using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Items" of the C header, as a follower uses it.</summary>
internal static unsafe partial class ItemExports
{
    [Export("follower_set_item")]
    private static void SetItem(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key,
        interop_sessions_bytes value, ulong compare_revision, interop_sessions_call_options* options, ulong* revision)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
        byte[] bytes = Arguments.ReadBytes(value, "value", (int)Limits.MaxItemBytes);
        CallOptions call = CallOptions.Read(options);
        using CallOptions.TraceScope trace = call.Trace();
        ulong changed = target.SetItem(
            expected_epoch, name, bytes, Values.CompareRevision(compare_revision), call.TimeoutMs);
        if (revision != null)
        {
            *revision = changed;
        }
    }

    [Export("follower_remove_item")]
    private static void RemoveItem(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key, ulong compare_revision,
        interop_sessions_call_options* options)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
        CallOptions call = CallOptions.Read(options);
        using CallOptions.TraceScope trace = call.Trace();
        target.RemoveItem(expected_epoch, name, Values.CompareRevision(compare_revision), call.TimeoutMs);
    }

    [Export("follower_apply_items")]
    private static void ApplyItems(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_item_change* changes, uint change_count,
        interop_sessions_call_options* options, ulong* revision)
    {
        SessionFollower target = Targets.Of(follower);
        ItemChange[] wanted = Items.FromNative(changes, change_count, "changes");
        CallOptions call = CallOptions.Read(options);
        using CallOptions.TraceScope trace = call.Trace();
        ulong changed = target.ApplyItems(expected_epoch, wanted, call.TimeoutMs);
        if (revision != null)
        {
            *revision = changed;
        }
    }

    [Export("follower_get_item")]
    private static void GetItem(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key,
        interop_sessions_call_options* options, interop_sessions_item** item)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(item, "item");
        using CallOptions.TraceScope trace = call.Trace();
        *item = Pages.Of(target.GetItem(expected_epoch, name, call.TimeoutMs));
    }

    [Export("follower_list_items")]
    private static void ListItems(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string prefix,
        interop_sessions_call_options* options, interop_sessions_item_page** page)
    {
        SessionFollower target = Targets.Of(follower);
        string start = Arguments.ReadString(prefix, "prefix", Limits.MaxItemKeyBytes);
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(page, "page");
        using CallOptions.TraceScope trace = call.Trace();
        *page = Pages.Of(target.ListItems(expected_epoch, start, call.TimeoutMs));
    }
}
