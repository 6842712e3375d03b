using Interop.Sessions.Faults.Stage;
using static Interop.Sessions.Faults.Stage.Times;

namespace Interop.Sessions.Faults.Scenarios;

/// <summary>What a holder comes to that hears nothing more from its master, whatever the reason.</summary>
internal static class Silence
{
    /// <summary>SUSPECT half a term after the last answer, which came within an interval before the silence.</summary>
    internal static void MeasureSuspect(Play play, Holder holder, DoneAt silent, HolderClock? clock = null)
    {
        clock ??= HolderClock.True;
        play.Measure(
            "SUSPECT after",
            silent,
            holder.Await("SUSPECT"),
            clock.TrueMs(HalfMs - IntervalMs) - SlackMs,
            clock.TrueMs(HalfMs) + SlackMs);
    }

    /// <summary>And JEOPARDY at D_f, from when on the lease word says no.</summary>
    internal static void Measure(Play play, Holder holder, DoneAt silent, HolderClock? clock = null)
    {
        clock ??= HolderClock.True;
        MeasureSuspect(play, holder, silent, clock);
        long leastMs = clock.TrueMs(UsableMs - IntervalMs) - SlackMs;
        long mostMs = clock.TrueMs(UsableMs) + SlackMs;
        play.Measure("JEOPARDY after", silent, holder.Await("JEOPARDY"), leastMs, mostMs);
        // The lease word alone is in no hurry to be told: it needs no slack.
        play.Measure("last yes after", silent, holder.LastYesNs(), leastMs, clock.TrueMs(UsableMs));
    }
}
