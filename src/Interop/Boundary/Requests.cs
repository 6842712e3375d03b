using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>A SessionRequest as C sees it; its text lives in an <see cref="OutBlock"/>.</summary>
internal static unsafe class Requests
{
    internal static nuint SizeOf(ServerDescription description) =>
        OutBlock.SizeOf(description.Identity) + OutBlock.SizeOf(description.HostName) +
        OutBlock.SizeOf(description.NfsEndpoint) + OutBlock.SizeOf(description.IscsiEndpoint);

    internal static interop_sessions_session_request ToNative(
        ServerDescription description, ulong sessionId, ulong epoch, ulong masterEpoch, uint termMs, ref OutBlock block) => new()
        {
            struct_size = (uint)sizeof(interop_sessions_session_request),
            term_ms = termMs,
            session_id = sessionId,
            epoch = epoch,
            capabilities = description.Capabilities,
            master_epoch = masterEpoch,
            process_id = description.ProcessId,
            identity = block.Text(description.Identity),
            host_name = block.Text(description.HostName),
            nfs_endpoint = block.Text(description.NfsEndpoint),
            iscsi_endpoint = block.Text(description.IscsiEndpoint),
        };

    internal static interop_sessions_session_request ToNative(SessionRequest request, ref OutBlock block) =>
        ToNative(request.Description, request.SessionId, request.Epoch, request.MasterEpoch, request.TermMs, ref block);
}
