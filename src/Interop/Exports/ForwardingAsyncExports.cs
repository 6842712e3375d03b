using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>What a follower forwards without blocking beside items: access points and data reports.</summary>
internal static unsafe partial class ForwardingAsyncExports
{
    [Export("follower_find_access_point_async")]
    private static void FindAccessPointAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_access_point_kind kind,
        interop_sessions_string @object, interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_access_point*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        AccessPointKind known = Values.KindFromNative(kind, "kind");
        string name = Arguments.ReadString(@object, "object", Limits.MaxObjectBytes);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.FindAccessPointAsync(expected_epoch, known, name, call.TimeoutMs, ending),
            (status, told, found) =>
            {
                interop_sessions_access_point answer = found == null ? default : Values.ToNative(found);
                completion(user_data, status, told, found == null ? null : &answer);
            });
    }

    [Export("follower_release_access_point_async")]
    private static void ReleaseAccessPointAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_access_point_kind kind,
        interop_sessions_string @object, interop_sessions_access_point* found, interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        AccessPointKind known = Values.KindFromNative(kind, "kind");
        string name = Arguments.ReadString(@object, "object", Limits.MaxObjectBytes);
        AccessPoint? released = Values.FromNative(found, "found");
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.ReleaseAccessPointAsync(expected_epoch, known, name, released, call.TimeoutMs, ending),
            (status, told) => completion(user_data, status, told));
    }

    [Export("follower_report_data_async")]
    private static void ReportDataAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_report_window* window, ulong* pids,
        uint pid_count, interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_report_window*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        ReportWindow reported = Values.FromNative(window, "window");
        ulong[] present = Arguments.ReadPids(pids, pid_count);
        reported.RequireAll(present);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.ReportDataAsync(expected_epoch, reported, present, call.TimeoutMs, ending),
            (status, told, next) =>
            {
                interop_sessions_report_window answer = Values.ToNative(next);
                completion(user_data, status, told, status == interop_sessions_status.INTEROP_SESSIONS_OK ? &answer : null);
            });
    }
}
