using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Soak.Stage;

namespace Interop.Sessions.Soak.Checks;

/// <summary>
/// Compares what a process uses at the end with what it used after it had warmed up: medians, for a fault that has just passed
/// costs connections and buffers for some seconds. A master that leads has more than one that stands by, so each is compared with itself in
/// the same part.
/// </summary>
internal static class Growth
{
    /// <summary>Of the run: code is compiled, pools and caches fill. Whoever runs for longer has warmed up before.</summary>
    internal const double WarmUp = 0.4;

    /// <summary>Of the run, at its end and after the warm-up: what is compared.</summary>
    private const double Window = 0.25;

    /// <summary>Fewer say nothing.</summary>
    private const int LeastSamples = 10;

    /// <summary>What a collector may leave, in KiB; a leak of a kilobyte a call passes it in some minutes.</summary>
    private const long RssAllowanceKiB = 24 * 1024;

    private const int ThreadsAllowance = 6;
    private const int DescriptorsAllowance = 16;

    /// <summary>Sentences; none if it has not grown.</summary>
    internal static IEnumerable<string> Findings(Watched watched)
    {
        long lastMs = watched.Samples[^1].AtMs;
        foreach (bool leads in (bool[])[false, true])
        {
            Sample[] part = [.. watched.Samples.Where(sample => sample.Leads == leads)];
            Sample[] early = [.. part.Where(sample => sample.AtMs >= WarmUp * lastMs && sample.AtMs < (WarmUp + Window) * lastMs)];
            Sample[] late = [.. part.Where(sample => sample.AtMs >= (1 - Window) * lastMs)];
            if (early.Length >= LeastSamples && late.Length >= LeastSamples)
            {
                foreach (string finding in Compare(watched.Name, early, late))
                {
                    yield return finding;
                }
            }
        }
    }

    private static IEnumerable<string> Compare(string name, Sample[] early, Sample[] late) => new[]
    {
        Compare(name, "KiB of memory", early, late, sample => sample.RssKiB, RssAllowanceKiB),
        Compare(name, "threads", early, late, sample => sample.Threads, ThreadsAllowance),
        Compare(name, "descriptors", early, late, sample => sample.Descriptors, DescriptorsAllowance),
        Compare(name, "files", early, late, sample => sample.Files, 0),
    }.OfType<string>();

    private static string? Compare(string name, string what, Sample[] early, Sample[] late, Func<Sample, long> of, long allowance)
    {
        (long before, long after) = (Median(early.Select(of)), Median(late.Select(of)));
        return after > before + allowance ? $"{name} has {after} {what}, and had {before} after it had warmed up" : null;
    }

    private static long Median(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
