using System.Globalization;
using System.Linq;

namespace Interop.Sessions.Benchmarks.Overload;

/// <summary>What came of calls that were made for some seconds, as bench_load says it.</summary>
/// <param name="Made">Sent.</param>
/// <param name="Held">Due, and not sent: the connections had as many in flight as they carry.</param>
/// <param name="Done">Answered with what was asked for.</param>
/// <param name="Shed">Refused with OVERLOADED.</param>
/// <param name="Untold">Of those, without a time to ask again.</param>
/// <param name="Unanswered">Not answered within 5 s.</param>
/// <param name="Other">Whatever else they came to.</param>
/// <param name="MedianMs">Of those that were done.</param>
/// <param name="MostMs">The time within which 99 % of those were done.</param>
internal sealed record LoadOutcome(
    long Made, long Held, long Done, long Shed, long Untold, long Unanswered, long Other, double MedianMs, double MostMs)
{
    private const int Counts = 7;

    internal static LoadOutcome Of(string line)
    {
        string[] words = line.Split(' ');
        long[] counts = [.. words.Take(Counts).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        double[] times = [.. words.Skip(Counts).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        return new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], times[0], times[1]);
    }
}
