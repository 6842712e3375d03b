using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>What a follower forwards to the master beside items: access points and data reports.</summary>
internal static unsafe partial class ForwardingExports
{
    [Export("follower_find_access_point")]
    private static void FindAccessPoint(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_access_point_kind kind,
        interop_sessions_string @object, interop_sessions_call_options* options, interop_sessions_access_point* access_point)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(@object, "object", Limits.MaxObjectBytes);
        CallOptions call = CallOptions.Read(options);
        Results.RequireRoom(access_point, "access_point");
        using CallOptions.TraceScope trace = call.Trace();
        AccessPoint found = target.FindAccessPoint(expected_epoch, (AccessPointKind)kind, name, call.TimeoutMs);
        Results.WriteStruct(access_point, Values.ToNative(found), "access_point");
    }

    [Export("follower_release_access_point")]
    private static void ReleaseAccessPoint(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_access_point_kind kind,
        interop_sessions_string @object, interop_sessions_access_point* found, interop_sessions_call_options* options)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(@object, "object", Limits.MaxObjectBytes);
        AccessPoint? released = Values.FromNative(found, "found");
        CallOptions call = CallOptions.Read(options);
        using CallOptions.TraceScope trace = call.Trace();
        target.ReleaseAccessPoint(expected_epoch, (AccessPointKind)kind, name, released, call.TimeoutMs);
    }

    [Export("follower_report_data")]
    private static void ReportData(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_report_window* window, ulong* pids,
        uint pid_count, interop_sessions_call_options* options, interop_sessions_report_window* next)
    {
        SessionFollower target = Targets.Of(follower);
        ReportWindow reported = Values.FromNative(window, "window");
        ulong[] present = Arguments.ReadPids(pids, pid_count);
        CallOptions call = CallOptions.Read(options);
        Results.RequireRoom(next, "next");
        using CallOptions.TraceScope trace = call.Trace();
        ReportWindow wanted = target.ReportData(expected_epoch, reported, present, call.TimeoutMs);
        Results.WriteStruct(next, Values.ToNative(wanted), "next");
    }
}
