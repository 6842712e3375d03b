using System;
using Interop.Sessions.Failover.Stage;

namespace Interop.Sessions.Failover.Scenarios;

/// <summary>One thing that happens to masters or to etcd under load.</summary>
/// <param name="Name">What the row of the table says.</param>
/// <param name="Act">Does it and measures.</param>
internal sealed record Scenario(string Name, Action<Play> Act)
{
    /// <summary>Each master has a network of its own, which needs root.</summary>
    internal bool IsInNetworks { get; init; }

    /// <summary>Masters and followers have nothing but defaults, and the followers are many.</summary>
    internal bool IsAllDefaults { get; init; }

    /// <summary>May followers come to JEOPARDY? Only where nobody can lead for longer than their lease.</summary>
    internal bool MayCostJeopardy { get; init; }

    /// <summary>
    /// When the dead must be gone, in milliseconds after their last renewal. Each leadership gives those their term anew
    /// whom its predecessor had not marked, and half a term of silence is marked.
    /// </summary>
    internal long DeadGoneMs { get; init; } = (2 * Settings.TermMs) + Settings.TakeOverMs;
}
