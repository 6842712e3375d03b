using System.Collections.Generic;

namespace Interop.Sessions.Follower;

/// <summary>The settings of a follower manager: all that is said of one anywhere comes from here.</summary>
public static class FollowerSettings
{
    private static readonly EndpointsSetting<FollowerManagerOptions> s_endpoints = new()
    {
        Name = "endpoints",
        Value = "host:port,...",
        Description = "The masters, host:port each.",
        Remark = "Changed at run time by `interop_sessions_follower_manager_set_endpoints`, `SetEndpoints`.",
        Unset = "required",
        Get = options => options.Endpoints,
    };

    private static readonly NumberSetting<FollowerManagerOptions> s_rateBound = new()
    {
        Name = "clock_rate_bound_ppm",
        Value = "ppm",
        Description = "Bound on each clock's rate error, in parts per million.",
        Remark = "ρ of [leases.md](leases.md).",
        Least = 1,
        Most = Limits.MaxClockRateBoundPpm,
        Get = options => options.ClockRateBoundPpm,
    };

    private static readonly NumberSetting<FollowerManagerOptions> s_effectDelay = new()
    {
        Name = "effect_delay_ms",
        Value = "milliseconds",
        Description = "The longest time from lease check to effect.",
        Remark = "δ of [leases.md](leases.md); a third of the term must stay usable.",
        Most = Limits.MaxTermMs,
        Get = options => options.EffectDelayMs,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting<FollowerManagerOptions>> All { get; } = [s_endpoints, s_rateBound, s_effectDelay];
}
