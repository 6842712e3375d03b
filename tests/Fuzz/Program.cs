using System;
using System.CommandLine;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Interop.Sessions.Fuzz.Engine;

namespace Interop.Sessions.Fuzz;

/// <summary>Tries the targets that are named, or all, one after the other.</summary>
internal static class Program
{
    private static readonly Argument<string[]> s_targets = new("TARGET") { Description = "Which; without any: all." };

    private static readonly Option<double> s_seconds = new("--seconds")
    {
        Description = "For how long, for all targets together.",
        DefaultValueFactory = _ => 35,
    };

    private static readonly Option<int?> s_seed = new("--seed") { Description = "Of all that is random; without it, a fresh one." };

    private static readonly Option<string?> s_input = new("--input") { Description = "Tries this file only, and says what comes out." };

    private static readonly Option<string> s_corpus = new("--corpus")
    {
        Description = "The folder of the inputs that are kept.",
        DefaultValueFactory = _ => "tests/Fuzz/Corpus",
    };

    private static readonly Option<string> s_found = new("--found")
    {
        Description = "Where inputs go that break something.",
        DefaultValueFactory = _ => "build/fuzz/found",
    };

    private static readonly Option<bool> s_keep = new("--keep") { Description = "Writes the fewest inputs that take all ways into the corpus." };

    private static int Main(string[] arguments)
    {
        Coverage.Begin();
        Assertions.Throw();
        Command instrument = new("instrument", "Copies a folder of programs, and instruments the product's assemblies in the copy.");
        Argument<string> from = new("FROM");
        Argument<string> to = new("TO");
        instrument.Add(from);
        instrument.Add(to);
        instrument.SetAction(parsed => Instrumentation.Copy(parsed.GetRequiredValue(from), parsed.GetRequiredValue(to)));
        RootCommand command = new("Tries decoders and machines with inputs that nobody would think of.")
        {
            s_targets, s_seconds, s_seed, s_input, s_corpus, s_found, s_keep, instrument,
        };
        command.SetAction(Run);
        return command.Parse(arguments).Invoke();
    }

    private static int Run(ParseResult parsed)
    {
        string[] names = parsed.GetValue(s_targets) ?? [];
        if (names.FirstOrDefault(name => Targets.All.All(target => target.Name != name)) is { } unknown)
        {
            Console.Error.WriteLine($"no target '{unknown}': {string.Join(" ", Targets.All.Select(target => target.Name))}");
            return 2;
        }

        FuzzTarget[] chosen = [.. Targets.All.Where(target => names.Length == 0 || names.Contains(target.Name))];
        if (parsed.GetValue(s_input) is { } input)
        {
            return TryOne(chosen, input);
        }

        int seed = parsed.GetValue(s_seed) ?? Random.Shared.Next();
        Console.WriteLine($"seed {seed}");
        TimeSpan each = TimeSpan.FromSeconds(parsed.GetValue(s_seconds) / chosen.Length);
        int failed = chosen.Count(target => !Try(target, new Random(seed), each, parsed));
        Console.WriteLine($"{chosen.Length - failed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static bool Try(FuzzTarget target, Random random, TimeSpan duration, ParseResult parsed)
    {
        string found = parsed.GetRequiredValue(s_found);
        string corpus = parsed.GetRequiredValue(s_corpus);
        Directory.CreateDirectory(found);
        string last = Path.Combine(found, $"{target.Name}.last");
        IReadOnlyList<byte[]> kept = CorpusFile.Read(corpus, target.Name);
        Campaign campaign;
        Coverage coverage = new();
        using (LastInput noted = new(last))
        {
            Watchdog.Begin(target.Name, last);
            campaign = new Campaign(target, random, coverage, input =>
            {
                noted.Note(input);
                Watchdog.Beat();
            });
            campaign.Run(kept, duration);
            Watchdog.End();
        }

        Console.WriteLine(
            $"{target.Name,-12} {campaign.Tried,9} inputs, {coverage.Branches,5} branches, {campaign.Kept,4} inputs with ways of their own");
        if (campaign.Finding is { } finding)
        {
            Report.Finding(target.Name, found, finding.Input, finding.Error);
            return false;
        }

        File.Delete(last);
        if (parsed.GetValue(s_keep))
        {
            CorpusFile.Write(corpus, target.Name, campaign.Fewest());
        }

        return true;
    }

    private static int TryOne(FuzzTarget[] chosen, string path)
    {
        if (chosen.Length != 1)
        {
            Console.Error.WriteLine("--input goes with one target");
            return 2;
        }

        chosen[0].Run(path.EndsWith(".last", StringComparison.Ordinal) ? LastInput.Read(path) : File.ReadAllBytes(path));
        Console.WriteLine("nothing is broken");
        return 0;
    }
}
