using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>Getting a session, with and without blocking.</summary>
internal static unsafe class CreateSessionExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_create_session", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status CreateSession(
        interop_sessions_follower follower, interop_sessions_server_description* description, uint timeout_ms,
        interop_sessions_session_info* session, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            ServerDescription wanted = Values.FromNative(description, target.Identity);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCreateTimeoutMs);
            if (session != null)
            {
                Results.RequireRoom(session, "session");
            }

            SessionInfo created = target.CreateSession(wanted, timeoutMs, CancellationToken.None);
            if (session != null)
            {
                Results.WriteStruct(session, Values.ToNative(created), "session");
            }
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_reattach_session", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ReattachSession(
        interop_sessions_follower follower, ulong session_id, interop_sessions_secret secret, uint timeout_ms,
        interop_sessions_session_info* session, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCreateTimeoutMs);
            if (session != null)
            {
                Results.RequireRoom(session, "session");
            }

            SessionInfo reattached = target.ReattachSession(session_id, Values.FromNative(secret), timeoutMs);
            if (session != null)
            {
                Results.WriteStruct(session, Values.ToNative(reattached), "session");
            }
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_report_health", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ReportHealth(
        interop_sessions_follower follower, uint healthy_for_ms, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            Library.Handles.Get<SessionFollower>(follower.value, "follower").ReportHealth(healthy_for_ms);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_create_session_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status CreateSessionAsync(
        interop_sessions_follower follower, interop_sessions_server_description* description, uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_info*, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            ServerDescription wanted = Values.FromNative(description, target.Identity);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCreateTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginCreateSession(
                wanted, timeoutMs, (failure, created) => CompleteCreate(host, completion, user_data, failure, created)).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_reattach_session_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ReattachSessionAsync(
        interop_sessions_follower follower, ulong session_id, interop_sessions_secret secret, uint timeout_ms,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_info*, void> completion,
        void* user_data, interop_sessions_operation* operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            UInt128 key = Values.FromNative(secret);
            uint timeoutMs = Arguments.ReadTimeout(timeout_ms, Limits.DefaultCreateTimeoutMs);
            Arguments.RequirePointer(completion, "completion");
            HostCompletion host = new(handles);
            host.Begin(follower.value, operation, () => target.BeginReattachSession(
                session_id, key, timeoutMs,
                (failure, taken) => CompleteCreate(host, completion, user_data, failure, taken)).Cancel);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_operation_cancel", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Cancel(
        interop_sessions_operation operation, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            Library.Handles.Get<HostCompletion>(operation.value, "operation").Cancel();
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    private static void CompleteCreate(
        HostCompletion host,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_info*, void> completion,
        void* userData, SessionException? failure, SessionInfo? created) =>
        host.Complete(failure, (status, error) =>
        {
            interop_sessions_session_info info = created == null ? default : Values.ToNative(created);
            completion(userData, status, error, created == null ? null : &info);
        });
}
