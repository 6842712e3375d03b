using Interop.Sessions.Follower;

namespace Interop.Sessions.Client;

/// <summary>How it stands between a client and its masters.</summary>
public sealed record EndpointsStanding
{
    /// <summary>Whether the last master that was asked answered.</summary>
    public ConnectionState Connection { get; init; }

    /// <summary>Since when <see cref="Connection"/> is so, in nanoseconds of CLOCK_BOOTTIME.</summary>
    public long SinceNs { get; init; }

    /// <summary>The master that is in use, or is asked next: "host:port".</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Channels for calls that are open.</summary>
    public int Channels { get; init; }

    /// <summary>Times that a master named the leader, and it was turned to.</summary>
    public long Redirects { get; init; }

    /// <summary>Times that a master failed, or did not lead and named no leader.</summary>
    public long Failovers { get; init; }
}
