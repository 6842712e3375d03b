using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Hooks;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Follower" of the C header: its life, its callbacks and its lease word.</summary>
internal static unsafe class FollowerExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_create", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Create(
        interop_sessions_follower_manager manager, interop_sessions_follower_options* options,
        interop_sessions_follower* follower, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            FollowerManager parent = handles.Get<FollowerManager>(manager.value, "manager");
            interop_sessions_follower_options native = Arguments.ReadStruct(options, "options");
            Arguments.RequirePointer(follower, "follower");
            string identity = Arguments.ReadString(native.identity, "options->identity", Limits.MaxIdentityBytes);
            HostFollowerCallbacks callbacks = HostFollowerCallbacks.Of(native.callbacks, "options->callbacks");
            RecreatePolicy recreate = Arguments.ReadRecreatePolicy(native.recreate);
            follower->value = handles.Add(manager.value, () => parent.CreateFollower(identity, callbacks, recreate));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_register_session_create_cb", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status RegisterSessionCreateCb(
        interop_sessions_follower follower,
        delegate* unmanaged[Cdecl]<void*, interop_sessions_session_info*, void> callback, void* user_data,
        interop_sessions_registration* registration, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            Arguments.RequirePointer(callback, "callback");
            Arguments.RequirePointer(registration, "registration");
            registration->value = handles.Add(follower.value, () => new Registration(
                target.RegisterSessionCreateCb(session => HostFollowerCallbacks.Call(callback, user_data, session)), target));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_unregister_session_create_cb", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status UnregisterSessionCreateCb(
        interop_sessions_follower follower, interop_sessions_registration registration, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            SessionFollower target = handles.Get<SessionFollower>(follower.value, "follower");
            Registration registered = handles.Get<Registration>(registration.value, "registration");
            registered.RequireOf(target);
            // The handle goes last: who comes second waits for the callback as well.
            registered.Callback.Dispose();
            handles.Remove(registration.value);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_session", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Session(
        interop_sessions_follower follower, interop_sessions_session_info* session, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            Results.WriteStruct(session, Values.ToNative(target.Session), "session");
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_lease", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Lease(
        interop_sessions_follower follower, interop_sessions_lease** lease, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            Arguments.RequirePointer(lease, "lease");
            *lease = (interop_sessions_lease*)target.LeaseAddress;
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_in_callback", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status InCallback(
        interop_sessions_follower follower, int* in_callback, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            SessionFollower target = Library.Handles.Get<SessionFollower>(follower.value, "follower");
            Arguments.RequirePointer(in_callback, "in_callback");
            *in_callback = target.IsInCallback ? 1 : 0;
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_close", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Close(
        interop_sessions_follower follower, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            handles.Get<SessionFollower>(follower.value, "follower").Close();
            handles.Remove(follower.value);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_close_async", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status CloseAsync(
        interop_sessions_follower follower, delegate* unmanaged[Cdecl]<void*, void> closed, void* user_data,
        interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            Arguments.RequirePointer(closed, "closed");
            HandleTable handles = Library.Handles;
            handles.Get<SessionFollower>(follower.value, "follower").BeginClose(() =>
            {
                using CallbackScope scope = CallbackScope.Enter();
                closed(user_data);
            });
            // Not when it is refused: the handle still is what a blocking close waits by.
            handles.Remove(follower.value);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }
}
