using System.Globalization;

namespace Interop.Sessions.Rolling;

/// <summary>What was measured in one step, at all holders.</summary>
/// <param name="What">Happened.</param>
/// <param name="Ms">How long it took.</param>
/// <param name="Suspect">How often a holder was told SUSPECT.</param>
/// <param name="Jeopardy">How often one was told JEOPARDY.</param>
/// <param name="Looks">At leases, by data paths.</param>
/// <param name="Refused">Of these.</param>
/// <param name="LeastLeftMs">Of a lease, as seen every quarter of a second.</param>
/// <param name="Acknowledged">Changes of items.</param>
internal sealed record Step(string What, long Ms, int Suspect, int Jeopardy, long Looks, long Refused, long LeastLeftMs, long Acknowledged)
{
    internal const string Head =
        "| step | took (s) | told SUSPECT | told JEOPARDY | looks at leases | refused | least left of a lease (ms) | item changes acknowledged |\n" +
        "|---|---|---|---|---|---|---|---|";

    internal string Row => string.Create(
        CultureInfo.InvariantCulture,
        $"| {What} | {Ms / 1000.0:F1} | {Suspect} | {Jeopardy} | {Looks} | {Refused} | {LeastLeftMs} | {Acknowledged} |");
}
