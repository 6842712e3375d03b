using System.CommandLine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Daemon;

/// <summary>Which store: the options that all commands share.</summary>
internal sealed class StoreOptions
{
    private readonly Option<string> _file = Text(
        "--store", "path", "The SQLite file of an only master.", "");

    private readonly Option<string> _etcd = Text(
        "--etcd", "host:port,...", "The members of the etcd cluster (3.4 or later) that several masters share.", "");

    private readonly Option<string> _prefix = Text(
        "--etcd-prefix", "key", "Before all keys in etcd: masters with the same prefix are one cluster.",
        new EtcdOptions().Prefix);

    private readonly Option<string> _username = Text("--etcd-username", "name", "The user, if etcd asks for one.", "");

    // In a file, since everybody on the machine reads command lines.
    private readonly Option<string> _passwordFile = Text(
        "--etcd-password-file", "path", "File whose first line is the user's password.", "");

    private readonly Option<string> _caFile = Text(
        "--etcd-ca-file", "path", "PEM file of the authorities of etcd's certificates; with it, TLS is spoken.", "");

    private readonly Option<string> _certFile = Text(
        "--etcd-cert-file", "path", "PEM file of the client certificate, if etcd asks for one.", "");

    private readonly Option<string> _keyFile = Text("--etcd-key-file", "path", "PEM file of its private key.", "");

    private readonly Option<uint> _leaderTerm = new("--leader-term-ms")
    {
        Description = "How long a leader's lease in etcd runs, in whole seconds: a fail-over takes about as long.",
        HelpName = "milliseconds",
        DefaultValueFactory = _ => Limits.DefaultLeaderTermMs,
    };

    private readonly Option<uint> _compactAfter = new("--etcd-compact-after-minutes")
    {
        Description = "The leader lets etcd forget its history that is older than this; 0: never.",
        HelpName = "minutes",
        DefaultValueFactory = _ => Limits.DefaultCompactAfterMinutes,
    };

    internal void AddTo(Command command)
    {
        foreach (Option option in new Option[]
        {
            _file, _etcd, _prefix, _username, _passwordFile, _caFile, _certFile, _keyFile, _leaderTerm,
            _compactAfter,
        })
        {
            command.Options.Add(option);
        }
    }

    internal SessionMasterOptions Read(ParseResult parsed)
    {
        string endpoints = parsed.GetRequiredValue(_etcd);
        string file = parsed.GetRequiredValue(_file);
        if ((endpoints.Length > 0) == (file.Length > 0))
        {
            throw new SessionException(SessionStatus.InvalidArgument, "exactly one of --store and --etcd must be given");
        }

        return new SessionMasterOptions
        {
            StorePath = file,
            Etcd = endpoints.Length == 0 ? null : new EtcdOptions
            {
                Endpoints = endpoints,
                Prefix = parsed.GetRequiredValue(_prefix),
                Username = parsed.GetRequiredValue(_username),
                PasswordFile = parsed.GetRequiredValue(_passwordFile),
                CaFile = parsed.GetRequiredValue(_caFile),
                CertFile = parsed.GetRequiredValue(_certFile),
                KeyFile = parsed.GetRequiredValue(_keyFile),
                LeaderTermMs = parsed.GetRequiredValue(_leaderTerm),
                CompactAfterMinutes = parsed.GetRequiredValue(_compactAfter),
            },
        };
    }

    private static Option<string> Text(string name, string value, string what, string defaultValue) => new(name)
    {
        Description = what,
        HelpName = value,
        DefaultValueFactory = _ => defaultValue,
    };
}
