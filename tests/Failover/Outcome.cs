using System.Collections.Generic;
using Interop.Sessions.Failover.Stage;

namespace Interop.Sessions.Failover;

/// <summary>What came of a scenario.</summary>
/// <param name="Play">What it measured.</param>
/// <param name="Findings">What is wrong, if anything.</param>
internal sealed record Outcome(Play Play, IReadOnlyList<string> Findings);
