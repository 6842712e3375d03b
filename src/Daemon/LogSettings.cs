using System;
using System.Collections.Generic;

namespace Interop.Sessions.Daemon;

/// <summary>The settings of <see cref="LogOptions"/>.</summary>
internal static class LogSettings
{
    internal const string Text = "text";
    internal const string Json = "json";

    private static readonly TextSetting<LogOptions> s_level = new()
    {
        Name = "log_level",
        Flag = "--log-level",
        IsInC = false,
        Value = "level",
        Description = "The least that the log says.",
        // LogLevel's own names: Enum.Parse would take numbers, too.
        Within = "trace, debug, information, warning, error, critical, none",
        Get = options => options.Level,
        Set = (options, given) => options.Level = given,
        Check = text => ProblemOf(text, s_level!.Within),
    };

    private static readonly TextSetting<LogOptions> s_format = new()
    {
        Name = "log_format",
        Flag = "--log-format",
        IsInC = false,
        Value = "form",
        Description = "Lines for people, or an object of JSON a line, with each attribute by its name.",
        Within = $"{Text}, {Json}",
        Get = options => options.Format,
        Set = (options, given) => options.Format = given,
        Check = text => ProblemOf(text, s_format!.Within),
    };

    internal static IReadOnlyList<Setting<LogOptions>> All { get; } = [s_level, s_format];

    private static string? ProblemOf(string text, string words) =>
        Array.IndexOf(words.Split(", "), text) >= 0 ? null : $"is {text}; it must be one of {words}";
}
