using System.Collections.Generic;
using System.Text;

namespace Interop.Sessions.Control;

/// <summary>The settings of sessionctl: all that is said of one anywhere comes from here.</summary>
internal static class ControlSettings
{
    private static readonly EndpointsSetting<ControlOptions> s_masters = new()
    {
        Name = "masters",
        Flag = "--masters",
        IsInC = false,
        Value = "host:port,...",
        Description = "Any or all masters of the cluster; whoever leads is found from there.",
        Get = options => options.Masters,
        Set = (options, given) => options.Masters = given,
    };

    private static readonly NumberSetting<ControlOptions> s_timeout = new()
    {
        Name = "timeout_ms",
        Flag = "--timeout-ms",
        IsInC = false,
        Value = "milliseconds",
        Description = "How long to look for the leader and its answer, for each request.",
        Least = 1,
        Most = Limits.MaxTimeoutMs,
        Get = options => options.TimeoutMs,
        Set = (options, given) => options.TimeoutMs = (uint)given,
    };

    /// <summary>Of list and items.</summary>
    internal static SwitchSetting<ControlOptions> Json { get; } = new()
    {
        Name = "json",
        Flag = "--json",
        IsInC = false,
        Description = "One JSON object a line, for programs.",
        Remark = "Of list and items.",
        Get = options => options.Json,
        Set = options => options.Json = true,
    };

    /// <summary>Of items.</summary>
    internal static TextSetting<ControlOptions> Prefix { get; } = new()
    {
        Name = "prefix",
        Flag = "--prefix",
        IsInC = false,
        Value = "key",
        Description = "Only items whose keys begin so.",
        Remark = "Of items.",
        Unset = "none",
        Within = $"at most {Limits.MaxItemKeyBytes} bytes",
        Get = options => options.Prefix,
        Set = (options, given) => options.Prefix = given,
        Check = text => ProblemOf(text, Limits.MaxItemKeyBytes),
    };

    /// <summary>Of revoke.</summary>
    internal static TextSetting<ControlOptions> Reason { get; } = new()
    {
        Name = "reason",
        Flag = "--reason",
        IsInC = false,
        Value = "text",
        Description = "What the holder and the master's log are told.",
        Remark = "Of revoke.",
        Within = $"at most {Limits.MaxReasonBytes} bytes",
        Get = options => options.Reason,
        Set = (options, given) => options.Reason = given,
        Check = text => ProblemOf(text, Limits.MaxReasonBytes),
    };

    /// <summary>Which masters, and how long: of all commands.</summary>
    internal static IReadOnlyList<Setting<ControlOptions>> OfAllCommands { get; } = [s_masters, s_timeout];

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Setting<ControlOptions>> All { get; } = [.. OfAllCommands, Json, Prefix, Reason];

    private static string? ProblemOf(string text, int mostBytes)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        return bytes > mostBytes ? $"has {bytes} bytes; the limit is {mostBytes}" : null;
    }
}
