using System.Collections.Generic;
using Interop.Sessions.Faults.Stage;
using static Interop.Sessions.Faults.Stage.Times;

namespace Interop.Sessions.Faults.Scenarios;

/// <summary>The holder's process stands still or dies.</summary>
internal static class HolderFaults
{
    internal static IEnumerable<Scenario> All =>
    [
        new("holder stopped for T/4", StopBriefly, "ALIVE"),
        new("holder stopped for 0.52 T", StopForMoreThanHalf, "ALIVE JEOPARDY ALIVE"),
        new("holder stopped for 1.5 T", StopBeyondTheTerm, "ALIVE JEOPARDY LOST(EXPIRED) | ALIVE"),
        new("holder killed", Kill, "ALIVE"),
        new("holder killed, a new process of its identity at once", Replace, "ALIVE"),
    ];

    private static void StopBriefly(Play play)
    {
        Holder holder = play.StartServing(play.StartMaster().Endpoint);
        holder.Process.Stop();
        Play.Last(TermMs / 4);
        DoneAt continued = holder.Process.Continue();
        play.Measure("serves again after waking", continued, holder.AwaitYes(continued.ByNs), 0, SlackMs);
        AwaitNewLease(holder, continued.ByNs);
    }

    /// <summary>
    /// The gap is noticed, and a fresh answer waited for. The session stays, as the stop, an interval before it and a hiccup at
    /// either end are less than a term together.
    /// </summary>
    private static void StopForMoreThanHalf(Play play)
    {
        Holder holder = play.StartServing(play.StartMaster().Endpoint);
        holder.Process.Stop();
        Play.Last(TermMs * 52 / 100);
        DoneAt continued = holder.Process.Continue();
        play.Measure("JEOPARDY after waking", continued, holder.Await("JEOPARDY"), 0, SlackMs);
        play.Measure("ALIVE after waking", continued, holder.Await("ALIVE", 2), 0, IntervalMs + SlackMs);
        AwaitNewLease(holder, continued.ByNs);
    }

    /// <summary>Whoever serves a term later was renewed in between.</summary>
    private static void AwaitNewLease(Holder holder, long afterNs) => holder.AwaitYes(afterNs + (TermMs * 1_000_000L));

    private static void StopBeyondTheTerm(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint);
        DoneAt stopped = holder.Process.Stop();
        play.Measure(
            "expired after", stopped, master.AwaitEnd("server").AtNs, TermMs - IntervalMs - SlackMs, TermMs + SlackMs);
        Play.Last(TermMs / 2);
        DoneAt continued = holder.Process.Continue();
        play.Measure("LOST after waking", continued, holder.Await("LOST(EXPIRED)"), 0, IntervalMs + SlackMs);
        play.Measure("serves again after waking", continued, holder.AwaitYes(holder.Await("ALIVE", 2)), 0, HalfMs);
    }

    private static void Kill(Play play)
    {
        MasterProcess master = play.StartMaster();
        DoneAt killed = play.StartServing(master.Endpoint).Process.Kill();
        play.Measure(
            "expired after", killed, master.AwaitEnd("server").AtNs, TermMs - IntervalMs - SlackMs, TermMs + SlackMs);
    }

    /// <summary>The new process waits for the end of the old lease: nobody else can prove that the old one stopped.</summary>
    private static void Replace(Play play)
    {
        MasterProcess master = play.StartMaster();
        DoneAt killed = play.StartServing(master.Endpoint).Process.Kill();
        Holder next = play.StartHolder(master.Endpoint, "server");
        long endedNs = master.AwaitEnd("server").AtNs;
        play.Measure("expired after", killed, endedNs, TermMs - IntervalMs - SlackMs, TermMs + SlackMs);
        play.Measure("the next serves after the end", endedNs, next.AwaitYes(next.Await("ALIVE")), 0, HalfMs);
    }
}
