using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Faults.Stage;

namespace Interop.Sessions.Faults;

/// <summary>What was measured, as a table of docs/reliability.md.</summary>
internal static class Table
{
    private const string Begin = "<!-- measured: begin; written by tests/Faults/run --write -->";
    private const string End = "<!-- measured: end -->";

    internal const string Head =
        "| fault | states of the holder, as expected and seen | measured, and bounds (ms) | last yes before the end (ms) |\n" +
        "|---|---|---|---|";

    internal static string Row(Finding verdict)
    {
        string history = verdict.Scenario.Histories.Contains(verdict.History)
            ? verdict.History
            : $"{verdict.History}; expected {string.Join(" or ", verdict.Scenario.Histories)}";
        string measured = string.Join("; ", verdict.Measurements);
        return $"| {verdict.Scenario.Name} | {history.Replace("|", "→", StringComparison.Ordinal)} | {measured} " +
            $"| {verdict.MarginMs?.ToString() ?? "-"} |";
    }

    /// <summary>Replaces what is between the markers.</summary>
    internal static void Write(string path, IEnumerable<Finding> verdicts) =>
        MarkedText.Replace(path, Begin, End, $"{Head}\n{string.Join('\n', verdicts.Select(Row))}");
}
