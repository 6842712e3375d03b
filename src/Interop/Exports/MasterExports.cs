using Interop.Sessions.Boundary;
using Interop.Sessions.Hooks;
using Interop.Sessions.Master;
using Interop.Sessions.Native;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Exports;

/// <summary>The part "Master" of the C header.</summary>
internal static unsafe partial class MasterExports
{
    [Export("master_start")]
    private static void Start(
        interop_sessions_library library, interop_sessions_master_options* options, interop_sessions_master* master)
    {
        interop_sessions_master_options native = Arguments.ReadStruct(options, "options");
        HostAccessManager accessManager = HostAccessManager.Of(native.access_manager, "options->access_manager");
        bool isHandedOver = false;
        SessionMaster? made = null;
        Library.Creation? creation = null;
        try
        {
            creation = Library.Of(library).BeginCreation();
            accessManager.RequireValid("options->access_manager");
            Arguments.RequirePointer(master, "master");
            SessionMasterOptions chosen = MasterOptions.FromNative(native) with { Authorize = accessManager.Authorize };
            master->value = creation.Add(loggers =>
            {
                ILogger logger = loggers.CreateLogger("Interop.Sessions.Master");
                isHandedOver = true;
                return new HostMaster(made = SessionMaster.Start(chosen, accessManager, loggers, announces: false), logger);
            });
            // A hook may ask its master: only now is there a handle to ask by.
            accessManager.Handle = *master;
            made!.Announce();
        }
        catch when (!isHandedOver)
        {
            accessManager.Released();
            throw;
        }
        finally
        {
            if (isHandedOver && made == null)
            {
                // A hook of a refused start may run still: a shutdown waits for it, too.
                accessManager.AfterRelease(creation!.Dispose);
            }
            else
            {
                creation?.Dispose();
            }
        }
    }

    [Export("master_port")]
    private static void Port(interop_sessions_master master, ushort* port)
    {
        SessionMaster target = Targets.Of(master).Master;
        Arguments.RequirePointer(port, "port");
        *port = (ushort)target.Port;
    }

    [Export("master_leads")]
    private static void Leads(interop_sessions_master master, int* leads, ulong* master_epoch)
    {
        ulong? acting = Targets.Of(master).Master.ActingEpoch;
        if (leads != null)
        {
            *leads = acting != null ? 1 : 0;
        }

        if (master_epoch != null)
        {
            *master_epoch = acting ?? 0;
        }
    }

    [Export("master_resign")]
    private static void Resign(interop_sessions_master master, uint timeout_ms) =>
        Targets.Of(master).Master.Resign(Arguments.ReadEndTimeout(timeout_ms));

    [Export("master_get_statistics")]
    private static void Statistics(interop_sessions_master master, interop_sessions_master_statistics* statistics) =>
        Results.WriteStruct(statistics, Statistic.ToNative(Targets.Of(master).Master.Statistics), "statistics");

    [Export("master_list_sessions")]
    private static void ListSessions(
        interop_sessions_master master, ulong from_session_id, uint limit, interop_sessions_session_page** page)
    {
        SessionMaster target = Targets.Of(master).Master;
        Arguments.RequirePointer(page, "page");
        *page = Pages.Of(target.ListSessions(from_session_id, limit));
    }

    [Export("master_count_sessions")]
    private static void CountSessions(interop_sessions_master master, ulong* count)
    {
        SessionMaster target = Targets.Of(master).Master;
        Arguments.RequirePointer(count, "count");
        *count = (ulong)target.CountSessions();
    }

    [Export("master_get_session")]
    private static void GetSession(
        interop_sessions_master master, ulong session_id, interop_sessions_session_row** row)
    {
        SessionMaster target = Targets.Of(master).Master;
        Arguments.RequirePointer(row, "row");
        *row = Pages.Of(target.GetSession(session_id));
    }

    [Export("master_find_session")]
    private static void FindSession(
        interop_sessions_master master, interop_sessions_string identity, interop_sessions_session_row** row)
    {
        SessionMaster target = Targets.Of(master).Master;
        string name = Arguments.ReadString(identity, "identity", Limits.MaxIdentityBytes);
        Arguments.RequirePointer(row, "row");
        *row = Pages.Of(target.FindSession(name));
    }

    [Export("master_get_item")]
    private static void GetItem(
        interop_sessions_master master, ulong session_id, interop_sessions_string key, interop_sessions_item** item)
    {
        SessionMaster target = Targets.Of(master).Master;
        string name = Arguments.ReadString(key, "key", Limits.MaxItemKeyBytes);
        Arguments.RequirePointer(item, "item");
        *item = Pages.Of(target.GetItem(session_id, name));
    }

    [Export("master_revoke_session")]
    private static void RevokeSession(
        interop_sessions_master master, ulong session_id, ulong epoch, interop_sessions_string reason,
        interop_sessions_call_options* options)
    {
        SessionMaster target = Targets.Of(master).Master;
        string text = Arguments.ReadString(reason, "reason", Limits.MaxReasonBytes);
        CallOptions call = CallOptions.Read(options);
        using CallOptions.TraceScope trace = call.Trace();
        target.RevokeSession(session_id, epoch, text, call.TimeoutMs);
    }

    [Export("master_revoke_session_async")]
    private static void RevokeSessionAsync(
        interop_sessions_master master, ulong session_id, ulong epoch, interop_sessions_string reason,
        interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        HostMaster target = Targets.Of(master);
        string text = Arguments.ReadString(reason, "reason", Limits.MaxReasonBytes);
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(completion, "completion");
        using CallOptions.TraceScope trace = call.Trace();
        HostCompletion.Begin(master, target, operation, new UserData(user_data, release), host => target.BeginRevokeSession(
            session_id, epoch, text, call.TimeoutMs,
            failure => host.Complete(failure, (status, told) => completion(user_data, status, told)), host.End));
    }

    [Export("master_list_items")]
    private static void ListItems(
        interop_sessions_master master, ulong session_id, interop_sessions_string prefix, interop_sessions_item_page** page)
    {
        SessionMaster target = Targets.Of(master).Master;
        string start = Arguments.ReadString(prefix, "prefix", Limits.MaxItemKeyBytes);
        Arguments.RequirePointer(page, "page");
        *page = Pages.Of(target.ListItems(session_id, start));
    }

    [Export("master_stop")]
    private static void Stop(interop_sessions_master master, uint timeout_ms)
    {
        Targets.Of(master).Stop(Arguments.ReadEndTimeout(timeout_ms));
        Library.Handles.Remove(master.value);
    }
}
