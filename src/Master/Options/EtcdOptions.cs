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

    /// <summary>Whom to trust, and who this master is to etcd; null: no TLS is spoken, and <see cref="Insecure"/> must say so.</summary>
    public TlsOptions? Tls { get; set; }

    /// <summary>Where members may be spoken to without TLS; with <see cref="Tls"/>: <see cref="Insecure.No"/>.</summary>
    public Insecure Insecure { get; set; }

    /// <summary>
    /// How long a leader's own lease runs without renewal, in milliseconds, in whole seconds: a fail-over takes about as
    /// long, and a stall of etcd that is longer costs the leadership.
    /// </summary>
    public uint LeaderTermMs { get; set; } = Limits.DefaultLeaderTermMs;

    /// <summary>
    /// The leader lets etcd forget its history that is older than this, in minutes; 0: never, for an etcd that others compact.
    /// </summary>
    public uint CompactAfterMinutes { get; set; } = Limits.DefaultCompactAfterMinutes;

    /// <summary>The members, one by one.</summary>
    internal IReadOnlyList<string> Members => MembersOf(Endpoints);

    /// <summary>Without the password: options find their way into logs.</summary>
    public override string ToString() => $"etcd at {Endpoints}, prefix {Prefix}";

    /// <summary>Checks everything.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the field, as C spells it, and its limit.</exception>
    public void Validate()
    {
        if (EtcdSettings.ProblemsOf(this, Spelling.C).FirstOrDefault() is { } problem)
        {
            throw new SessionException(SessionStatus.InvalidArgument, problem);
        }
    }

    internal static IReadOnlyList<string> MembersOf(string endpoints) =>
        endpoints.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Is it an address that may also stand in a header?</summary>
    internal static bool IsHostAndPort(string member) =>
        member.All(c => c is > ' ' and <= '~') && EndpointAddress.IsValid(member);
}
