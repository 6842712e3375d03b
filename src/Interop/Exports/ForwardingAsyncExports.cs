using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>What a follower forwards without blocking beside items: access points and data reports.</summary>
internal static unsafe class ForwardingAsyncExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_find_access_point_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status FindAccessPointAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_access_point_kind kind,
        interop_sessions_string @object, uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_access_point*, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            AccessPointKind known = Values.KindFromNative(kind, "kind");
            string name = Arguments.ReadString(@object, "object", Limits.MaxObjectBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginFindAccessPoint(
                expected_epoch, known, name, timeoutMs,
                (failure, found) => host.Complete(failure, (status, told) =>
                {
                    interop_sessions_access_point answer = found == null ? default : Values.ToNative(found);
                    completion(user_data, status, told, found == null ? null : &answer);
                })).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_release_access_point_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ReleaseAccessPointAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_access_point_kind kind,
        interop_sessions_string @object, interop_sessions_access_point* found, uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            AccessPointKind known = Values.KindFromNative(kind, "kind");
            string name = Arguments.ReadString(@object, "object", Limits.MaxObjectBytes);
            AccessPoint? released = Values.FromNative(found, "found");
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginReleaseAccessPoint(
                expected_epoch, known, name, released, timeoutMs,
                failure => host.Complete(failure, (status, told) => completion(user_data, status, told))).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_report_data_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ReportDataAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_report_window window, ulong* pids,
        uint pid_count, uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_report_window, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            ulong[] reported = Arguments.ReadPids(pids, pid_count);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginReportData(
                expected_epoch, Values.FromNative(window, "window"), reported, timeoutMs,
                (failure, next) => host.Complete(
                    failure, (status, told) => completion(user_data, status, told, Values.ToNative(next)))).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }
}
