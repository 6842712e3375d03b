using System;
using System.CommandLine;
using System.Diagnostics;
using System.Linq;
using System.Threading;

namespace Interop.Sessions.Simulator;

/// <summary>Runs histories from the command line: many of them, or one with everything that happens in it.</summary>
internal static class Program
{
    private static readonly Option<ulong?> s_seed = new("--seed")
    {
        Description = "The first seed; without it, a fresh one.",
    };

    private static readonly Option<double> s_minutes = new("--minutes")
    {
        Description = "For how long histories are run.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<long> s_histories = new("--histories")
    {
        Description = "At most so many.",
        DefaultValueFactory = _ => long.MaxValue,
    };

    private static readonly Option<bool> s_trace = new("--trace")
    {
        Description = "Prints what happens in the one history of the seed.",
    };

    private static int Main(string[] arguments)
    {
        RootCommand command = new("Simulates masters and followers with the product's own cores, and tries to break their promises.")
        {
            s_seed, s_minutes, s_histories, s_trace,
        };
        command.SetAction(parsed =>
        {
            ulong seed = parsed.GetValue(s_seed) ?? (ulong)DateTime.UtcNow.Ticks;
            return parsed.GetValue(s_trace)
                ? Trace(seed)
                : RunMany(seed, parsed.GetValue(s_histories), TimeSpan.FromMinutes(parsed.GetValue(s_minutes)));
        });
        return command.Parse(arguments).Invoke();
    }

    private static int Trace(ulong seed)
    {
        HistoryResult result = History.Run(seed, Console.WriteLine);
        Console.WriteLine($"{result.Counts}; {result.Leaderships} leaderships; fingerprint {result.Fingerprint:x16}");
        return Report(result.Failure);
    }

    private static int RunMany(ulong seed, long count, TimeSpan duration)
    {
        using CancellationTokenSource end = new(duration);
        Stopwatch watch = Stopwatch.StartNew();
        Histories histories = new();
        using Timer progress = new(
            _ => Console.Error.WriteLine($"{watch.Elapsed.TotalSeconds:F0} s: {histories}"), null, 5000, 5000);
        histories.RunAll(Histories.SeedsFrom(seed, count), end.Token);
        Console.WriteLine($"from seed {seed}: {histories}");
        return Report(histories.Failures.Values.FirstOrDefault());
    }

    private static int Report(HistoryFailure? failure)
    {
        if (failure == null)
        {
            return 0;
        }

        Console.WriteLine($"FAILED: {failure.Message}");
        Console.WriteLine($"see it: dotnet run --project tests/Simulator -- --seed {failure.Seed} --trace");
        return 1;
    }
}
