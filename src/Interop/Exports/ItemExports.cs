using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Items" of the C header, as a follower uses it.</summary>
internal static unsafe class ItemExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_set_item", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status SetItem(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key,
        interop_sessions_bytes value, ulong compare_revision, uint timeout_ms, ulong* revision,
        interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
            byte[] bytes = Arguments.ReadBytes(value, "value", (int)Limits.MaxItemBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            ulong changed = target.SetItem(
                expected_epoch, name, bytes, Values.CompareRevision(compare_revision), timeoutMs);
            if (revision != null)
            {
                *revision = changed;
            }
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_remove_item", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status RemoveItem(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key, ulong compare_revision,
        uint timeout_ms, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            target.RemoveItem(expected_epoch, name, Values.CompareRevision(compare_revision), timeoutMs);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_get_item", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status GetItem(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string key, uint timeout_ms,
        interop_sessions_item** item, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(item, "item");
            *item = Pages.Of(target.GetItem(expected_epoch, name, timeoutMs));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_list_items", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ListItems(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string prefix, uint timeout_ms,
        interop_sessions_item_page** page, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            string start = Arguments.ReadString(prefix, "prefix", Limits.MaxItemKeyBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(page, "page");
            *page = Pages.Of(target.ListItems(expected_epoch, start, timeoutMs));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }
}
