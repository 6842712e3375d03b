using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>An etcd cluster (3.4 or later) as the store of several masters.</summary>
public sealed record EtcdOptions
{
    /// <summary>Its members, "host:port", separated by commas.</summary>
    public string Endpoints { get; set; } = "";

    /// <summary>Before all keys, so that many clusters share one etcd: masters with the same prefix are one cluster.</summary>
    public string Prefix { get; set; } = "/interop-sessions/default";

    /// <summary>The user, if etcd asks for one.</summary>
    public string Username { get; set; } = "";

    /// <summary>The user's password.</summary>
    public string Password { get; set; } = "";

    /// <summary>File whose first line is the user's password, read at each authentication; instead of Password.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>PEM file of the authorities that may have signed the members' certificates; not empty: TLS is spoken.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>PEM file of this client's certificate, if etcd asks for one.</summary>
    public string CertFile { get; set; } = "";

    /// <summary>PEM file of its private key.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>
    /// How long a leader's own lease runs without renewal, in milliseconds, in whole seconds: a fail-over takes about as
    /// long, and a stall of etcd that is longer costs the leadership.
    /// </summary>
    public uint LeaderTermMs { get; set; } = Limits.DefaultLeaderTermMs;

    /// <summary>
    /// The leader lets etcd forget its history that is older than this, in minutes; 0: never, for an etcd that somebody
    /// else compacts.
    /// </summary>
    public uint CompactAfterMinutes { get; set; } = Limits.DefaultCompactAfterMinutes;

    /// <summary>The members, one by one.</summary>
    internal IReadOnlyList<string> Members =>
        Endpoints.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Without the password: options find their way into logs.</summary>
    public override string ToString() => $"etcd at {Endpoints}, prefix {Prefix}";

    /// <summary>Checks everything.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the field and its limit.</exception>
    public void Validate()
    {
        IReadOnlyList<string> members = Members;
        Require(
            members.Count is > 0 and <= Limits.MaxEndpoints,
            $"etcd.endpoints has {members.Count} entries; it must have 1 to {Limits.MaxEndpoints}");
        if (members.FirstOrDefault(member => !IsHostAndPort(member)) is { } wrong)
        {
            Require(false, $"etcd.endpoints has '{wrong}', which is not host:port");
        }

        Require(Prefix.Length > 0, "etcd.prefix must not be empty");
        Require(!Prefix.EndsWith('/'), $"etcd.prefix '{Prefix}' must not end with '/'");
        Require(
            Prefix.Length <= Limits.MaxPrefixLength,
            $"etcd.prefix has {Prefix.Length} characters; the limit is {Limits.MaxPrefixLength}");
        Require(
            Password.Length == 0 || PasswordFile.Length == 0, "only one of etcd.password and etcd.password_file can be given");
        Require(
            (Username.Length > 0) == (Password.Length + PasswordFile.Length > 0),
            "etcd.username goes together with etcd.password or etcd.password_file");
        Require((CertFile.Length > 0) == (KeyFile.Length > 0), "etcd.cert_file and etcd.key_file go together");
        Require(CertFile.Length == 0 || CaFile.Length > 0, "etcd.cert_file needs etcd.ca_file: it is of use with TLS only");
        Require(
            LeaderTermMs is >= Limits.MinLeaderTermMs and <= Limits.MaxLeaderTermMs && LeaderTermMs % 1000 == 0,
            $"etcd.leader_term_ms is {LeaderTermMs}; it must be {Limits.MinLeaderTermMs} to {Limits.MaxLeaderTermMs}, " +
            "in whole seconds");
        Require(
            CompactAfterMinutes <= Limits.MaxCompactAfterMinutes,
            $"etcd.compact_after_minutes is {CompactAfterMinutes}; it must be at most {Limits.MaxCompactAfterMinutes}");
    }

    /// <summary>Is it an address that may also stand in a header?</summary>
    internal static bool IsHostAndPort(string member) =>
        member.All(c => c is > ' ' and <= '~') && EndpointAddress.IsValid(member);

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new SessionException(SessionStatus.InvalidArgument, message);
        }
    }
}
