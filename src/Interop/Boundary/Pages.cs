using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Boundary;

/// <summary>Answers with many rows: each one block of memory that interop_sessions_free gives back.</summary>
internal static unsafe class Pages
{
    internal static interop_sessions_session_page* Of(SessionPage page)
    {
        nuint size = (nuint)sizeof(interop_sessions_session_page);
        foreach (SessionRow row in page.Rows)
        {
            size += SizeOf(row);
        }

        OutBlock block = new(size);
        interop_sessions_session_page* native = block.Structs<interop_sessions_session_page>(1);
        native->struct_size = (uint)sizeof(interop_sessions_session_page);
        native->row_count = (uint)page.Rows.Count;
        interop_sessions_session_row* rows = block.Structs<interop_sessions_session_row>(page.Rows.Count);
        interop_sessions_session_info* infos = block.Structs<interop_sessions_session_info>(page.Rows.Count);
        interop_sessions_session_request* requests = block.Structs<interop_sessions_session_request>(page.Rows.Count);
        interop_sessions_endpoint* endpoints =
            block.Structs<interop_sessions_endpoint>(page.Rows.Sum(row => row.Description.Endpoints.Count));
        native->first_row = rows;
        native->next_session_id = page.NextSessionId;
        for (int i = 0; i < page.Rows.Count; i++)
        {
            rows[i] = ToNative(page.Rows[i], &infos[i], &requests[i], endpoints, ref block);
            endpoints += page.Rows[i].Description.Endpoints.Count;
        }

        return native;
    }

    internal static interop_sessions_session_row* Of(SessionRow row)
    {
        OutBlock block = new(SizeOf(row));
        interop_sessions_session_row* native = block.Structs<interop_sessions_session_row>(1);
        interop_sessions_session_info* info = block.Structs<interop_sessions_session_info>(1);
        interop_sessions_session_request* request = block.Structs<interop_sessions_session_request>(1);
        interop_sessions_endpoint* endpoints = block.Structs<interop_sessions_endpoint>(row.Description.Endpoints.Count);
        *native = ToNative(row, info, request, endpoints, ref block);
        return native;
    }

    internal static interop_sessions_item_page* Of(IReadOnlyList<Item> items)
    {
        nuint size = (nuint)(sizeof(interop_sessions_item_page) + (items.Count * (long)sizeof(interop_sessions_item)));
        foreach (Item item in items)
        {
            size += Items.SizeOf(item);
        }

        OutBlock block = new(size);
        interop_sessions_item_page* native = block.Structs<interop_sessions_item_page>(1);
        native->struct_size = (uint)sizeof(interop_sessions_item_page);
        native->item_count = (uint)items.Count;
        interop_sessions_item* rows = block.Structs<interop_sessions_item>(items.Count);
        native->first_item = rows;
        for (int i = 0; i < items.Count; i++)
        {
            rows[i] = Items.ToNative(items[i], ref block);
        }

        return native;
    }

    internal static interop_sessions_item* Of(Item item)
    {
        OutBlock block = new((nuint)sizeof(interop_sessions_item) + Items.SizeOf(item));
        interop_sessions_item* native = block.Structs<interop_sessions_item>(1);
        *native = Items.ToNative(item, ref block);
        return native;
    }

    private static nuint SizeOf(SessionRow row) => (nuint)(sizeof(interop_sessions_session_row) +
        sizeof(interop_sessions_session_info) + sizeof(interop_sessions_session_request)) + Requests.SizeOf(row.Description);

    private static interop_sessions_session_row ToNative(
        SessionRow row, interop_sessions_session_info* info, interop_sessions_session_request* request,
        interop_sessions_endpoint* endpoints, ref OutBlock block)
    {
        *info = Values.ToNative(row);
        *request = Requests.ToNative(
            new SessionRequest(row.SessionId, row.Epoch, row.Description, row.TermMs)
            {
                MasterEpoch = row.MasterEpoch,
                Flags = row.Flags,
                ItemCount = row.ItemCount,
                CreatedNs = row.CreatedNs,
                RenewedNs = row.RenewedNs,
            },
            endpoints, null, ref block);
        return new interop_sessions_session_row
        {
            struct_size = (uint)sizeof(interop_sessions_session_row),
            info = info,
            request = request,
        };
    }
}
