using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>The settings of an etcd cluster, as <see cref="MasterSettings"/> has those of a master.</summary>
public static class EtcdSettings
{
    private static readonly TextSetting<EtcdOptions> s_endpoints = new()
    {
        Name = "etcd.endpoints",
        Flag = "--etcd",
        Value = "host:port,...",
        Description = "The members of the etcd cluster (3.4 or later) that several masters share, with commas between.",
        Unset = "required",
        Within = $"1 to {Limits.MaxEndpoints}",
        Get = options => options.Endpoints,
        Set = (options, given) => options.Endpoints = given,
        Check = ProblemOfMembers,
    };

    private static readonly TextSetting<EtcdOptions> s_prefix = new()
    {
        Name = "etcd.prefix",
        Flag = "--etcd-prefix",
        Value = "key",
        Description = "Before all keys in etcd: masters with the same prefix are one cluster.",
        Within = $"1 to {Limits.MaxPrefixLength} characters, no '/' at the end",
        Get = options => options.Prefix,
        Set = (options, given) => options.Prefix = given,
        Check = ProblemOfPrefix,
    };

    private static readonly TextSetting<EtcdOptions> s_username = new()
    {
        Name = "etcd.username",
        Flag = "--etcd-username",
        Value = "name",
        Description = "The user, if etcd asks for one.",
        Remark = "One with read and write permission below the prefix is enough.",
        Unset = "none",
        Get = options => options.Username,
        Set = (options, given) => options.Username = given,
    };

    // On no command line, since everybody on the machine reads those.
    private static readonly TextSetting<EtcdOptions> s_password = new()
    {
        Name = "etcd.password",
        Value = "text",
        Description = "The user's password.",
        Remark = "Not on a command line, which everybody on the machine reads.",
        Unset = "none",
        Get = options => options.Password,
    };

    private static readonly TextSetting<EtcdOptions> s_passwordFile = new()
    {
        Name = "etcd.password_file",
        Flag = "--etcd-password-file",
        Value = "path",
        Description = "File whose first line is the user's password.",
        Remark = "Not one that every user of the machine may read or write. Read at each authentication.",
        Unset = "none",
        Get = options => options.PasswordFile,
        Set = (options, given) => options.PasswordFile = given,
    };

    private static readonly TlsSettings<EtcdOptions> s_tls =
        new(TlsRole.Client, "--etcd-", options => options.Tls, options => options.Tls ??= new TlsOptions(), "etcd.tls", "the members");

    private static readonly InsecureSetting<EtcdOptions> s_insecureRule =
        new(TlsRole.Client, options => options.Insecure, (s_endpoints, options => options.Members));

    private static readonly TextSetting<EtcdOptions> s_insecure =
        s_insecureRule.Row("etcd.insecure", "--etcd-insecure", "the members", (options, given) => options.Insecure = given);

    private static readonly NumberSetting<EtcdOptions> s_leaderTerm = new()
    {
        Name = "etcd.leader_term_ms",
        Flag = "--leader-term-ms",
        Value = "milliseconds",
        Description = "How long a leader's lease in etcd runs: a fail-over takes about as long.",
        Remark = "See \"Several masters\".",
        Least = Limits.MinLeaderTermMs,
        Most = Limits.MaxLeaderTermMs,
        IsWholeSeconds = true,
        Get = options => options.LeaderTermMs,
        Set = (options, given) => options.LeaderTermMs = (uint)given,
    };

    private static readonly NumberSetting<EtcdOptions> s_compactAfter = new()
    {
        Name = "etcd.compact_after_minutes",
        Flag = "--etcd-compact-after-minutes",
        IsInC = false,
        Value = "minutes",
        Description = "The leader lets etcd forget its history that is older than this; 0: never.",
        Most = Limits.MaxCompactAfterMinutes,
        Get = options => options.CompactAfterMinutes,
        Set = (options, given) => options.CompactAfterMinutes = (uint)given,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting<EtcdOptions>> All { get; } =
    [
        s_endpoints, s_prefix, s_username, s_password, s_passwordFile, .. s_tls.All, s_insecure, s_leaderTerm, s_compactAfter,
    ];

    /// <summary>What is wrong, of each setting and of those that go together.</summary>
    internal static IEnumerable<string> ProblemsOf(EtcdOptions options, Spelling spelling) =>
        All.Except([.. s_tls.All, s_insecure]).SelectMany(setting => setting.ProblemsOf(options, spelling))
            .Concat(s_tls.ProblemsOf(options, spelling))
            .Concat(ProblemsTogether(options, spelling))
            .Concat(s_insecureRule.ProblemsOf(options, s_insecure, s_tls.All[0], options.Tls != null, spelling));

    private static IEnumerable<string> ProblemsTogether(EtcdOptions options, Spelling spelling)
    {
        if (options.Password.Length > 0 && options.PasswordFile.Length > 0)
        {
            yield return $"only one of {s_password.NameIn(spelling)} and {s_passwordFile.NameIn(spelling)} can be given";
        }

        if ((options.Username.Length > 0) != (options.Password.Length + options.PasswordFile.Length > 0))
        {
            string passwords = spelling == Spelling.CommandLine
                ? s_passwordFile.Flag
                : $"{s_password.NameIn(spelling)} or {s_passwordFile.NameIn(spelling)}";
            yield return $"{s_username.NameIn(spelling)} goes together with {passwords}";
        }
    }

    private static string? ProblemOfMembers(string text)
    {
        IReadOnlyList<string> members = EtcdOptions.MembersOf(text);
        return members.Count is 0 or > Limits.MaxEndpoints
            ? $"has {members.Count} entries; it must have 1 to {Limits.MaxEndpoints}"
            : members.FirstOrDefault(member => !EtcdOptions.IsHostAndPort(member)) is { } wrong
            ? $"has '{wrong}', which is not host:port"
            : null;
    }

    private static string? ProblemOfPrefix(string prefix) => prefix switch
    {
        "" => "must not be empty",
        _ when prefix.EndsWith('/') => $"'{prefix}' must not end with '/'",
        { Length: > Limits.MaxPrefixLength } => $"has {prefix.Length} characters; the limit is {Limits.MaxPrefixLength}",
        _ => null,
    };
}
