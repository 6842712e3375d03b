using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Follower manager" of the C header.</summary>
internal static unsafe class FollowerManagerExports
{
    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_manager_create", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Create(
        interop_sessions_follower_manager_options* options, interop_sessions_follower_manager* manager,
        interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            using Library.Creation creation = Library.BeginCreation();
            Arguments.RequirePointer(manager, "manager");
            FollowerManagerOptions chosen = ReadOptions(Arguments.ReadStruct(options, "options"));
            manager->value = creation.Add(loggers => new FollowerManager(chosen, loggers));
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    [UnmanagedCallersOnly(EntryPoint = "interop_sessions_managed_follower_manager_close", CallConvs = [typeof(CallConvCdecl)])]
    internal static interop_sessions_status Close(
        interop_sessions_follower_manager manager, interop_sessions_error* error)
    {
        try
        {
            Results.Begin(error);
            HandleTable handles = Library.Handles;
            handles.Get<FollowerManager>(manager.value, "manager").Close();
            handles.Remove(manager.value);
            return interop_sessions_status.INTEROP_SESSIONS_OK;
        }
        catch (Exception cause)
        {
            return Results.Fail(cause, error);
        }
    }

    private static FollowerManagerOptions ReadOptions(interop_sessions_follower_manager_options native)
    {
        if (native.endpoint_count is 0 or > Limits.MaxEndpoints)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument,
                $"options->endpoint_count is {native.endpoint_count}; it must be 1 to {Limits.MaxEndpoints}");
        }

        Arguments.RequirePointer(native.endpoints, "options->endpoints");
        string[] endpoints = new string[native.endpoint_count];
        for (int i = 0; i < endpoints.Length; i++)
        {
            endpoints[i] = Arguments.ReadString(
                native.endpoints[i], $"options->endpoints[{i}]", Limits.MaxEndpointBytes);
        }

        return new FollowerManagerOptions
        {
            Endpoints = endpoints,
            ClockRateBoundPpm = Arguments.OrDefault(native.clock_rate_bound_ppm, Limits.DefaultClockRateBoundPpm),
            EffectDelayMs = native.effect_delay_ms,
        };
    }
}
