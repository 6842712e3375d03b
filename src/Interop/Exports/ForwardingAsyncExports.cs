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
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(follower, target, operation, new UserData(user_data, release), host => target.BeginFindAccessPoint(
            expected_epoch, known, name, call.TimeoutMs,
            (failure, found) => host.Complete(failure, (status, told) =>
            {
                interop_sessions_access_point answer = found == null ? default : Values.ToNative(found);
                completion(user_data, status, told, found == null ? null : &answer);
            })).Cancel);
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
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(follower, target, operation, new UserData(user_data, release), host => target.BeginReleaseAccessPoint(
            expected_epoch, known, name, released, call.TimeoutMs,
            failure => host.Complete(failure, (status, told) => completion(user_data, status, told))).Cancel);
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
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(follower, target, operation, new UserData(user_data, release), host => target.BeginReportData(
            expected_epoch, reported, present, call.TimeoutMs,
            (failure, next) => host.Complete(failure, (status, told) =>
            {
                interop_sessions_report_window answer = Values.ToNative(next);
                completion(user_data, status, told, failure == null ? &answer : null);
            })).Cancel);
    }
}
