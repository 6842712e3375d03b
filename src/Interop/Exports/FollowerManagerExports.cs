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

    [Export("follower_manager_set_endpoints")]
    private static void SetEndpoints(
        interop_sessions_follower_manager manager, interop_sessions_string* endpoints, uint endpoint_count)
    {
        FollowerManager target = Targets.Of(manager);
        target.SetEndpoints(ReadEndpoints(endpoints, endpoint_count, ""));
    }

    [Export("follower_manager_get_statistics")]
    private static void Statistics(
        interop_sessions_follower_manager manager, interop_sessions_follower_manager_statistics* statistics) =>
        Results.WriteStruct(statistics, Statistic.ToNative(Targets.Of(manager).Statistics), "statistics");

    [Export("follower_manager_close")]
    private static void Close(interop_sessions_follower_manager manager, uint timeout_ms)
    {
        Targets.Of(manager).Close(Arguments.ReadEndTimeout(timeout_ms));
        Library.Handles.Remove(manager.value);
    }

    private static FollowerManagerOptions ReadOptions(interop_sessions_follower_manager_options native)
    {
        Arguments.RequireReserved(native.reserved, "options->reserved");
        return new FollowerManagerOptions
        {
            Endpoints = ReadEndpoints(native.endpoints, native.endpoint_count, "options->"),
            ClockRateBoundPpm = Arguments.OrDefault(native.clock_rate_bound_ppm, Limits.DefaultClockRateBoundPpm),
            EffectDelayMs = native.effect_delay_ms,
            Tls = TlsArguments.Read(native.tls, "options->tls"),
            Insecure = TlsArguments.Read(native.insecure, "options->insecure"),
            TokenFile = Arguments.ReadString(native.token_file, "options->token_file", Limits.MaxPathBytes),
        };
    }

    /// <param name="given">The masters.</param>
    /// <param name="count">How many.</param>
    /// <param name="of">What errors name before the field.</param>
    private static string[] ReadEndpoints(interop_sessions_string* given, uint count, string of)
    {
        if (count is 0 or > Limits.MaxEndpoints)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument, $"{of}endpoint_count is {count}; it must be 1 to {Limits.MaxEndpoints}");
        }

        Arguments.RequirePointer(given, $"{of}endpoints");
        string[] endpoints = new string[count];
        for (int i = 0; i < endpoints.Length; i++)
        {
            endpoints[i] = Arguments.ReadString(given[i], $"{of}endpoints[{i}]", Limits.MaxEndpointBytes);
        }

        return endpoints;
    }
}
