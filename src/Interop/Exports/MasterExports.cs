using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Hooks;
using Interop.Sessions.Master;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Master" of the C header.</summary>
internal static unsafe class MasterExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_master_start", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Start(
        interop_sessions_master_options* options, interop_sessions_master* master, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            using Library.Creation creation = Library.BeginCreation();
            interop_sessions_master_options native = Arguments.ReadStruct(options, "options");
            Arguments.RequirePointer(master, "master");
            HostAccessManager accessManager = HostAccessManager.Of(native.access_manager, "options->access_manager");
            SessionMasterOptions chosen = MasterOptions.FromNative(native);
            master->value = creation.Add(loggers => SessionMaster.Start(chosen, accessManager, loggers));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_master_port", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Port(
        interop_sessions_master master, ushort* port, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionMaster target = Library.Handles.Get<SessionMaster>(master.value, "master");
            Arguments.RequirePointer(port, "port");
            *port = (ushort)target.Port;
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_master_leads", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Leads(
        interop_sessions_master master, int* leads, ulong* master_epoch, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionMaster target = Library.Handles.Get<SessionMaster>(master.value, "master");
            // Asked once, so that both answers are of one moment.
            ulong epoch = target.MasterEpoch;
            if (leads != null)
            {
                *leads = epoch != 0 ? 1 : 0;
            }

            if (master_epoch != null)
            {
                *master_epoch = epoch;
            }

            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_master_resign", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Resign(interop_sessions_master master, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            Library.Handles.Get<SessionMaster>(master.value, "master").Resign();
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_master_list_sessions", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ListSessions(
        interop_sessions_master master, ulong from_session_id, uint limit, interop_sessions_session_page** page,
        interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionMaster target = Library.Handles.Get<SessionMaster>(master.value, "master");
            Arguments.RequirePointer(page, "page");
            *page = Pages.Of(target.ListSessions(from_session_id, limit));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_master_revoke_session", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status RevokeSession(
        interop_sessions_master master, ulong session_id, ulong epoch, interop_sessions_string reason,
        interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionMaster target = Library.Handles.Get<SessionMaster>(master.value, "master");
            target.RevokeSession(session_id, epoch, Arguments.ReadString(reason, "reason", Limits.MaxReasonBytes));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_master_list_items", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status ListItems(
        interop_sessions_master master, ulong session_id, interop_sessions_string prefix,
        interop_sessions_item_page** page, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionMaster target = Library.Handles.Get<SessionMaster>(master.value, "master");
            string start = Arguments.ReadString(prefix, "prefix", Limits.MaxItemKeyBytes);
            Arguments.RequirePointer(page, "page");
            *page = Pages.Of(target.ListItems(session_id, start));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_master_stop", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Stop(
        interop_sessions_master master, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            handles.Get<SessionMaster>(master.value, "master").Stop();
            handles.Remove(master.value);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }
}
