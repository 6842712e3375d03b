using System;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>Between the value types of C# and of C, field by field; nothing is decided here.</summary>
internal static unsafe class Values
{
    internal static interop_sessions_session_info ToNative(SessionInfo info)
    {
        interop_sessions_session_info native = new()
        {
            struct_size = (uint)sizeof(interop_sessions_session_info),
            state = (interop_sessions_session_state)info.State,
            session_id = info.SessionId,
            epoch = info.Epoch,
            master_epoch = info.MasterEpoch,
            capabilities = info.Capabilities,
            report_start_pid = info.ReportWindow.StartPid,
            report_size = info.ReportWindow.ReportSize,
            term_ms = info.TermMs,
            end_reason = (interop_sessions_end_reason)info.EndReason,
            flags = info.IsDraining ? (uint)SessionFlags.Draining : 0,
            deadline_ns = info.DeadlineNs,
            secret = new() { low = (ulong)info.Secret, high = (ulong)(info.Secret >> 64) },
        };
        if (info.IsDraining)
        {
            Results.WriteText(
                (byte*)&native.drain_reason, sizeof(interop_sessions_session_info._drain_reason_e__FixedBuffer), info.DrainReason);
        }

        return native;
    }

    internal static interop_sessions_session_info ToNative(SessionRow row) => new()
    {
        struct_size = (uint)sizeof(interop_sessions_session_info),
        state = interop_sessions_session_state.INTEROP_SESSIONS_STATE_ALIVE,
        session_id = row.SessionId,
        epoch = row.Epoch,
        master_epoch = row.MasterEpoch,
        capabilities = row.GrantedCapabilities,
        report_start_pid = row.ReportWindow.StartPid,
        report_size = row.ReportWindow.ReportSize,
        term_ms = row.TermMs,
        deadline_ns = row.DeadlineNs,
    };

    internal static interop_sessions_report_window ToNative(ReportWindow window) =>
        new()
        {
            struct_size = (uint)sizeof(interop_sessions_report_window),
            start_pid = window.StartPid,
            report_size = window.ReportSize,
        };

    internal static ReportWindow FromNative(interop_sessions_report_window* window, string name)
    {
        interop_sessions_report_window native = Arguments.ReadStruct(window, name);
        return new ReportWindow(native.start_pid, native.report_size);
    }

    /// <summary>What a create says of the server; the identity is the follower's.</summary>
    internal static ServerDescription FromNative(interop_sessions_server_description* description, string identity)
    {
        interop_sessions_server_description native = Arguments.ReadStruct(description, "description");
        return new ServerDescription
        {
            Identity = identity,
            Items = Items.FromNative(native.items, native.item_count, "description->items"),
            TermMs = native.term_ms,
            Capabilities = native.capabilities,
            Endpoints = FromNative(native.endpoints, native.endpoint_count, "description->endpoints"),
        };
    }

    private static EndpointList FromNative(interop_sessions_endpoint* first, uint count, string name)
    {
        if (count > Limits.MaxEndpointsPerServer)
        {
            throw new SessionException(
                SessionStatus.TooLong, $"{name} has {count} entries; the limit is {Limits.MaxEndpointsPerServer}");
        }

        Endpoint[] endpoints = new Endpoint[count];
        for (int i = 0; i < endpoints.Length; i++)
        {
            interop_sessions_endpoint native = Arguments.ReadElement(first, i, name);
            string address = Arguments.ReadString(native.address, $"{name}[{i}].address", Limits.MaxEndpointBytes);
            endpoints[i] = address.Length > 0
                ? new Endpoint(KindFromNative(native.kind, $"{name}[{i}].kind"), address)
                : throw new SessionException(SessionStatus.InvalidArgument, $"{name}[{i}].address must not be empty");
        }

        return [.. endpoints];
    }

    internal static AccessPointKind KindFromNative(interop_sessions_access_point_kind kind, string name) =>
        AccessPointKinds.Require((AccessPointKind)kind, name);

    internal static UInt128 FromNative(interop_sessions_secret secret) => new(secret.high, secret.low);

    internal static ulong? CompareRevision(ulong compareRevision) =>
        compareRevision == InteropSessionsNative.INTEROP_SESSIONS_ANY_REVISION ? null : compareRevision;

    /// <summary>What names an assignment; the texts do not.</summary>
    internal static AccessPoint? FromNative(interop_sessions_access_point* found, string name)
    {
        if (found == null)
        {
            return null;
        }

        interop_sessions_access_point native = Arguments.ReadStruct(found, name);
        Arguments.RequireReserved(native.reserved, $"{name}->reserved");
        return native.session_id != 0
            ? new AccessPoint(native.session_id, native.epoch, "", "", native.revision)
            : throw new SessionException(
                SessionStatus.InvalidArgument, $"{name}->session_id is 0: find_access_point did not answer it");
    }

    internal static interop_sessions_access_point ToNative(AccessPoint accessPoint)
    {
        interop_sessions_access_point native = new()
        {
            struct_size = (uint)sizeof(interop_sessions_access_point),
            session_id = accessPoint.SessionId,
            epoch = accessPoint.Epoch,
            revision = accessPoint.Revision,
        };
        Results.WriteText((byte*)&native.endpoint, sizeof(interop_sessions_access_point._endpoint_e__FixedBuffer), accessPoint.Endpoint);
        Results.WriteText((byte*)&native.identity, sizeof(interop_sessions_access_point._identity_e__FixedBuffer), accessPoint.Identity);
        return native;
    }
}
