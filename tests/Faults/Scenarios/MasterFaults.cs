using System.Collections.Generic;
using Interop.Sessions.Faults.Stage;
using static Interop.Sessions.Faults.Stage.Times;

namespace Interop.Sessions.Faults.Scenarios;

/// <summary>The master's process stands still, or dies and comes back on its store.</summary>
internal static class MasterFaults
{
    internal static IEnumerable<Scenario> All =>
    [
        new("master killed and restarted at once", RestartAtOnce, "ALIVE", "ALIVE SUSPECT ALIVE"),
        new("master killed, restarted after 1.5 T", RestartLate, "ALIVE SUSPECT JEOPARDY ALIVE"),
        new("master and holder killed, master restarted", RestartWithoutHolder, "ALIVE"),
        new("master stopped for 0.6 T", StopBriefly, "ALIVE SUSPECT ALIVE"),
        // When it wakes, renewals that wait in its sockets race with the expiry; the master's word decides.
        new(
            "master stopped for 1.5 T",
            StopBeyondTheTerm,
            "ALIVE SUSPECT JEOPARDY ALIVE",
            "ALIVE SUSPECT JEOPARDY LOST(EXPIRED) | ALIVE"),
    ];

    private static void RestartAtOnce(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint);
        DoneAt killed = master.Kill();
        master.Restart();
        play.Measure("master away for", killed, master.ReadyNs, 0, HalfMs);
        // Longer than a term: who did not renew at the new master would be gone by then.
        holder.AwaitYes(master.ReadyNs + ((TermMs + HalfMs) * 1_000_000));
    }

    /// <summary>Nobody knows whom the last master renewed, so the new one waits T_max for all: nothing is lost.</summary>
    private static void RestartLate(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint);
        DoneAt killed = master.Kill();
        Silence.Measure(play, holder, killed);
        Play.Last(TermMs - UsableMs + HalfMs);
        master.Restart();
        play.Measure("ALIVE after the restart", master.ReadyNs, holder.Await("ALIVE", 2), 0, HalfMs);
    }

    private static void RestartWithoutHolder(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint);
        master.Kill();
        holder.Process.Kill();
        Play.Last(HalfMs);
        master.Restart();
        // The longest promised term from the restart, be it the last one's remainder or not.
        long endedNs = master.AwaitEnd("server").AtNs;
        play.Measure("expired after the restart", master.ReadyNs, endedNs, TermMs - SlackMs, TermMs + SlackMs);
    }

    private static void StopBriefly(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint);
        DoneAt stopped = master.Process.Stop();
        Silence.MeasureSuspect(play, holder, stopped);
        Play.Last((TermMs * 6 / 10) - HalfMs);
        DoneAt continued = master.Process.Continue();
        play.Measure("ALIVE after waking", continued, holder.Await("ALIVE", 2), 0, IntervalMs + SlackMs);
    }

    private static void StopBeyondTheTerm(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint);
        DoneAt stopped = master.Process.Stop();
        Silence.Measure(play, holder, stopped);
        Play.Last(TermMs - UsableMs + HalfMs);
        DoneAt continued = master.Process.Continue();
        play.Measure("ALIVE after waking", continued, holder.Await("ALIVE", 2), 0, HalfMs);
    }
}
