using System.Linq;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Follower" of the C header: its life, its callbacks and its lease word.</summary>
internal static unsafe partial class FollowerExports
{
    [Export("follower_create")]
    private static void Create(
        interop_sessions_follower_manager manager, interop_sessions_follower_options* options,
        interop_sessions_follower* follower)
    {
        interop_sessions_follower_options native = Arguments.ReadStruct(options, "options");
        HostFollowerCallbacks callbacks = HostFollowerCallbacks.Of(native.callbacks, "options->callbacks");
        try
        {
            FollowerManager parent = Targets.Of(manager);
            callbacks.RequireValid("options->callbacks");
            Arguments.RequirePointer(follower, "follower");
            string identity = Arguments.ReadString(native.identity, "options->identity", Limits.MaxIdentityBytes);
            RecreatePolicy recreate = Arguments.ReadRecreatePolicy(native.recreate);
            follower->value = Library.Handles.Add(
                manager.value, () => parent.CreateFollower(identity, callbacks, recreate, (nint)native.lease));
        }
        catch
        {
            callbacks.Released();
            throw;
        }
    }

    [Export("follower_register_session_create_cb")]
    private static void RegisterSessionCreateCb(
        interop_sessions_follower follower,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_session_info*, void> callback, void* user_data,
        delegate* unmanaged[Cdecl]<void*, void> release, interop_sessions_registration* registration)
    {
        SessionFollower target = Targets.Of(follower);
        Arguments.RequirePointer(callback, "callback");
        Arguments.RequirePointer(registration, "registration");
        UserData user = new(user_data, release);
        registration->value = Registration.Add(Library.Handles, user, over => target.RegisterSessionCreateCb(
            session => HostFollowerCallbacks.Call(callback, user_data, session), over));
    }

    [Export("unregister_session_create_cb")]
    private static void UnregisterSessionCreateCb(interop_sessions_registration registration, uint timeout_ms)
    {
        int waitMs = Arguments.ReadEndTimeout(timeout_ms);
        // The handle goes when the callback is over: a second caller waits for the callback as well.
        Library.Handles.GetUnlessOver<Registration>(HandleMark.Registration, registration.value, "registration")?.Remove(waitMs);
    }

    [Export("follower_session")]
    private static void Session(interop_sessions_follower follower, interop_sessions_session_info* session) =>
        Results.WriteStruct(session, Values.ToNative(Targets.Of(follower).Session), "session");

    [Export("follower_get_statistics")]
    private static void Statistics(interop_sessions_follower follower, interop_sessions_follower_statistics* statistics) =>
        Results.WriteStruct(statistics, Statistic.ToNative(Targets.Of(follower).Statistics), "statistics");

    [Export("follower_report_health")]
    private static void ReportHealth(interop_sessions_follower follower, uint healthy_for_ms) =>
        Targets.Of(follower).ReportHealth(healthy_for_ms);

    [Export("follower_lease")]
    private static void Lease(interop_sessions_follower follower, interop_sessions_lease** lease)
    {
        SessionFollower target = Targets.Of(follower);
        Arguments.RequirePointer(lease, "lease");
        *lease = (interop_sessions_lease*)target.LeaseAddress;
    }

    [Export("follower_cancel_operations")]
    private static void CancelOperations(interop_sessions_follower follower)
    {
        _ = Targets.Of(follower);
        foreach (HostCompletion operation in Library.Handles.OwnedBy(follower.value).OfType<HostCompletion>())
        {
            operation.CancelIfBegun();
        }
    }

    [Export("follower_in_callback")]
    private static void InCallback(interop_sessions_follower follower, int* in_callback)
    {
        SessionFollower target = Targets.Of(follower);
        Arguments.RequirePointer(in_callback, "in_callback");
        *in_callback = target.IsInCallback ? 1 : 0;
    }

    [Export("follower_close")]
    private static void Close(interop_sessions_follower follower, uint timeout_ms)
    {
        Targets.Of(follower).Close(Arguments.ReadEndTimeout(timeout_ms));
        Library.Handles.Remove(follower.value);
    }

    [Export("follower_close_async")]
    private static void CloseAsync(
        interop_sessions_follower follower, delegate* unmanaged[Cdecl]<void*, void> closed, void* user_data,
        delegate* unmanaged[Cdecl]<void*, void> release)
    {
        SessionFollower target = Targets.Of(follower);
        Arguments.RequirePointer(closed, "closed");
        UserData user = new(user_data, release);
        target.Ordered.BeginClose(() =>
        {
            using (CallbackScope.Enter())
            {
                closed(user_data);
            }

            user.Release();
        });
        // Not when it is refused: the handle still is what a blocking close waits by.
        Library.Handles.Remove(follower.value);
    }
}
