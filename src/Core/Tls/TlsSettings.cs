using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions;

/// <summary>The settings of TLS, as rows of the options that they are a part of.</summary>
/// <typeparam name="T">The options.</typeparam>
public sealed class TlsSettings<T>
    where T : new()
{
    private readonly TlsRole _role;
    private readonly string _name;
    private readonly string _flags;
    private readonly Func<T, TlsOptions?> _get;
    private readonly Func<T, TlsOptions>? _make;
    private readonly TextSetting<T> _ca;
    private readonly TextSetting<T> _cert;
    private readonly TextSetting<T> _key;
    private readonly TextSetting<T> _serverName;

    /// <summary>Makes the rows.</summary>
    /// <param name="role">Which side the options are of.</param>
    /// <param name="flags">Before the name of each flag: "--tls-"; empty: no command line has them.</param>
    /// <param name="get">Reads the part; null: no TLS is spoken.</param>
    /// <param name="make">Reads the part, and makes it before if need be.</param>
    /// <param name="name">Before the name of each; empty: they are the options themselves.</param>
    /// <param name="peer">Whom it speaks to, in words: "followers".</param>
    public TlsSettings(
        TlsRole role, string flags, Func<T, TlsOptions?> get, Func<T, TlsOptions>? make, string name = "tls", string peer = "")
    {
        _role = role;
        (_name, _flags) = (name, flags);
        (_get, _make) = (get, make);
        bool isServer = role == TlsRole.Server;
        _ca = Path(
            "ca_file", isServer
                ? "PEM file of the authorities that sign the certificates of clients; with it, clients must show one."
                : $"PEM file of the authorities that sign the certificates of {peer}; with it, TLS is spoken.",
            isServer ? "" : "Read again when it changes, as the files below.", isServer ? "clients need no certificate" : "no TLS",
            tls => tls.CaFile, (tls, given) => tls.CaFile = given);
        _cert = Path(
            "cert_file", isServer
                ? "PEM file of this master's certificate, with its chain; with it, TLS is spoken."
                : $"PEM file of the client certificate, if {peer} ask for one.",
            isServer ? "Read again when it changes, as the files below." : "With its chain behind it in the file.", isServer ? "no TLS" : "none",
            tls => tls.CertFile, (tls, given) => tls.CertFile = given);
        _key = Path("key_file", "PEM file of its private key.", "", "none", tls => tls.KeyFile, (tls, given) => tls.KeyFile = given);
        _serverName = new TextSetting<T>
        {
            Name = NameOf("server_name"),
            Flag = isServer ? "" : FlagOf("server_name"),
            Value = "host",
            Description = "The name that their certificate must have, if it is not the host that is dialled.",
            Unset = "the host that is dialled",
            Within = isServer ? "none at a master" : "a host name or a numeric address",
            Get = options => get(options)?.ServerName ?? "",
            Set = make == null ? null : (options, given) => make(options).ServerName = given,
            Check = ProblemOfName,
        };
        TextSetting<T> version = new()
        {
            Name = NameOf("minimum_version"),
            Flag = FlagOf("minimum_version"),
            Value = "version",
            Description = "The lowest version of TLS that is spoken.",
            Within = "1.2, 1.3",
            Get = options => (get(options) ?? new TlsOptions()).MinimumVersion,
            Set = make == null ? null : (options, given) => make(options).MinimumVersion = given,
            Check = text => text is "1.2" or "1.3" ? null : $"is '{text}'; it must be 1.2 or 1.3",
        };
        NumberSetting<T> warning = new()
        {
            Name = NameOf("warning_days"),
            Flag = FlagOf("warning_days"),
            Value = "days",
            Description = "So many days before its end a certificate is warned of, once a day; 0: never.",
            Remark = "One that lives for less than four times as long in its last quarter. In C 0 is the default.",
            Most = Limits.MaxCertificateWarningDays,
            Get = options => (get(options) ?? new TlsOptions()).WarningDays,
            Set = make == null ? null : (options, given) => make(options).WarningDays = (uint)given,
        };
        All = isServer ? [_cert, _key, _ca, version, warning] : [_ca, _cert, _key, _serverName, version, warning];
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<Setting<T>> All { get; }

    /// <summary>What is wrong, of each setting and of those that go together.</summary>
    public IEnumerable<string> ProblemsOf(T options, Spelling spelling) => _get(options) is { } tls
        ? All.SelectMany(setting => setting.ProblemsOf(options, spelling)).Concat(ProblemsTogether(tls, spelling))
        : [];

    private TextSetting<T> Path(
        string field, string description, string remark, string unset, Func<TlsOptions, string> read, Action<TlsOptions, string> write) =>
        new()
        {
            Name = NameOf(field),
            Flag = FlagOf(field),
            Value = "path",
            Description = description,
            Remark = remark,
            Unset = unset,
            Get = options => _get(options) is { } tls ? read(tls) : "",
            Set = _make == null ? null : (options, given) => write(_make(options), given),
            Check = ProblemOfPath,
        };

    private string NameOf(string field) => _name.Length > 0 ? $"{_name}.{field}" : field;

    private string FlagOf(string field) => _flags.Length > 0 ? _flags + field.Replace('_', '-') : "";

    private IEnumerable<string> ProblemsTogether(TlsOptions tls, Spelling spelling)
    {
        if ((tls.CertFile.Length > 0) != (tls.KeyFile.Length > 0))
        {
            yield return $"{_cert.NameIn(spelling)} and {_key.NameIn(spelling)} go together";
        }

        if (_role == TlsRole.Server && tls.CertFile.Length + tls.KeyFile.Length == 0)
        {
            yield return $"{_cert.NameIn(spelling)} must be given: it says who this master is";
        }

        if (_role == TlsRole.Client && tls.CaFile.Length == 0)
        {
            yield return $"{_ca.NameIn(spelling)} must be given: it says whom to trust";
        }

        if (_role == TlsRole.Server && tls.ServerName.Length > 0)
        {
            yield return $"{_serverName.NameIn(spelling)} is '{tls.ServerName}'; a master must leave it empty: it dials nobody";
        }
    }

    private static string? ProblemOfPath(string path) =>
        path.Contains('\0', StringComparison.Ordinal) ? "contains a NUL character" : null;

    private static string? ProblemOfName(string name) =>
        name.Length == 0 || Uri.CheckHostName(name) != UriHostNameType.Unknown ? null : $"'{name}' is no host name";
}
