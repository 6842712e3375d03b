using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Items" of the C header, as a follower uses it without blocking.</summary>
internal static unsafe partial class ItemAsyncExports
{
    [Export("follower_set_item_async")]
    private static void SetItemAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key,
        interop_sessions_bytes value, ulong compare_revision, interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, ulong, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
        byte[] bytes = Arguments.ReadBytes(value, "value", (int)Limits.MaxItemBytes);
        ulong? compared = Values.CompareRevision(compare_revision);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.SetItemAsync(expected_epoch, name, bytes, compared, call.TimeoutMs, ending),
            (status, told, revision) => completion(user_data, status, told, revision));
    }

    [Export("follower_remove_item_async")]
    private static void RemoveItemAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key, ulong compare_revision,
        interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
        ulong? compared = Values.CompareRevision(compare_revision);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.RemoveItemAsync(expected_epoch, name, compared, call.TimeoutMs, ending),
            (status, told) => completion(user_data, status, told));
    }

    [Export("follower_apply_items_async")]
    private static void ApplyItemsAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_item_change* changes, uint change_count,
        interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, ulong, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        ItemChange[] wanted = Items.FromNative(changes, change_count, "changes");
        ItemChanges.Require(wanted);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.ApplyItemsAsync(expected_epoch, wanted, call.TimeoutMs, ending),
            (status, told, revision) => completion(user_data, status, told, revision));
    }

    [Export("follower_get_item_async")]
    private static void GetItemAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key,
        interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_item*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.GetItemAsync(expected_epoch, name, call.TimeoutMs, ending),
            item => Pages.Of(item),
            (status, told, block) => completion(user_data, status, told, (interop_sessions_item*)block));
    }

    [Export("follower_list_items_async")]
    private static void ListItemsAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string prefix,
        interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_item_page*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        string start = Arguments.ReadString(prefix, "prefix", Limits.MaxItemKeyBytes);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.ListItemsAsync(expected_epoch, start, call.TimeoutMs, ending),
            items => Pages.Of(items),
            (status, told, block) => completion(user_data, status, told, (interop_sessions_item_page*)block));
    }
}
