using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Items" of the C header, as a follower uses it without blocking.</summary>
internal static unsafe class ItemAsyncExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_set_item_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status SetItemAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key,
        interop_sessions_bytes value, ulong compare_revision, uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, ulong, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
            byte[] bytes = Arguments.ReadBytes(value, "value", (int)Limits.MaxItemBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginSetItem(
                expected_epoch, name, bytes, Values.CompareRevision(compare_revision), timeoutMs,
                (failure, revision) => host.Complete(
                    failure, (status, told) => completion(user_data, status, told, revision))).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_remove_item_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status RemoveItemAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key, ulong compare_revision,
        uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginRemoveItem(
                expected_epoch, name, Values.CompareRevision(compare_revision), timeoutMs,
                failure => host.Complete(failure, (status, told) => completion(user_data, status, told))).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_get_item_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status GetItemAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key, uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_item*, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginGetItem(
                expected_epoch, name, timeoutMs,
                (failure, item) => host.Complete(
                    failure, () => Pages.Of(item!),
                    (status, told, block) => completion(user_data, status, told, (interop_sessions_item*)block))).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_list_items_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ListItemsAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string prefix, uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_item_page*, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            string start = Arguments.ReadString(prefix, "prefix", Limits.MaxItemKeyBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginListItems(
                expected_epoch, start, timeoutMs,
                (failure, items) => host.Complete(
                    failure, () => Pages.Of(items!),
                    (status, told, block) => completion(user_data, status, told, (interop_sessions_item_page*)block))).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }
}
