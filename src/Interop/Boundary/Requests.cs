using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>A SessionRequest as C sees it; its text lives in an <see cref="OutBlock"/>.</summary>
internal static unsafe class Requests
{
    internal static nuint SizeOf(SessionItem item) =>
        OutBlock.SizeOf(item.Identity) + OutBlock.SizeOf(item.HostName) +
        OutBlock.SizeOf(item.NfsEndpoint) + OutBlock.SizeOf(item.IscsiEndpoint);

    internal static interop_sessions_session_request ToNative(
        SessionItem item, ulong sessionId, ulong epoch, ulong masterEpoch, uint termMs, ref OutBlock block) => new()
        {
            struct_size = (uint)sizeof(interop_sessions_session_request),
            term_ms = termMs,
            session_id = sessionId,
            epoch = epoch,
            capabilities = item.Capabilities,
            master_epoch = masterEpoch,
            process_id = item.ProcessId,
            identity = block.Text(item.Identity),
            host_name = block.Text(item.HostName),
            nfs_endpoint = block.Text(item.NfsEndpoint),
            iscsi_endpoint = block.Text(item.IscsiEndpoint),
        };

    internal static interop_sessions_session_request ToNative(SessionRequest request, ref OutBlock block) =>
        ToNative(request.Item, request.SessionId, request.Epoch, request.MasterEpoch, request.TermMs, ref block);
}
