using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Interop.Sessions.Native;
using Interop.Sessions.Tests.Support;
using Xunit;
using static Interop.Sessions.Native.InteropSessionsNative;

namespace Interop.Sessions.Interop.Tests.Abi;

/// <summary>Every part of the ABI, called as a C host calls it, against the built library.</summary>
[Collection(nameof(OneLibrary))]
public sealed unsafe class SessionThroughTheAbiTests : IDisposable
{
    private readonly RunningSession _running = new();
    private readonly interop_sessions_error* _error = NewError();

    public void Dispose()
    {
        _running.Dispose();
        NativeMemory.Free(_error);
    }

    [Fact]
    public void A_create_runs_its_callbacks_in_order_and_answers_what_the_master_granted()
    {
        interop_sessions_registration registration = Register();
        interop_sessions_session_info session = _running.CreateSession();
        string[] expected =
        [
            "initialize cs1", $"master created epoch {session.epoch}", "created", "registered",
            "state INTEROP_SESSIONS_STATE_ALIVE",
        ];
        Assert.Equal(expected, _running.Events);
        Assert.Equal(1500u, session.term_ms);
        Assert.Equal(0b101u, session.capabilities);
        Assert.Equal(4u, session.report_size);
        Ok(interop_sessions_unregister_session_create_cb(registration, 0, _error));
    }

    [Fact]
    public void The_steps_inside_the_library_are_logged_in_order()
    {
        _running.CreateSession();
        Eventually.IsTrue(() => _running.Steps.Any(step => step.StartsWith("6/6", StringComparison.Ordinal)), "step 6 of the create");
        Assert.Equal("23456", string.Concat(_running.Steps.Select(step => step[0])));
    }

    [Fact]
    public void The_session_and_its_lease_word_agree()
    {
        interop_sessions_session_info created = _running.CreateSession();
        interop_sessions_session_info now = new() { struct_size = (uint)sizeof(interop_sessions_session_info) };
        interop_sessions_lease* lease;
        Ok(interop_sessions_follower_session(_running.Follower, &now, _error));
        Ok(interop_sessions_follower_lease(_running.Follower, &lease, _error));
        Assert.Equal(created.session_id, now.session_id);
        Assert.Equal(interop_sessions_session_state.INTEROP_SESSIONS_STATE_ALIVE, now.state);
        Assert.Equal(created.epoch, lease->epoch);
        Assert.True(Volatile.Read(ref lease->deadline_ns) > Protocol.BootClock.NowNs);
    }

    [Fact]
    public void Items_are_set_got_listed_and_removed()
    {
        ulong epoch = _running.CreateSession().epoch;
        ulong revision;
        interop_sessions_item* item;
        interop_sessions_item_page* page;
        Ok(interop_sessions_follower_set_item(
            _running.Follower, epoch, Native.Text("rack"), Native.Bytes("r1"), INTEROP_SESSIONS_ANY_REVISION, null, &revision, _error));
        Ok(interop_sessions_follower_get_item(_running.Follower, epoch, Native.Text("rack"), null, &item, _error));
        Assert.Equal(revision, item->revision);
        Assert.Equal("r1"u8, new ReadOnlySpan<byte>(item->value.data, (int)item->value.size));
        interop_sessions_free(item);

        Ok(interop_sessions_follower_list_items(_running.Follower, epoch, Native.Text("ra"), null, &page, _error));
        Assert.Equal(1u, page->item_count);
        Assert.Equal("rack", Native.ToText(page->first_item->key));
        interop_sessions_free(page);
        Ok(interop_sessions_follower_remove_item(_running.Follower, epoch, Native.Text("rack"), revision, null, _error));
        Fails(
            interop_sessions_status.INTEROP_SESSIONS_ITEM_NOT_FOUND, "rack",
            interop_sessions_follower_get_item(_running.Follower, epoch, Native.Text("rack"), null, &item, _error));
    }

    [Fact]
    public void An_access_point_is_found_and_a_report_goes_window_by_window()
    {
        ulong epoch = _running.CreateSession().epoch;
        interop_sessions_access_point point = new() { struct_size = (uint)sizeof(interop_sessions_access_point) };
        Ok(interop_sessions_follower_find_access_point(
            _running.Follower, epoch, interop_sessions_access_point_kind.INTEROP_SESSIONS_ACCESS_POINT_NFS,
            Native.Text("volume-1"), null, &point, _error));
        Assert.Equal("10.0.0.1:2049", Marshal.PtrToStringUTF8((nint)(&point.endpoint)));
        Assert.Equal("cs1", Marshal.PtrToStringUTF8((nint)(&point.identity)));

        ulong* pids = stackalloc ulong[] { 1, 3 };
        interop_sessions_report_window window = new() { struct_size = (uint)sizeof(interop_sessions_report_window), report_size = 4 };
        interop_sessions_report_window next = new() { struct_size = (uint)sizeof(interop_sessions_report_window) };
        Ok(interop_sessions_follower_report_data(_running.Follower, epoch, &window, pids, 2, null, &next, _error));
        Assert.Equal(4u, next.start_pid);
        Assert.Contains("report 2 from 0", _running.Events);
    }

    [Fact]
    public void A_master_lists_sessions_and_items()
    {
        interop_sessions_session_info session = _running.CreateSession();
        Ok(interop_sessions_follower_set_item(
            _running.Follower, session.epoch, Native.Text("rack"), Native.Bytes("r1"), INTEROP_SESSIONS_ANY_REVISION, null, null, _error));
        interop_sessions_session_page* page;
        Ok(interop_sessions_master_list_sessions(_running.Master, 0, 0, &page, _error));
        Assert.Equal(1u, page->row_count);
        Assert.Equal(session.session_id, page->first_row->info->session_id);
        Assert.Equal("cs1", Native.ToText(page->first_row->request->identity));
        Assert.Equal((uint)Environment.ProcessId, page->first_row->request->process_id);
        Assert.Equal((0u, 1u), (page->first_row->request->flags, page->first_row->request->item_count));
        Assert.InRange(page->first_row->request->created_ns, 1, page->first_row->request->renewed_ns);
        interop_sessions_free(page);

        interop_sessions_item_page* items;
        Ok(interop_sessions_master_list_items(_running.Master, session.session_id, default, &items, _error));
        Assert.Equal(1u, items->item_count);
        interop_sessions_free(items);
    }

    [Fact]
    public void A_revoked_session_is_lost_and_then_removed()
    {
        interop_sessions_session_info session = _running.CreateSession();
        Ok(interop_sessions_master_revoke_session(
            _running.Master, session.session_id, session.epoch, Native.Text("maintenance"), null, _error));
        Eventually.IsTrue(() => _running.Events.Contains("ended INTEROP_SESSIONS_END_REVOKED"), "the end by the revocation");
        string[] ends = [.. _running.Events.Where(e => e.Contains("END_", StringComparison.Ordinal))];
        Assert.Equal(["lost INTEROP_SESSIONS_END_REVOKED", "ended INTEROP_SESSIONS_END_REVOKED"], ends);
    }

    [Fact]
    public void A_closed_follower_is_told_first_and_the_master_after_and_its_handle_is_stale()
    {
        _running.CreateSession();
        Ok(interop_sessions_follower_close(_running.Follower, 0, _error));
        Eventually.IsTrue(() => _running.Events.Contains("ended INTEROP_SESSIONS_END_CLOSED"), "the end by the close");
        string[] ends = [.. _running.Events.Where(e => e.Contains("END_", StringComparison.Ordinal))];
        Assert.Equal(["lost INTEROP_SESSIONS_END_CLOSED", "ended INTEROP_SESSIONS_END_CLOSED"], ends);
        Fails(interop_sessions_status.INTEROP_SESSIONS_INVALID_HANDLE, "follower", interop_sessions_follower_close(_running.Follower, 0, _error));
    }

    [Fact]
    public void An_asynchronous_create_completes_once_and_its_operation_is_stale_then()
    {
        interop_sessions_server_description description = RunningSession.NewDescription();
        interop_sessions_operation operation;
        Ok(interop_sessions_follower_create_session_async(
            _running.Follower, &description, null, &OnCompleted, _running.UserData, null, &operation, _error));
        Eventually.IsTrue(() => _running.Events.Contains("completed INTEROP_SESSIONS_OK"), "the completion");
        ulong handle = operation.value;
        Eventually.IsTrue(() => Cancel(handle) == interop_sessions_status.INTEROP_SESSIONS_INVALID_HANDLE, "the end of the operation");
        Assert.Single(_running.Events, e => e.StartsWith("completed", StringComparison.Ordinal));
    }

    [Fact]
    public void An_asynchronous_close_makes_its_last_callback()
    {
        _running.CreateSession();
        Ok(interop_sessions_follower_close_async(_running.Follower, &OnClosed, _running.UserData, null, _error));
        Eventually.IsTrue(() => _running.Events.Contains("closed"), "the completion of the close");
        Assert.Contains("lost INTEROP_SESSIONS_END_CLOSED", _running.Events);
    }

    [Fact]
    public void A_stopped_manager_and_a_stopped_master_leave_stale_handles()
    {
        Ok(interop_sessions_follower_manager_close(_running.Manager, 0, _error));
        Ok(interop_sessions_master_stop(_running.Master, 0, _error));
        ushort port;
        Fails(interop_sessions_status.INTEROP_SESSIONS_INVALID_HANDLE, "manager", interop_sessions_follower_manager_close(_running.Manager, 0, _error));
        Fails(interop_sessions_status.INTEROP_SESSIONS_INVALID_HANDLE, "master", interop_sessions_master_port(_running.Master, &port, _error));
        Fails(interop_sessions_status.INTEROP_SESSIONS_INVALID_HANDLE, "follower", interop_sessions_follower_close(_running.Follower, 0, _error));
    }

    private static interop_sessions_error* NewError()
    {
        interop_sessions_error* error = (interop_sessions_error*)NativeMemory.AllocZeroed((nuint)sizeof(interop_sessions_error));
        error->struct_size = (uint)sizeof(interop_sessions_error);
        return error;
    }

    private void Ok(interop_sessions_status status) => Native.Ok(status, *_error);

    private void Fails(interop_sessions_status expected, string named, interop_sessions_status status)
    {
        Assert.Equal(expected, status);
        Assert.Equal(expected, _error->status);
        Assert.Contains(named, Native.MessageOf(*_error), StringComparison.Ordinal);
    }

    private interop_sessions_status Cancel(ulong handle) =>
        interop_sessions_operation_cancel(new interop_sessions_operation { value = handle }, _error);

    private interop_sessions_registration Register()
    {
        interop_sessions_registration registration;
        Ok(interop_sessions_follower_register_session_create_cb(
            _running.Follower, &OnRegistered, _running.UserData, null, &registration, _error));
        return registration;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnRegistered(void* user, interop_sessions_session_info* session) =>
        RunningSession.Of(user).Events.Enqueue("registered");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnCompleted(
        void* user, interop_sessions_status status, interop_sessions_error* error, interop_sessions_session_info* session) =>
        RunningSession.Of(user).Events.Enqueue($"completed {status}");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnClosed(void* user) => RunningSession.Of(user).Events.Enqueue("closed");
}
