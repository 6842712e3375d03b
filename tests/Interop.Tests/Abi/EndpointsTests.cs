using System;
using System.Linq;
using System.Runtime.InteropServices;
using Interop.Sessions.Native;
using Xunit;
using static Interop.Sessions.Native.interop_sessions_access_point_kind;
using static Interop.Sessions.Native.InteropSessionsNative;
using Kind = Interop.Sessions.Native.interop_sessions_access_point_kind;

namespace Interop.Sessions.Interop.Tests.Abi;

/// <summary>The endpoints of a server, from its create to the list of sessions and the access point.</summary>
[Collection(nameof(OneLibrary))]
public sealed unsafe class EndpointsTests : IDisposable
{
    private const Kind OwnKind = (Kind)(INTEROP_SESSIONS_FIRST_HOST_KIND + 7);

    private readonly RunningSession _running = new();
    private readonly interop_sessions_error* _error =
        (interop_sessions_error*)NativeMemory.AllocZeroed((nuint)sizeof(interop_sessions_error));

    public EndpointsTests() => *_error = Native.NewError();

    public void Dispose()
    {
        _running.Dispose();
        NativeMemory.Free(_error);
    }

    [Fact]
    public void A_list_shows_them_in_the_servers_order()
    {
        Assert.Equal(interop_sessions_status.INTEROP_SESSIONS_OK, Create(Native.Endpoints(
            (OwnKind, "own"), (INTEROP_SESSIONS_ACCESS_POINT_NFS, "a:2049"), (INTEROP_SESSIONS_ACCESS_POINT_NFS, "b:2049")), 3));

        interop_sessions_session_page* page;
        Ok(interop_sessions_master_list_sessions(_running.Master, 0, 0, &page, _error));
        interop_sessions_session_request* request = page->first_row->request;
        Assert.Equal(3u, request->endpoint_count);
        Assert.Equal(
            ["65543 own", "1 a:2049", "1 b:2049"],
            Enumerable.Range(0, 3).Select(i => $"{(uint)request->first_endpoint[i].kind} {Native.ToText(request->first_endpoint[i].address)}"));
        Assert.Equal((uint)sizeof(interop_sessions_endpoint), request->first_endpoint->struct_size);
        interop_sessions_free(page);
    }

    [Fact]
    public void A_kind_of_the_hosts_own_is_found_and_the_first_address_of_a_kind_is_told()
    {
        Assert.Equal(interop_sessions_status.INTEROP_SESSIONS_OK, Create(Native.Endpoints(
            (INTEROP_SESSIONS_ACCESS_POINT_NVMEOF, "nqn.1"), (OwnKind, "own"), (INTEROP_SESSIONS_ACCESS_POINT_NVMEOF, "nqn.2")), 3));

        Assert.Equal("own", Find(OwnKind));
        Assert.Equal("nqn.1", Find(INTEROP_SESSIONS_ACCESS_POINT_NVMEOF));
        Assert.Equal("HOST_KIND", new string(interop_sessions_access_point_kind_name(OwnKind)));
    }

    [Fact]
    public void Those_of_a_newer_header_are_read_by_their_size_and_refused_where_they_say_more_than_is_known()
    {
        interop_sessions_endpoint* known = Native.Endpoints((INTEROP_SESSIONS_ACCESS_POINT_NFS, "a"), (OwnKind, "b"));
        int size = sizeof(interop_sessions_endpoint) + 8;
        byte* newer = (byte*)NativeMemory.AllocZeroed(2, (nuint)size);
        for (int i = 0; i < 2; i++)
        {
            *(interop_sessions_endpoint*)(newer + (i * size)) = known[i];
            *(uint*)(newer + (i * size)) = (uint)size;
        }

        newer[(2 * size) - 1] = 1;
        Refuses(interop_sessions_status.INTEROP_SESSIONS_INVALID_STRUCT_SIZE, newer, 2, "endpoints[1] has a value at byte 31");
        newer[(2 * size) - 1] = 0;
        *(uint*)(newer + size) = (uint)sizeof(interop_sessions_endpoint);
        Refuses(interop_sessions_status.INTEROP_SESSIONS_INVALID_STRUCT_SIZE, newer, 2, "endpoints[1].struct_size is 24");
        *(uint*)(newer + size) = (uint)size;
        Assert.Equal(interop_sessions_status.INTEROP_SESSIONS_OK, Create(newer, 2));
        Assert.Equal("b", Find(OwnKind));
        NativeMemory.Free(newer);
    }

    [Fact]
    public void What_is_no_endpoint_is_refused_by_its_place_and_field()
    {
        const interop_sessions_status Invalid = interop_sessions_status.INTEROP_SESSIONS_INVALID_ARGUMENT;
        Refuses(Invalid, null, 1, "endpoints must not be NULL");
        Refuses(Invalid, Native.Endpoints((INTEROP_SESSIONS_ACCESS_POINT_NFS, "a"), (0, "b")), 2, "endpoints[1].kind is 0");
        Refuses(Invalid, Native.Endpoints(((Kind)4, "a")), 1, "endpoints[0].kind is 4");
        Refuses(Invalid, Native.Endpoints(((Kind)0xffff, "a")), 1, "endpoints[0].kind is 65535");
        Refuses(Invalid, Native.Endpoints((OwnKind, "")), 1, "endpoints[0].address must not be empty");
        Refuses(
            interop_sessions_status.INTEROP_SESSIONS_TOO_LONG,
            Native.Endpoints([.. Enumerable.Repeat((OwnKind, "a"), 17)]), 17, "endpoints has 17 entries; the limit is 16");
        Assert.Equal(
            interop_sessions_status.INTEROP_SESSIONS_OK,
            Create(Native.Endpoints([.. Enumerable.Repeat((OwnKind, new string('a', 256)), 16)]), 16));
    }

    private void Refuses(interop_sessions_status status, void* endpoints, uint count, string said)
    {
        Assert.Equal(status, Create(endpoints, count));
        Assert.Contains(said, Native.MessageOf(*_error), StringComparison.Ordinal);
    }

    private interop_sessions_status Create(void* endpoints, uint count)
    {
        interop_sessions_server_description description = RunningSession.NewDescription();
        description.endpoints = (interop_sessions_endpoint*)endpoints;
        description.endpoint_count = count;
        return interop_sessions_follower_create_session(_running.Follower, &description, Native.Within(20_000), null, _error);
    }

    private string Find(Kind kind)
    {
        interop_sessions_session_info now = new() { struct_size = (uint)sizeof(interop_sessions_session_info) };
        Ok(interop_sessions_follower_session(_running.Follower, &now, _error));
        interop_sessions_access_point found = new() { struct_size = (uint)sizeof(interop_sessions_access_point) };
        Ok(interop_sessions_follower_find_access_point(
            _running.Follower, now.epoch, kind, Native.Text("volume"), null, &found, _error));
        return Marshal.PtrToStringUTF8((nint)(&found.endpoint))!;
    }

    private void Ok(interop_sessions_status status) => Native.Ok(status, *_error);
}
