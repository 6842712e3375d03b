using System.Collections.Generic;

namespace Interop.Sessions.Follower.Hosting;

/// <summary>What AddSessionFollower needs to know; checked when the host starts.</summary>
public sealed class SessionFollowerHostOptions
{
    /// <summary>The stable name of this server, 1 to <see cref="Limits.MaxIdentityBytes"/> bytes of UTF-8.</summary>
    public string Identity { get; set; } = "";

    /// <summary>The masters, "host:port" each; 1 to <see cref="Limits.MaxEndpoints"/>.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>The server description, without the identity.</summary>
    public ServerDescription Description { get; set; } = new();

    /// <summary>What the follower does when its session is lost.</summary>
    public RecreatePolicy Recreate { get; set; }

    /// <summary>ρ in parts per million; a master that names a larger one is believed.</summary>
    public uint ClockRateBoundPpm { get; set; } = Limits.DefaultClockRateBoundPpm;

    /// <summary>δ in milliseconds.</summary>
    public uint EffectDelayMs { get; set; }

    /// <inheritdoc cref="FollowerManagerOptions.Tls"/>
    public TlsOptions? Tls { get; set; }

    /// <inheritdoc cref="FollowerManagerOptions.Insecure"/>
    public Insecure Insecure { get; set; }

    /// <inheritdoc cref="FollowerManagerOptions.TokenFile"/>
    public string TokenFile { get; set; } = "";

    internal FollowerManagerOptions OfManager => new()
    {
        Endpoints = [.. Endpoints],
        ClockRateBoundPpm = ClockRateBoundPpm,
        EffectDelayMs = EffectDelayMs,
        Tls = Tls,
        Insecure = Insecure,
        TokenFile = TokenFile,
    };
}
