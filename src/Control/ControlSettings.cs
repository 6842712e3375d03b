using System;
using System.Collections.Generic;
using System.Linq;
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
        Description = "Any or all masters of the cluster, host:port or unix:/path each; whoever leads is found from there.",
        Remark = "A `unix:/path` needs neither TLS nor `--insecure`.",
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

    private static readonly TextSetting<ControlOptions> s_tokenFile = new()
    {
        Name = "token_file",
        Flag = "--token-file",
        IsInC = false,
        Value = "path",
        Description = "File of the token that shows the masters who asks; only its owner may read it.",
        Remark = "See [security.md](security.md). With it, only --masters are asked.",
        Unset = "none",
        Get = options => options.TokenFile,
        Set = (options, given) => options.TokenFile = given,
        Check = text => text.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character" : null,
    };

    /// <summary>Of all that list, and of show, status and watch.</summary>
    internal static SwitchSetting<ControlOptions> Json { get; } = new()
    {
        Name = "json",
        Flag = "--json",
        IsInC = false,
        Description = "One JSON object a line, for programs.",
        Remark = "Of all that list, and of show, status and watch.",
        Get = options => options.Json,
        Set = options => options.Json = true,
    };

    /// <summary>Of items and watch.</summary>
    internal static TextSetting<ControlOptions> Prefix { get; } = new()
    {
        Name = "prefix",
        Flag = "--prefix",
        IsInC = false,
        Value = "key",
        Description = "Only items whose keys begin so.",
        Remark = "Of items and watch.",
        Unset = "none",
        Within = $"at most {Limits.MaxItemKeyBytes} bytes",
        Get = options => options.Prefix,
        Set = (options, given) => options.Prefix = given,
        Check = text => ProblemOf(text, Limits.MaxItemKeyBytes),
    };

    /// <summary>Of events.</summary>
    internal static TextSetting<ControlOptions> Since { get; } = new()
    {
        Name = "since",
        Flag = "--since",
        IsInC = false,
        Value = "duration",
        Description = "Only what ended so long ago at most: a number and s, m, h or d.",
        Remark = "Of events. By the wall clock of the masters, which keep an end for a day.",
        Within = "1s to 7d",
        Get = options => options.Since,
        Set = (options, given) => options.Since = given,
        Check = text => SinceText.TryRead(text, out _) ? null : $"is '{Printable.Of(text)}'; it must be a number and s, m, h or d: 1s to 7d",
    };

    /// <summary>Of list.</summary>
    internal static TextSetting<ControlOptions> Flags { get; } = new()
    {
        Name = "flags",
        Flag = "--flags",
        IsInC = false,
        Value = "flag,...",
        Description = "Only sessions that have all of these.",
        Remark = "Of list.",
        Unset = "none",
        Within = FlagsText.All,
        Get = options => options.Flags,
        Set = (options, given) => options.Flags = given,
        Check = text => text.Length == 0 || FlagsText.Read(text) != SessionFlags.None ? null : $"is '{Printable.Of(text)}'; it must be of {FlagsText.All}",
    };

    /// <summary>Of list.</summary>
    internal static TextSetting<ControlOptions> Sort { get; } = new()
    {
        Name = "sort",
        Flag = "--sort",
        IsInC = false,
        Value = "by",
        Description = "By what the sessions are in order; by all but their ids they are read whole before the first is shown.",
        Remark = "Of list. `left` has those first whose lease ends first.",
        Within = SortText.All,
        Get = options => options.Sort,
        Set = (options, given) => options.Sort = given,
        Check = text => SortText.IsOne(text) ? null : $"is '{Printable.Of(text)}'; it must be one of {SortText.All}",
    };

    /// <summary>Of list.</summary>
    internal static SwitchSetting<ControlOptions> Wide { get; } = new()
    {
        Name = "wide",
        Flag = "--wide",
        IsInC = false,
        Description = "With the endpoints of each server.",
        Remark = "Of list. JSON has them in any case.",
        Get = options => options.Wide,
        Set = options => options.Wide = true,
    };

    /// <summary>Of list, events, drains and access-points.</summary>
    internal static TextSetting<ControlOptions> IdentityPrefix { get; } = new()
    {
        Name = "identity",
        Flag = "--identity",
        IsInC = false,
        Value = "prefix",
        Description = "Only servers whose identity begins so.",
        Remark = "Of list, events, drains and access-points.",
        Unset = "none",
        Within = $"at most {Limits.MaxIdentityBytes} bytes",
        Get = options => options.IdentityPrefix,
        Set = (options, given) => options.IdentityPrefix = given,
        Check = text => ProblemOf(text, Limits.MaxIdentityBytes),
    };

    /// <summary>Of watch.</summary>
    internal static TextSetting<ControlOptions> Kinds { get; } = new()
    {
        Name = "kinds",
        Flag = "--kinds",
        IsInC = false,
        Value = "kind,...",
        Description = "What is watched; ends of sessions are said in any case.",
        Remark = "Of watch.",
        Within = KindsText.All,
        Get = options => options.Kinds,
        Set = (options, given) => options.Kinds = given,
        Check = text => KindsText.Read(text) != WatchKinds.None ? null : $"is '{Printable.Of(text)}'; it must be of {KindsText.All}",
    };

    /// <summary>Of watch.</summary>
    internal static NumberSetting<ControlOptions> After { get; } = new()
    {
        Name = "after",
        Flag = "--after",
        IsInC = false,
        Value = "revision",
        Description = "Only what has changed after it, as a PROGRESS of an earlier watch has said; 0: all that there is comes first.",
        Remark = "Of watch.",
        Get = options => options.AfterRevision,
        Set = (options, given) => options.AfterRevision = given,
    };

    /// <summary>Of watch.</summary>
    internal static SwitchSetting<ControlOptions> News { get; } = new()
    {
        Name = "changes",
        Flag = "--changes",
        IsInC = false,
        Description = "Only what changes from now on.",
        Remark = "Of watch.",
        Get = options => options.News,
        Set = options => options.News = true,
    };

    /// <summary>Of revoke and drain.</summary>
    internal static TextSetting<ControlOptions> Reason { get; } = new()
    {
        Name = "reason",
        Flag = "--reason",
        IsInC = false,
        Value = "text",
        Description = "What the holder and the master's log are told; of a drain, whoever asks for a session, too.",
        Remark = "Of revoke and drain.",
        Unset = "that an operator did it",
        Within = $"at most {Limits.MaxReasonBytes} bytes",
        Get = options => options.Reason,
        Set = (options, given) => options.Reason = given,
        Check = text => ProblemOf(text, Limits.MaxReasonBytes),
    };

    /// <summary>Of drain.</summary>
    internal static SwitchSetting<ControlOptions> Move { get; } = new()
    {
        Name = "move",
        Flag = "--move",
        IsInC = false,
        Description = "Its objects are given to other servers that can take them.",
        Remark = "Of drain.",
        Get = options => options.Move,
        Set = options => options.Move = true,
    };

    /// <summary>Of drain.</summary>
    internal static SwitchSetting<ControlOptions> Revoke { get; } = new()
    {
        Name = "revoke",
        Flag = "--revoke",
        IsInC = false,
        Description = "Its session is revoked: at once, or with --move as soon as it has no object left.",
        Remark = "Of drain.",
        Get = options => options.Revoke,
        Set = options => options.Revoke = true,
    };

    /// <summary>Of access-points and watch.</summary>
    internal static TextSetting<ControlOptions> ObjectPrefix { get; } = new()
    {
        Name = "object",
        Flag = "--object",
        IsInC = false,
        Value = "prefix",
        Description = "Only objects whose name begins so.",
        Remark = "Of access-points and watch.",
        Unset = "none",
        Within = $"at most {Limits.MaxObjectBytes} bytes",
        Get = options => options.ObjectPrefix,
        Set = (options, given) => options.ObjectPrefix = given,
        Check = text => ProblemOf(text, Limits.MaxObjectBytes),
    };

    /// <summary>Of access-points.</summary>
    internal static NumberSetting<ControlOptions> Kind { get; } = new()
    {
        Name = "kind",
        Flag = "--kind",
        IsInC = false,
        Value = "number",
        Description = "Only of this kind: 1 NFS, 2 iSCSI, 3 NVMe-oF, or a host's own; 0: of all.",
        Remark = "Of access-points.",
        Least = 0,
        Most = uint.MaxValue,
        Get = options => options.Kind,
        Set = (options, given) => options.Kind = (uint)given,
    };

    private static readonly TlsSettings<ControlOptions> s_tls =
        new(TlsRole.Client, "--tls-", options => options.Tls, options => options.Tls ??= new TlsOptions(), peer: "the masters");

    private static readonly InsecureSetting<ControlOptions> s_insecureRule =
        new(TlsRole.Client, options => options.Insecure, (s_masters, options => options.Masters));

    private static readonly TextSetting<ControlOptions> s_insecure =
        s_insecureRule.Row("insecure", "--insecure", "the masters", (options, given) => options.Insecure = given);

    /// <summary>Which masters, how they are spoken to, and how long: of all commands.</summary>
    internal static IReadOnlyList<Setting<ControlOptions>> OfAllCommands { get; } = [s_masters, s_timeout, s_tokenFile, .. s_tls.All, s_insecure];

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Setting<ControlOptions>> All { get; } =
    [
        .. OfAllCommands, Json, IdentityPrefix, Flags, Sort, Wide, Prefix, Since, Kinds, After, News, Reason, Move, Revoke, ObjectPrefix, Kind,
    ];

    /// <summary>What is wrong, of each setting and of those that go together.</summary>
    internal static IEnumerable<string> ProblemsOf(ControlOptions options) => All.Except([.. s_tls.All, s_insecure])
        .SelectMany(setting => setting.ProblemsOf(options, Spelling.CommandLine))
        .Concat(s_tls.ProblemsOf(options, Spelling.CommandLine))
        .Concat(s_insecureRule.ProblemsOf(options, s_insecure, s_tls.All[0], options.Tls != null, Spelling.CommandLine));

    private static string? ProblemOf(string text, int mostBytes)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        return bytes > mostBytes ? $"has {bytes} bytes; the limit is {mostBytes}" : null;
    }
}
