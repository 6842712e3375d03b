using System;
using System.Collections.Generic;
using Interop.Sessions.Faults.Stage;
using static Interop.Sessions.Faults.Stage.Times;

namespace Interop.Sessions.Faults.Scenarios;

/// <summary>Packets get lost between two network namespaces, or everything takes long.</summary>
internal static class NetworkFaults
{
    private const string Lost = "ALIVE SUSPECT JEOPARDY LOST(EXPIRED) | ALIVE";

    internal static IEnumerable<Scenario> All =>
    [
        // How far the states go depends on whether a SYN was among what got lost; the session stays.
        new(
            "network cut both ways for T/4", CutBriefly, "ALIVE", "ALIVE SUSPECT ALIVE", "ALIVE SUSPECT JEOPARDY ALIVE")
        {
            NeedsRoot = true,
        },
        new("network cut both ways for 1.5 T", play => Cut(play, CutBothWays), Lost) { NeedsRoot = true },
        new("requests lost for 1.5 T", play => Cut(play, network => network.LoseRequests()), Lost) { NeedsRoot = true },
        new("answers lost for 1.5 T", play => Cut(play, network => network.LoseAnswers()), Lost) { NeedsRoot = true },
        new("every byte takes T/20 more, each way", SlowWithinTheInterval, "ALIVE"),
        new("every byte takes T/4 more, each way, for about T", SlowBeyondTheInterval, "ALIVE SUSPECT JEOPARDY ALIVE"),
    ];

    private static void CutBothWays(HolderNetwork network)
    {
        network.LoseRequests();
        network.LoseAnswers();
    }

    private static void CutBriefly(Play play)
    {
        HolderNetwork network = play.Keep(new HolderNetwork());
        Holder holder = play.StartServing(play.StartMaster(HolderNetwork.MasterAddress).Endpoint, network);
        CutBothWays(network);
        Play.Last(TermMs / 4);
        DoneAt healed = DoneAt.Of(network.Heal);
        long servedNs = holder.AwaitYes(healed.ByNs + (TermMs * 1_000_000L));
        play.Measure("serves by a new lease after", healed, servedNs, TermMs, TermMs + SlackMs);
    }

    private static void Cut(Play play, Action<HolderNetwork> lose)
    {
        HolderNetwork network = play.Keep(new HolderNetwork());
        MasterProcess master = play.StartMaster(HolderNetwork.MasterAddress);
        Holder holder = play.StartServing(master.Endpoint, network);
        DoneAt cut = DoneAt.Of(() => lose(network));
        Silence.Measure(play, holder, cut);
        // Where only answers get lost, two more renewals may reach the master before the holder gives the stream up.
        play.Measure(
            "expired after",
            cut,
            master.AwaitEnd("server").AtNs,
            TermMs - IntervalMs - SlackMs,
            TermMs + (2 * IntervalMs) + SlackMs);
        Play.Last(HalfMs);
        DoneAt healed = DoneAt.Of(network.Heal);
        long lostNs = holder.Await("LOST(EXPIRED)");
        play.Measure("LOST after healing", healed, lostNs, 0, ConnectMs + IntervalMs + SlackMs);
        play.Measure("ALIVE after LOST", lostNs, holder.Await("ALIVE", 2), 0, SlackMs);
    }

    /// <summary>A round trip that is shorter than the interval costs nothing but its own time of each lease.</summary>
    private static void SlowWithinTheInterval(Play play)
    {
        SlowLink link = play.Keep(new SlowLink(play.StartMaster().Endpoint));
        Holder holder = play.StartServing(link.Endpoint);
        link.Delay(TermMs / 20);
        long slowNs = Protocol.BootClock.NowNs;
        long servedNs = holder.AwaitYes(slowNs + (2 * TermMs * 1_000_000L));
        play.Measure("still serves after", slowNs, servedNs, 2 * TermMs, (2 * TermMs) + SlackMs);
    }

    /// <summary>
    /// An answer that takes longer than the interval is given up, so such a link is as good as cut for the holder; but the
    /// master hears its renewals, and keeps the session for it.
    /// </summary>
    private static void SlowBeyondTheInterval(Play play)
    {
        SlowLink link = play.Keep(new SlowLink(play.StartMaster().Endpoint));
        Holder holder = play.StartServing(link.Endpoint);
        Silence.Measure(play, holder, DoneAt.Of(() => link.Delay(TermMs / 4)));
        DoneAt healed = DoneAt.Of(() => link.Delay(0));
        play.Measure(
            "ALIVE after healing", healed, holder.Await("ALIVE", 2), 0, (TermMs / 2) + IntervalMs + SlackMs);
    }
}
