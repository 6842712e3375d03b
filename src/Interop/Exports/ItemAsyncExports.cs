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
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(follower, target, operation, new UserData(user_data, release), host => target.BeginSetItem(
            expected_epoch, name, bytes, Values.CompareRevision(compare_revision), call.TimeoutMs,
            (failure, revision) => host.Complete(
                failure, (status, told) => completion(user_data, status, told, revision))).Cancel);
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
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(follower, target, operation, new UserData(user_data, release), host => target.BeginRemoveItem(
            expected_epoch, name, Values.CompareRevision(compare_revision), call.TimeoutMs,
            failure => host.Complete(failure, (status, told) => completion(user_data, status, told))).Cancel);
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
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(follower, target, operation, new UserData(user_data, release), host => target.BeginApplyItems(
            expected_epoch, wanted, call.TimeoutMs,
            (failure, revision) => host.Complete(
                failure, (status, told) => completion(user_data, status, told, revision))).Cancel);
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
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(follower, target, operation, new UserData(user_data, release), host => target.BeginGetItem(
            expected_epoch, name, call.TimeoutMs,
            (failure, item) => host.Complete(
                failure, () => Pages.Of(item!),
                (status, told, block) => completion(user_data, status, told, (interop_sessions_item*)block))).Cancel);
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
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(follower, target, operation, new UserData(user_data, release), host => target.BeginListItems(
            expected_epoch, start, call.TimeoutMs,
            (failure, items) => host.Complete(
                failure, () => Pages.Of(items!),
                (status, told, block) => completion(user_data, status, told, (interop_sessions_item_page*)block))).Cancel);
    }
}
