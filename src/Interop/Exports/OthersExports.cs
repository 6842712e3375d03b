using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The sessions of other servers, as a follower asks for them, with and without blocking.</summary>
internal static unsafe partial class OthersExports
{
    [Export("follower_list_sessions")]
    private static void ListSessions(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string identity_prefix, ulong from_session_id,
        uint limit, interop_sessions_call_options* options, interop_sessions_session_page** page)
    {
        SessionFollower target = Targets.Of(follower);
        string start = Arguments.ReadString(identity_prefix, "identity_prefix", Limits.MaxIdentityBytes);
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(page, "page");
        using CallOptions.TraceScope trace = call.Trace();
        *page = Pages.Of(target.ListSessions(expected_epoch, start, from_session_id, limit, call.TimeoutMs));
    }

    [Export("follower_find_session")]
    private static void FindSession(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string identity,
        interop_sessions_call_options* options, interop_sessions_session_row** row)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(identity, "identity", Limits.MaxIdentityBytes);
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(row, "row");
        using CallOptions.TraceScope trace = call.Trace();
        *row = Pages.Of(target.FindSession(expected_epoch, name, call.TimeoutMs));
    }

    [Export("follower_list_session_items")]
    private static void ListSessionItems(
        interop_sessions_follower follower, ulong expected_epoch, ulong session_id, interop_sessions_string prefix,
        interop_sessions_call_options* options, interop_sessions_item_page** page)
    {
        SessionFollower target = Targets.Of(follower);
        string start = Arguments.ReadString(prefix, "prefix", Limits.MaxItemKeyBytes);
        CallOptions call = CallOptions.Read(options);
        Arguments.RequirePointer(page, "page");
        using CallOptions.TraceScope trace = call.Trace();
        *page = Pages.Of(target.ListSessionItems(expected_epoch, session_id, start, call.TimeoutMs));
    }

    [Export("follower_list_sessions_async")]
    private static void ListSessionsAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string identity_prefix, ulong from_session_id,
        uint limit, interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_page*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        string start = Arguments.ReadString(identity_prefix, "identity_prefix", Limits.MaxIdentityBytes);
        SessionPage.RequireLimit(limit);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.ListSessionsAsync(expected_epoch, start, from_session_id, limit, call.TimeoutMs, ending),
            page => Pages.Of(page),
            (status, told, block) => completion(user_data, status, told, (interop_sessions_session_page*)block));
    }

    [Export("follower_find_session_async")]
    private static void FindSessionAsync(
        interop_sessions_follower follower, ulong expected_epoch, interop_sessions_string identity,
        interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_row*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        string name = Arguments.ReadString(identity, "identity", Limits.MaxIdentityBytes);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.FindSessionAsync(expected_epoch, name, call.TimeoutMs, ending),
            row => Pages.Of(row),
            (status, told, block) => completion(user_data, status, told, (interop_sessions_session_row*)block));
    }

    [Export("follower_list_session_items_async")]
    private static void ListSessionItemsAsync(
        interop_sessions_follower follower, ulong expected_epoch, ulong session_id, interop_sessions_string prefix,
        interop_sessions_call_options* options,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_item_page*, void> completion,
        void* user_data, delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_operation* operation)
    {
        SessionFollower target = Targets.Of(follower);
        string start = Arguments.ReadString(prefix, "prefix", Limits.MaxItemKeyBytes);
        AsyncCall call = new(follower, target, options, completion, new UserData(user_data, release), operation);
        call.Begin(
            expected_epoch, ending => target.ListSessionItemsAsync(expected_epoch, session_id, start, call.TimeoutMs, ending),
            items => Pages.Of(items),
            (status, told, block) => completion(user_data, status, told, (interop_sessions_item_page*)block));
    }
}
