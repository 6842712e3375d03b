using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>A SessionRequest as C sees it; its text lives in an <see cref="OutBlock"/>.</summary>
internal static unsafe class Requests
{
    /// <summary>Of its endpoints and items, which stand in front, and all text and bytes.</summary>
    internal static nuint SizeOf(ServerDescription description)
    {
        nuint size = (nuint)(description.Endpoints.Count * sizeof(interop_sessions_endpoint)) +
            OutBlock.SizeOf(description.Identity) + OutBlock.SizeOf(description.HostName);
        foreach (Endpoint endpoint in description.Endpoints)
        {
            size += OutBlock.SizeOf(endpoint.Address);
        }

        foreach (Item item in description.Items)
        {
            size += (nuint)sizeof(interop_sessions_item) + Items.SizeOf(item);
        }

        return size;
    }

    /// <summary>The endpoints and items go where the caller has room for them, in the block.</summary>
    internal static interop_sessions_session_request ToNative(
        SessionRequest request, interop_sessions_endpoint* endpoints, interop_sessions_item* items, ref OutBlock block)
    {
        ServerDescription description = request.Description;
        for (int i = 0; i < description.Items.Count; i++)
        {
            items[i] = Items.ToNative(description.Items[i], ref block);
        }

        for (int i = 0; i < description.Endpoints.Count; i++)
        {
            endpoints[i] = new interop_sessions_endpoint
            {
                struct_size = (uint)sizeof(interop_sessions_endpoint),
                kind = (interop_sessions_access_point_kind)description.Endpoints[i].Kind,
                address = block.Text(description.Endpoints[i].Address),
            };
        }

        return new interop_sessions_session_request
        {
            struct_size = (uint)sizeof(interop_sessions_session_request),
            term_ms = request.TermMs,
            session_id = request.SessionId,
            epoch = request.Epoch,
            capabilities = description.Capabilities,
            master_epoch = request.MasterEpoch,
            process_id = description.ProcessId,
            flags = (uint)request.Flags,
            item_count = (uint)request.ItemCount,
            created_ns = request.CreatedNs,
            renewed_ns = request.RenewedNs,
            identity = block.Text(description.Identity),
            host_name = block.Text(description.HostName),
            first_endpoint = endpoints,
            endpoint_count = (uint)description.Endpoints.Count,
            first_item = items,
            brought_count = (uint)description.Items.Count,
        };
    }

    internal static interop_sessions_session_request ToNative(SessionRequest request, ref OutBlock block) =>
        ToNative(
            request, block.Structs<interop_sessions_endpoint>(request.Description.Endpoints.Count),
            block.Structs<interop_sessions_item>(request.Description.Items.Count), ref block);
}
