using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Interop.Sessions.Mutants.Tests;

/// <summary>
/// A deliberate fault: a patch of one file, in the format of `git diff`, below a sentence that says what somebody did wrong.
/// The numbers of the lines mean nothing here: the lines of each hunk must be in the file exactly once.
/// </summary>
/// <param name="Name">Of the file in Faults.</param>
/// <param name="Mistake">What somebody did wrong.</param>
/// <param name="Path">The file that it is made in, from the root of the repository.</param>
/// <param name="Hunks">What is different there.</param>
internal sealed record Fault(string Name, string Mistake, string Path, IReadOnlyList<Fault.Hunk> Hunks)
{
    /// <summary>The lines as they are, and as the fault has them.</summary>
    internal sealed record Hunk(List<string> Before, List<string> After);

    /// <summary>All in Faults, by name.</summary>
    internal static IReadOnlyList<Fault> All { get; } =
        [.. Directory.GetFiles(Repository.Faults, "*.patch").Order(StringComparer.Ordinal).Select(Read)];

    /// <exception cref="FormatException">It is no patch of one file.</exception>
    internal static Fault Parse(string name, string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        int header = Array.FindIndex(lines, line => line.StartsWith("--- a/", StringComparison.Ordinal));
        string mistake = header < 0 ? "" : string.Join(' ', lines[..header]).Trim();
        string path = header < 0 ? "" : lines[header]["--- a/".Length..];
        if (mistake.Length == 0 || lines.ElementAtOrDefault(header + 1) != $"+++ b/{path}")
        {
            throw new FormatException($"{name}.patch: a sentence, then --- a/FILE and +++ b/FILE are missing");
        }

        List<Hunk> hunks = [];
        foreach (string line in lines.Skip(header + 2))
        {
            Add(name, hunks, line);
        }

        return hunks.Any(hunk => !hunk.Before.SequenceEqual(hunk.After))
            ? new Fault(name, mistake, path, hunks)
            : throw new FormatException($"{name}.patch changes nothing");
    }

    /// <summary>The file with the fault in it.</summary>
    /// <exception cref="FormatException">It does not fit the file.</exception>
    internal string ApplyTo(string source)
    {
        string[] lines = source.Split('\n');
        List<(int At, Hunk Hunk)> places = [.. Hunks.Select(hunk => (PlaceOf(hunk, lines), hunk)).OrderByDescending(place => place.Item1)];
        List<string> changed = [.. lines];
        foreach ((int at, Hunk hunk) in places)
        {
            changed.RemoveRange(at, hunk.Before.Count);
            changed.InsertRange(at, hunk.After);
        }

        return string.Join('\n', changed);
    }

    private static Fault Read(string file) => Parse(System.IO.Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));

    private static void Add(string name, List<Hunk> hunks, string line)
    {
        if (line.StartsWith("@@ ", StringComparison.Ordinal))
        {
            hunks.Add(new Hunk([], []));
            return;
        }

        // An editor may have taken the blank from an empty line.
        char kind = line.Length == 0 ? ' ' : line[0];
        string content = line.Length == 0 ? "" : line[1..];
        if (hunks.Count == 0 || kind is not (' ' or '-' or '+'))
        {
            throw new FormatException($"{name}.patch: what is '{line}'?");
        }

        if (kind != '+')
        {
            hunks[^1].Before.Add(content);
        }

        if (kind != '-')
        {
            hunks[^1].After.Add(content);
        }
    }

    private int PlaceOf(Hunk hunk, string[] lines)
    {
        int[] places =
        [
            .. Enumerable.Range(0, Math.Max(0, lines.Length - hunk.Before.Count + 1))
                .Where(at => hunk.Before.SequenceEqual(lines.Skip(at).Take(hunk.Before.Count))),
        ];
        if (places.Length == 1)
        {
            return places[0];
        }

        string? gone = hunk.Before.Find(line => !lines.Contains(line));
        throw new FormatException(
            $"no longer fits: {Path} has the lines of its hunk {Hunks.ToList().IndexOf(hunk) + 1} {places.Length} times and not once" +
            (gone == null ? "; they begin" : "; it has no more of") + $"\n{gone ?? hunk.Before.FirstOrDefault()}");
    }
}
