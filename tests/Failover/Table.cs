using System.Collections.Generic;
using Interop.Sessions.Failover.Scenarios;
using Interop.Sessions.Faults.Stage;

namespace Interop.Sessions.Failover;

/// <summary>What was measured, as a table of docs/reliability.md.</summary>
internal static class Table
{
    private const string Begin = "<!-- fail-over: begin; written by tests/Failover/run --write -->";
    private const string End = "<!-- fail-over: end -->";

    internal const string Head =
        "| what happens, with 2000 sessions changing items | measured, and bounds (ms) | moments in which a data path was refused | item changes acknowledged |\n" +
        "|---|---|---|---|";

    internal static string Row(Scenario scenario, Outcome outcome)
    {
        string measured = string.Join("; ", outcome.Play.Measurements);
        string refused = scenario.MayCostJeopardy ? "while nobody could lead" : $"{outcome.Play.Followers?.Refusals}";
        return $"| {scenario.Name} | {measured} | {refused} | {outcome.Play.History.Writes} |";
    }

    /// <summary>Replaces what is between the markers.</summary>
    internal static void Write(string path, IEnumerable<string> rows) =>
        MarkedText.Replace(path, Begin, End, $"{Head}\n{string.Join('\n', rows)}");
}
