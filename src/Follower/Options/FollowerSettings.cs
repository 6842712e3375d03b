using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Follower;

/// <summary>The settings of a follower manager: all that is said of one anywhere comes from here.</summary>
public static class FollowerSettings
{
    private static readonly EndpointsSetting<FollowerManagerOptions> s_endpoints = new()
    {
        Name = "endpoints",
        Value = "host:port,...",
        Description = "The masters, host:port or unix:/path each.",
        Remark = "A `unix:/path` needs neither `tls` nor `insecure`. Changed at run time by `interop_sessions_follower_manager_set_endpoints`, `SetEndpoints`.",
        Unset = "required",
        Get = options => options.Endpoints,
    };

    private static readonly NumberSetting<FollowerManagerOptions> s_rateBound = new()
    {
        Name = "clock_rate_bound_ppm",
        Value = "ppm",
        Description = "Bound on each clock's rate error, in parts per million.",
        Remark = "ρ of [leases.md](leases.md); a master that names a larger one is believed.",
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

    private static readonly TextSetting<FollowerManagerOptions> s_tokenFile = new()
    {
        Name = "token_file",
        Value = "path",
        Description = "File of the token that shows masters the name of this process.",
        Remark = "See [security.md](security.md). Of mode 0600; read again when it changes. With it, only the endpoints are asked.",
        Unset = "none",
        Get = options => options.TokenFile,
        Check = text => text.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character" : null,
    };

    private static readonly TlsSettings<FollowerManagerOptions> s_tls = new(TlsRole.Client, "", options => options.Tls, null, peer: "masters");

    private static readonly InsecureSetting<FollowerManagerOptions> s_insecureRule =
        new(TlsRole.Client, options => options.Insecure, (s_endpoints, options => options.Endpoints));

    private static readonly TextSetting<FollowerManagerOptions> s_insecure = s_insecureRule.Row("insecure", "", "masters", null);

    private static readonly IReadOnlyList<Setting<FollowerManagerOptions>> s_own = [s_endpoints, s_rateBound, s_effectDelay, s_tokenFile];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting<FollowerManagerOptions>> All { get; } = [.. s_own, .. s_tls.All, s_insecure];

    /// <summary>What is wrong, of each setting and of those that go together.</summary>
    internal static IEnumerable<string> ProblemsOf(FollowerManagerOptions options, Spelling spelling) =>
        s_own.SelectMany(setting => setting.ProblemsOf(options, spelling)).Concat(s_tls.ProblemsOf(options, spelling))
            .Concat(s_insecureRule.ProblemsOf(options, s_insecure, s_tls.All[0], options.Tls != null, spelling));
}
