using System;

namespace Interop.Sessions.Faults.Stage;

/// <summary>One fault: what is done, and which states the holder must come to.</summary>
/// <param name="Name">What the row of the table says.</param>
/// <param name="Play">Does it; notes what it measures.</param>
/// <param name="Histories">The histories of the first holder that are right; more than one where a race decides.</param>
internal sealed record Scenario(string Name, Action<Play> Play, params string[] Histories)
{
    /// <summary>It makes namespaces, mounts or filters.</summary>
    internal bool NeedsRoot { get; init; }

    /// <summary>
    /// It breaks the bound that P1 rests on, so that P1 must be seen to break: the check of it would notice.
    /// </summary>
    internal bool BreaksTheClockBound { get; init; }
}
