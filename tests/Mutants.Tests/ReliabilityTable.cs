using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>The table of faults in docs/reliability.md.</summary>
internal static partial class ReliabilityTable
{
    private const string Begin = "<!-- deliberate faults: begin; written by tests/record-faults -->";
    private const string End = "<!-- deliberate faults: end -->";
    private const int LongestFailure = 100;

    /// <summary>What each row begins with: the fault, what is wrong, and where.</summary>
    internal static string BeginningOf(Fault fault) => $"| {fault.Name}: {fault.Mistake} | {PlaceOf(fault)} |";

    /// <summary>The beginnings of the rows that the table has.</summary>
    internal static IEnumerable<string> Beginnings()
    {
        string[] rows = Parts()[1].Trim().Split('\n')[2..];
        return rows.Select(row => $"{string.Join('|', row.Split('|')[..3])}|");
    }

    /// <summary>The history in which the table says that a fault is noticed first; null: it has no row of that fault.</summary>
    internal static ulong? SeedOf(Fault fault) => Parts()[1].Split('\n').Select(row => row.Split('|'))
        .Where(cells => cells.Length > 3 && cells[1].StartsWith($" {fault.Name}: ", StringComparison.Ordinal))
        .Select(cells => (ulong?)ulong.Parse(cells[3].Trim(), CultureInfo.InvariantCulture)).SingleOrDefault();

    /// <summary>Writes it again, of the histories in which faults are noticed first.</summary>
    internal static void Write(IEnumerable<(Fault Fault, ulong Seed, string Failure)> noticed)
    {
        string[] parts = Parts();
        IEnumerable<string> rows = noticed.Select(row => $"{BeginningOf(row.Fault)} {row.Seed} | {Shortened(row.Failure)} |\n");
        File.WriteAllText(
            Repository.Reliability,
            $"{parts[0]}{Begin}\n| deliberate fault | in | noticed in history | as |\n|---|---|---|---|\n{string.Concat(rows)}{End}{parts[2]}");
    }

    private static string PlaceOf(Fault fault) => fault.Path.StartsWith("src/Core/", StringComparison.Ordinal)
        ? fault.Path["src/Core/".Length..]
        : $"in the simulator: {fault.Path["tests/Simulator/".Length..]}";

    /// <summary>Without the seed, which is in the row, and without epochs.</summary>
    private static string Shortened(string failure)
    {
        string said = LongNumber().Replace(SeedAndTime().Replace(failure, ""), "…").Replace("|", "/", StringComparison.Ordinal);
        return said.Length <= LongestFailure ? said : said[..said.LastIndexOf(' ', LongestFailure)] + " …";
    }

    /// <summary>What is before the table, the table, and what comes after it.</summary>
    private static string[] Parts()
    {
        string[] parts = File.ReadAllText(Repository.Reliability).Split([Begin, End], StringSplitOptions.None);
        return parts.Length == 3 ? parts : throw new FormatException($"{Repository.Reliability} has no '{Begin}' and '{End}'");
    }

    [GeneratedRegex("^seed [0-9]+, at [0-9]+ ms: ")]
    private static partial Regex SeedAndTime();

    [GeneratedRegex(@"\b([0-9]{6,}|[0-9a-f]{16})\b")]
    private static partial Regex LongNumber();
}
