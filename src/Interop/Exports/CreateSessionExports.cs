using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>Getting a session, with and without blocking.</summary>
internal static unsafe partial class CreateSessionExports
{
    [Export("follower_create_session")]
    private static void CreateSession(
        interop_sessions_follower follower, interop_sessions_server_description* description, interop_sessions_call_options* options,
        interop_sessions_session_info* session)
    {
        SessionFollower target = Targets.Of(follower);
        ServerDescription wanted = Values.FromNative(description, target.Identity);
        CallOptions call = CallOptions.Read(options, Limits.DefaultCreateTimeoutMs);
        RequireRoom(session);
        using (call.Trace())
        {
            Write(target.CreateSession(wanted, call.TimeoutMs, CancellationToken.None), session);
        }
    }

    [Export("follower_reattach_session")]
    private static void ReattachSession(
        interop_sessions_follower follower, ulong session_id, interop_sessions_secret secret,
        interop_sessions_call_options* options, interop_sessions_session_info* session)
    {
        SessionFollower target = Targets.Of(follower);
        CallOptions call = CallOptions.Read(options, Limits.DefaultCreateTimeoutMs);
        RequireRoom(session);
        using (call.Trace())
        {
            Write(target.ReattachSession(session_id, Values.FromNative(secret), call.TimeoutMs), session);
        }
    }

    [Export("follower_create_session_async")]
    private static void CreateSessionAsync(
        interop_sessions_follower follower, interop_sessions_server_description* description, interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_info*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        ServerDescription wanted = Values.FromNative(description, target.Identity);
        AsyncCall call = new(
            follower, target, options, completion, new UserData(user_data, release), operation, Limits.DefaultCreateTimeoutMs);
        call.Begin(host => target.Ordered.BeginCreateSession(
            wanted, call.TimeoutMs, (failure, created) => Complete(host, completion, user_data, failure, created)).Cancel);
    }

    [Export("follower_reattach_session_async")]
    private static void ReattachSessionAsync(
        interop_sessions_follower follower, ulong session_id, interop_sessions_secret secret,
        interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_info*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        AsyncCall call = new(
            follower, target, options, completion, new UserData(user_data, release), operation, Limits.DefaultCreateTimeoutMs);
        call.Begin(host => target.Ordered.BeginReattachSession(
            session_id, Values.FromNative(secret), call.TimeoutMs,
            (failure, taken) => Complete(host, completion, user_data, failure, taken)).Cancel);
    }

    [Export("operation_cancel")]
    private static void Cancel(interop_sessions_operation operation) =>
        Library.Handles.Get<HostCompletion>(operation.value, "operation").Cancel();

    [Export("operation_wait")]
    private static void Wait(interop_sessions_operation operation, uint timeout_ms)
    {
        int patienceMs = Arguments.ReadEndTimeout(timeout_ms);
        Library.FindUnlessOver<HostCompletion>(HandleMark.Operation, operation.value, "operation")?.Wait(patienceMs);
    }

    // Before the call has an effect.
    private static void RequireRoom(interop_sessions_session_info* session)
    {
        if (session != null)
        {
            Results.RequireRoom(session, "session");
        }
    }

    private static void Write(SessionInfo info, interop_sessions_session_info* session)
    {
        if (session != null)
        {
            Results.WriteStruct(session, Values.ToNative(info), "session");
        }
    }

    private static void Complete(
        HostCompletion host,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_info*, void> completion,
        void* userData, SessionException? failure, SessionInfo? created)
    {
        try
        {
            host.Complete(failure, (status, error) =>
            {
                interop_sessions_session_info info = created == null ? default : Values.ToNative(created);
                completion(userData, status, error, created == null ? null : &info);
            });
        }
        finally
        {
            host.End();
        }
    }
}
