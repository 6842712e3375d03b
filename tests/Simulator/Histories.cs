using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Simulator.Checks;

namespace Interop.Sessions.Simulator;

/// <summary>Many histories, on all cores.</summary>
internal sealed class Histories
{
    private readonly Lock _lock = new();

    internal int Count { get; private set; }

    internal long Events { get; private set; }

    internal int Leaderships { get; private set; }

    internal Counts Counts { get; } = new();

    /// <summary>The first failures in order of their seeds, as far as they were run.</summary>
    internal SortedDictionary<ulong, HistoryFailure> Failures { get; } = [];

    /// <summary>Runs a history of each seed; ends early when cancelled or when one has failed.</summary>
    internal static Histories Run(IEnumerable<ulong> seeds, CancellationToken cancellation = default)
    {
        Histories histories = new();
        histories.RunAll(seeds, cancellation);
        return histories;
    }

    internal void RunAll(IEnumerable<ulong> seeds, CancellationToken cancellation)
    {
        Parallel.ForEach(seeds, (seed, state) =>
        {
            if (cancellation.IsCancellationRequested)
            {
                state.Stop();
                return;
            }

            Add(History.Run(seed));
            if (Failures.Count > 0)
            {
                state.Stop();
            }
        });
    }

    /// <summary>Consecutive seeds from one on.</summary>
    internal static IEnumerable<ulong> SeedsFrom(ulong first, long count)
    {
        for (long i = 0; i < count; i++)
        {
            yield return unchecked(first + (ulong)i);
        }
    }

    public override string ToString() =>
        $"{Count} histories, {Events} events, {Leaderships} leaderships: {Counts}";

    private void Add(HistoryResult result)
    {
        lock (_lock)
        {
            Count++;
            Events += result.Events;
            Leaderships += result.Leaderships;
            Counts.Add(result.Counts);
            if (result.Failure != null)
            {
                Failures.Add(result.Seed, result.Failure);
            }
        }
    }
}
