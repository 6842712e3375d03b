using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;

namespace Interop.Sessions.Master;

/// <summary>The settings of a master, in the order in which its manual has them: all that is said of one anywhere comes from here.</summary>
public static class MasterSettings
{
    private static readonly TextSetting<SessionMasterOptions> s_listen = new()
    {
        Name = "listen_address",
        Flag = "--listen",
        Value = "host:port",
        Description = "Where to listen; port 0: any.",
        Remark = "C must say it.",
        Within = "a numeric host or localhost",
        Get = options => options.ListenAddress,
        Set = (options, given) => options.ListenAddress = given,
        Check = ProblemOfListening,
    };

    private static readonly TextSetting<SessionMasterOptions> s_adminListen = new()
    {
        Name = "admin_listen_address",
        Flag = "--admin-listen",
        Value = "host:port",
        Description = "Where administration is served, and nothing else; it is refused at the other address then.",
        Remark = "Of `sessionctl`; see [security.md](security.md).",
        Unset = "both are served at one address",
        Within = "a numeric host or localhost",
        Get = options => options.AdminListenAddress,
        Set = (options, given) => options.AdminListenAddress = given,
        Check = text => text.Length == 0 ? null : ProblemOfListening(text),
    };

    private static readonly TextSetting<SessionMasterOptions> s_unixSocket = new()
    {
        Name = "unix_socket",
        Flag = "--unix-socket",
        Value = "path",
        Description = "The file of a Unix socket at which both services are served besides, to callers known by their uid.",
        Remark = "Without TLS; see [security.md](security.md). A relative path is resolved once.",
        Unset = "none",
        Within = $"at most {Limits.MaxUnixPathBytes} bytes",
        Get = options => options.UnixSocket,
        Set = (options, given) => options.UnixSocket = given,
        Check = text => text.Length == 0 ? null : ProblemOfPath(text) ?? ProblemOfSocket(text),
    };

    private static readonly TextSetting<SessionMasterOptions> s_advertise = new()
    {
        Name = "advertise_address",
        Flag = "--advertise",
        Value = "host:port",
        Description = "Where followers reach this master, as the others tell them; without it: where it listens.",
        Unset = "where it listens",
        Get = options => options.AdvertiseAddress,
        Set = (options, given) => options.AdvertiseAddress = given,
        Check = text => text.Length == 0 || EtcdOptions.IsHostAndPort(text) ? null : $"'{text}' is not host:port",
    };

    private static readonly SwitchSetting<SessionMasterOptions> s_create = new()
    {
        Name = "create_store",
        Flag = "--create",
        Description = "A store that is missing or empty shall be a new cluster; without it, that is refused.",
        Get = options => options.CreateStore,
        Set = options => options.CreateStore = true,
    };

    private static readonly TextSetting<SessionMasterOptions> s_leadership = new()
    {
        Name = "leadership",
        Value = "source",
        Description = "Who says which master leads.",
        Remark = "HOST is for a host with an election of its own, in C or .NET.",
        Within = "STORE, HOST",
        Get = options => options.Leadership.ToString().ToUpperInvariant(),
        Check = text => text is "STORE" or "HOST" ? null : $"is {text}; it must be 0 (store) or 1 (host)",
    };

    private static readonly NumberSetting<SessionMasterOptions> s_rateBound = new()
    {
        Name = "clock_rate_bound_ppm",
        Flag = "--clock-rate-bound-ppm",
        Value = "ppm",
        Description = "Bound on the rate error of the clocks that a leadership is measured by, in parts per million.",
        Remark = "ρ of [leases.md](leases.md); followers are told, and go by it if it is larger than their own.",
        Least = 1,
        Most = Limits.MaxClockRateBoundPpm,
        Get = options => options.ClockRateBoundPpm,
        Set = (options, given) => options.ClockRateBoundPpm = (uint)given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_maxTerm = new()
    {
        Name = "max_term_ms",
        Flag = "--max-term-ms",
        Value = "milliseconds",
        Description = "The longest term granted, by wish or under load.",
        Remark = "May be lowered at any time.",
        Least = Limits.MinTermMs,
        Most = Limits.MaxTermMs,
        Get = options => options.MaxTermMs,
        Set = (options, given) => options.MaxTermMs = (uint)given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_minTerm = new()
    {
        Name = "min_term_ms",
        Flag = "--min-term-ms",
        Value = "milliseconds",
        Description = "The shortest term granted.",
        Least = Limits.MinTermMs,
        Most = Limits.MaxTermMs,
        NotAbove = s_maxTerm,
        Get = options => options.MinTermMs,
        Set = (options, given) => options.MinTermMs = (uint)given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_term = new()
    {
        Name = "term_ms",
        Flag = "--term-ms",
        Value = "milliseconds",
        Description = "The lease term of a follower without a wish.",
        Unset = $"{Limits.DefaultTermMs}, or the nearest that min_term_ms and max_term_ms allow",
        Most = Limits.MaxTermMs,
        NotBelow = s_minTerm,
        NotAbove = s_maxTerm,
        Get = options => options.TermMs,
        Set = (options, given) => options.TermMs = (uint)given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_maxRenewals = new()
    {
        Name = "max_renewals_per_second",
        Flag = "--max-renewals-per-second",
        Value = "count",
        Description = "Renewals a second beyond which all terms are lengthened.",
        Remark = "Up to max_term_ms.",
        Least = Limits.MinRenewalsPerSecond,
        Most = Limits.MaxRenewalsPerSecond,
        Get = options => options.MaxRenewalsPerSecond,
        Set = (options, given) => options.MaxRenewalsPerSecond = (uint)given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_maxSessions = new()
    {
        Name = "max_sessions",
        Flag = "--max-sessions",
        Value = "count",
        Description = "Sessions at the same time.",
        Remark = "About 1 KiB of memory each; with a million, collections in a host of the C ABI stop renewals for up to a quarter of a second.",
        Least = 1,
        Most = Limits.MaxSessions,
        Get = options => options.MaxSessions,
        Set = (options, given) => options.MaxSessions = (uint)given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_maxItems = new()
    {
        Name = "max_items_per_session",
        Flag = "--max-items-per-session",
        Value = "count",
        Description = "Items of a session.",
        Least = 1,
        Most = Limits.MaxItemsPerSession,
        Get = options => options.MaxItemsPerSession,
        Set = (options, given) => options.MaxItemsPerSession = (uint)given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_maxItemBytes = new()
    {
        Name = "max_item_bytes",
        Flag = "--max-item-bytes",
        Value = "bytes",
        Description = "Bytes of an item's value.",
        Least = 1,
        Most = Limits.MaxItemBytes,
        Get = options => options.MaxItemBytes,
        Set = (options, given) => options.MaxItemBytes = (uint)given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_maxSessionBytes = new()
    {
        Name = "max_session_bytes",
        Flag = "--max-session-bytes",
        Value = "bytes",
        Description = "Bytes of a session's keys and values.",
        Least = 1,
        Most = Limits.MaxSessionBytes,
        Get = options => options.MaxSessionBytes,
        Set = (options, given) => options.MaxSessionBytes = given,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_maxAccessPoints = new()
    {
        Name = "max_access_points_per_identity",
        Flag = "--max-access-points-per-identity",
        Value = "count",
        Description = "Objects with an access point that one identity asked for first.",
        Remark = $"All together have {Limits.MaxAccessPointAssignments}.",
        Least = 1,
        Most = Limits.MaxAccessPointAssignments,
        Get = options => options.MaxAccessPointsPerIdentity,
        Set = (options, given) => options.MaxAccessPointsPerIdentity = (uint)given,
    };

    private static readonly SwitchSetting<SessionMasterOptions> s_reassign = new()
    {
        Name = "reassigns_after_end",
        Flag = "--reassign-after-end",
        IsInC = false,
        Description = "Objects of a session that has ended are given to other servers before anybody asks.",
        Remark = "Without it, each when somebody asks for it.",
        Get = options => options.ReassignsAfterEnd,
        Set = options => options.ReassignsAfterEnd = true,
    };

    private static readonly NumberSetting<SessionMasterOptions> s_storeMaxBytes = new()
    {
        Name = "store_max_bytes",
        Flag = "--store-max-bytes",
        Value = "bytes",
        Description = "Bytes of the SQLite file.",
        Remark = "Beyond, changes answer STORE_FULL. What the file holds is in the master's memory, too.",
        Least = Limits.MinStoreBytes,
        Get = options => options.StoreMaxBytes,
        Set = (options, given) => options.StoreMaxBytes = given,
    };

    private static readonly TextSetting<SessionMasterOptions> s_authorizationFile = new()
    {
        Name = "authorization_file",
        Flag = "--authorization-file",
        Value = "path",
        Description = "File of the rules that say which caller may do what; without it, every caller may do everything.",
        Remark = "See [security.md](security.md). Read again when it changes.",
        Unset = "none",
        Get = options => options.AuthorizationFile,
        Set = (options, given) => options.AuthorizationFile = given,
        Check = ProblemOfPath,
    };

    private static readonly TextSetting<SessionMasterOptions> s_tokensFile = new()
    {
        Name = "tokens_file",
        Flag = "--tokens-file",
        Value = "path",
        Description = "File of callers' names and the SHA-256 of their tokens.",
        Remark = "See [security.md](security.md). Read again when it changes.",
        Unset = "none",
        Get = options => options.TokensFile,
        Set = (options, given) => options.TokensFile = given,
        Check = ProblemOfPath,
    };

    /// <summary>The SQLite file.</summary>
    public static TextSetting<SessionMasterOptions> Store { get; } = new()
    {
        Name = "store_path",
        Flag = "--store",
        Value = "path",
        Description = "The SQLite file of an only master.",
        Remark = "A relative path is resolved once; the file is held with a lock of its own.",
        Unset = "this or etcd",
        Get = options => options.StorePath,
        Set = (options, given) => options.StorePath = given,
        Check = ProblemOfPath,
    };

    /// <summary>The etcd cluster; <see cref="EtcdSettings"/> are its own.</summary>
    public static PartSetting<SessionMasterOptions> Etcd { get; } = new()
    {
        Name = "etcd",
        Flag = "--etcd",
        Description = "An etcd cluster, for several masters; see below.",
        Unset = "this or the file",
    };

    /// <summary>TLS.</summary>
    private static readonly TlsSettings<SessionMasterOptions> s_tls =
        new(TlsRole.Server, "--tls-", options => options.Tls, options => options.Tls ??= new TlsOptions());

    private static readonly InsecureSetting<SessionMasterOptions> s_insecureRule =
        new(
            TlsRole.Server, options => options.Insecure, (s_listen, options => [options.ListenAddress]),
            (s_adminListen, options => options.AdminListenAddress.Length == 0 ? [] : [options.AdminListenAddress]));

    private static readonly TextSetting<SessionMasterOptions> s_insecure =
        s_insecureRule.Row("insecure", "--insecure", "followers", (options, given) => options.Insecure = given);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting<SessionMasterOptions>> All { get; } =
    [
        s_listen, s_adminListen, s_unixSocket, Store, s_create, Etcd, s_advertise, .. s_tls.All, s_insecure, s_authorizationFile,
        s_tokensFile, s_leadership, s_rateBound, s_term, s_minTerm, s_maxTerm, s_maxRenewals, s_maxSessions, s_maxItems,
        s_maxItemBytes, s_maxSessionBytes, s_maxAccessPoints, s_reassign, s_storeMaxBytes,
    ];

    /// <summary>What is wrong, of each setting and of those that exclude each other.</summary>
    internal static IEnumerable<string> ProblemsOf(SessionMasterOptions options, Spelling spelling) =>
        ProblemsOfStore(options, spelling)
            .Concat(All.Except([Store, .. s_tls.All, s_insecure]).SelectMany(setting => setting.ProblemsOf(options, spelling)))
            .Concat(s_tls.ProblemsOf(options, spelling))
            .Concat(ProblemsOfTokens(options, spelling))
            .Concat(ProblemsOfAdministration(options, spelling))
            .Concat(s_insecureRule.ProblemsOf(options, s_insecure, s_tls.All[0], options.Tls != null, spelling));

    /// <summary>What is wrong with the place of the store.</summary>
    internal static IEnumerable<string> ProblemsOfStore(SessionMasterOptions options, Spelling spelling)
    {
        if ((options.StorePath.Length > 0) == (options.Etcd != null))
        {
            yield return $"exactly one of {Store.NameIn(spelling)} and {Etcd.NameIn(spelling)} must be given";
        }

        foreach (string problem in Store.ProblemsOf(options, spelling))
        {
            yield return problem;
        }

        foreach (string problem in options.Etcd is { } etcd ? EtcdSettings.ProblemsOf(etcd, spelling) : [])
        {
            yield return problem;
        }
    }

    /// <summary>A listening address as an end point.</summary>
    /// <param name="text">"host:port".</param>
    /// <param name="endPoint">What it says.</param>
    /// <returns>What is wrong with it; null: nothing.</returns>
    public static string? TryParseListening(string text, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.Loopback, 0);
        if (!HostAndPort.TryParse(text, out HostAndPort parsed))
        {
            return $"'{text}' is not host:port";
        }

        IPAddress? address = parsed.Host == "localhost" ? IPAddress.Loopback : null;
        if (address == null && !IPAddress.TryParse(parsed.Host, out address))
        {
            return $"'{text}' has no numeric host and not localhost";
        }

        endPoint = new IPEndPoint(address, parsed.Port);
        return null;
    }

    private static string? ProblemOfPath(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character" : null;

    // Names that nothing is made of would look like a protection.
    private static IEnumerable<string> ProblemsOfTokens(SessionMasterOptions options, Spelling spelling) =>
        options.TokensFile.Length > 0 && options.AuthorizationFile.Length == 0 && options.Authorize == null
            ? [$"{s_tokensFile.NameIn(spelling)} needs {s_authorizationFile.NameIn(spelling)}: without rules every caller may do everything"]
            : [];

    private static string? ProblemOfSocket(string text) =>
        UnixEndpoint.ProblemOfPath(Path.GetFullPath(text)) is { } problem ? $"'{text}' {problem}" : null;

    private static IEnumerable<string> ProblemsOfAdministration(SessionMasterOptions options, Spelling spelling) =>
        options.AdminListenAddress == options.ListenAddress && !options.ListenAddress.EndsWith(":0", StringComparison.Ordinal)
            ? [$"{s_adminListen.NameIn(spelling)} is {options.ListenAddress}, as {s_listen.NameIn(spelling)} is: it must be another address"]
            : [];

    private static string? ProblemOfListening(string text) => TryParseListening(text, out _);
}
