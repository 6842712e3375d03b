using System.Collections.Generic;
using Interop.Sessions.Faults.Stage;
using static Interop.Sessions.Faults.Stage.Times;

namespace Interop.Sessions.Faults.Scenarios;

/// <summary>The holder's clock runs at another rate than the master's, and then the network is cut.</summary>
internal static class ClockFaults
{
    private const string Lost = "ALIVE SUSPECT JEOPARDY LOST(EXPIRED) | ALIVE";

    internal static IEnumerable<Scenario> All =>
    [
        new("holder's clock slow by ρ, then cut", play => Cut(play, 900_000), Lost) { NeedsRoot = true },
        new("holder's clock fast by ρ, then cut", play => Cut(play, 1_100_000), Lost) { NeedsRoot = true },
        // Beyond what is promised; only fencing is left. It shows that the check of P1 would see a breach.
        new("holder's clock slow by 4ρ, then cut (P1 must break)", play => Cut(play, 600_000), Lost)
        {
            NeedsRoot = true,
            BreaksTheClockBound = true,
        },
    ];

    private static void Cut(Play play, long ratePpm)
    {
        HolderClock clock = new(ratePpm);
        HolderNetwork network = play.Keep(new HolderNetwork());
        MasterProcess master = play.StartMaster(HolderNetwork.MasterAddress);
        Holder holder = play.StartServing(master.Endpoint, network, clock);
        DoneAt cut = DoneAt.Of(() =>
        {
            network.LoseRequests();
            network.LoseAnswers();
        });
        Silence.Measure(play, holder, cut, clock);
        // How long ago the last renewal was is a matter of the holder's clock, the rest of the master's.
        long leastMs = TermMs - clock.TrueMs(IntervalMs) - SlackMs;
        play.Measure("expired after", cut, master.AwaitEnd("server").AtNs, leastMs, TermMs + SlackMs);
        network.Heal();
        holder.Await("ALIVE", 2);
    }
}
