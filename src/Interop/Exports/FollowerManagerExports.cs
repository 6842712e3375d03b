using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Exports;

/// <summary>The part "Follower manager" of the C header.</summary>
internal static unsafe partial class FollowerManagerExports
{
    [Export("follower_manager_create")]
    private static void Create(
        interop_sessions_library library, interop_sessions_follower_manager_options* options,
        interop_sessions_follower_manager* manager)
    {
        using Library.Creation creation = Library.Of(library).BeginCreation();
        Arguments.RequirePointer(manager, "manager");
        FollowerManagerOptions chosen = ReadOptions(Arguments.ReadStruct(options, "options"));
        manager->value = creation.Add(loggers => new FollowerManager(chosen, loggers));
    }

    [Export("follower_manager_close")]
    private static void Close(interop_sessions_follower_manager manager, uint timeout_ms)
    {
        Targets.Of(manager).Close(Arguments.ReadEndTimeout(timeout_ms));
        Library.Handles.Remove(manager.value);
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
