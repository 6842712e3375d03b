using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>What a follower forwards to the master beside items: access points and data reports.</summary>
internal static unsafe class ForwardingExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_find_access_point", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status FindAccessPoint(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_access_point_kind kind,
        interop_sessions_string @object, uint timeout_ms, interop_sessions_access_point* access_point,
        interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            AccessPointKind known = Values.KindFromNative(kind, "kind");
            string name = Arguments.ReadString(@object, "object", Limits.MaxObjectBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Results.RequireRoom(access_point, "access_point");
            AccessPoint found = target.FindAccessPoint(expected_epoch, known, name, timeoutMs);
            Results.WriteStruct(access_point, Values.ToNative(found), "access_point");
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_release_access_point", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ReleaseAccessPoint(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_access_point_kind kind,
        interop_sessions_string @object, interop_sessions_access_point* found, uint timeout_ms,
        interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            AccessPointKind known = Values.KindFromNative(kind, "kind");
            string name = Arguments.ReadString(@object, "object", Limits.MaxObjectBytes);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            target.ReleaseAccessPoint(
                expected_epoch, known, name, Values.FromNative(found, "found"), timeoutMs);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_report_data", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ReportData(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_report_window window, ulong* pids,
        uint pid_count, uint timeout_ms, interop_sessions_report_window* next, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            ulong[] reported = Arguments.ReadPids(pids, pid_count);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCallTimeoutMs);
            Arguments.RequirePointer(next, "next");
            *next = Values.ToNative(
                target.ReportData(expected_epoch, Values.FromNative(window, "window"), reported, timeoutMs));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }
}
