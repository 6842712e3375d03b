using System.Collections.Generic;

namespace Interop.Sessions.Follower.Hosting;

/// <summary>What AddSessionFollower needs to know.</summary>
public sealed class SessionFollowerHostOptions
{
    /// <summary>The stable name of this server.</summary>
    public string Identity { get; set; } = "";

    /// <summary>The masters, "host:port" each.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>What the server says of itself; its Identity is replaced.</summary>
    public ServerDescription Description { get; set; } = new() { Identity = "" };

    /// <summary>What the follower does when its session is lost.</summary>
    public RecreatePolicy Recreate { get; set; }

    /// <summary>ρ in parts per million.</summary>
    public uint ClockRateBoundPpm { get; set; } = Limits.DefaultClockRateBoundPpm;

    /// <summary>δ in milliseconds.</summary>
    public uint EffectDelayMs { get; set; }
}
