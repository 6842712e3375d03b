using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Faults.Stage;
using static Interop.Sessions.Faults.Stage.Times;

namespace Interop.Sessions.Faults.Scenarios;

/// <summary>The master's disk is full or stalls: renewals go on, and nobody's end is told before it is durable.</summary>
internal static class DiskFaults
{
    /// <summary>Limits.ExpiryRetryMs: the pause after a store failure.</summary>
    private const long ExpiryRetryMs = 1000;

    /// <summary>Limits.CreateAttemptMs: how long one attempt of a create may take.</summary>
    private const long CreateAttemptMs = 5000;

    internal static IEnumerable<Scenario> All =>
    [
        new("master's disk full for 2 T", Fill, "ALIVE") { NeedsRoot = true },
        new("master's disk stalled for 2 T", Stall, "ALIVE") { NeedsRoot = true },
    ];

    private static void Fill(Play play)
    {
        TinyDisk disk = play.Keep(new TinyDisk(play.PathOf("disk")));
        MasterProcess master = play.StartMaster(storeFolder: disk.Folder);
        Holder living = play.StartServing(master.Endpoint);
        WriteLogToItsEnd(play, master, disk);
        DoneAt killed = KillAnother(play, master);
        disk.Fill();
        long refusedNs = play.StartHolder(master.Endpoint, "late").Process.Find("not created STORE_FULL").AtNs;
        play.Measure("a create refused after", killed, refusedNs, 0, HalfMs);
        living.AwaitYes(killed.ByNs + (2 * TermMs * 1_000_000L));
        RequireNoEnd(master);
        disk.Free();
        play.MeasureUntil("the dead expired after", () => master.Ends.Length > 0, 0, ExpiryRetryMs + SlackMs);
    }

    private static void Stall(Play play)
    {
        StallingDisk disk = play.Keep(new StallingDisk(play.PathOf("disk")));
        MasterProcess master = play.StartMaster(storeFolder: disk.Folder);
        Holder living = play.StartServing(master.Endpoint);
        DoneAt killed = KillAnother(play, master);
        disk.Freeze();
        Holder late = play.StartHolder(master.Endpoint, "late");
        living.AwaitYes(killed.ByNs + (2 * TermMs * 1_000_000L));
        RequireNoEnd(master);
        disk.Thaw();
        play.MeasureUntil("the dead expired after", () => master.Ends.Length > 0, 0, SlackMs);
        // Its term was counted from before the stall: that session is over when it is durable, and another is made.
        play.MeasureUntil(
            "a waiting create granted after", () => late.History == "ALIVE", 0, CreateAttemptMs + TermMs + SlackMs);
    }

    /// <summary>A log that was longer before a checkpoint takes so much again without asking the disk.</summary>
    private static void WriteLogToItsEnd(Play play, MasterProcess master, TinyDisk disk)
    {
        long bytes = disk.LogBytes;
        for (int writer = 0; disk.LogBytes == bytes; writer++)
        {
            play.StartHolder(master.Endpoint, $"writer{writer}").Await("ALIVE");
        }
    }

    private static DoneAt KillAnother(Play play, MasterProcess master)
    {
        Holder other = play.StartHolder(master.Endpoint, "other");
        other.AwaitYes(other.Await("ALIVE"));
        return other.Process.Kill();
    }

    private static void RequireNoEnd(MasterProcess master)
    {
        if (master.Ends.FirstOrDefault() is { Reason: { } reason } end)
        {
            throw new BrokenExpectationException($"the end of {end.Identity} ({reason}) was told before it was durable");
        }
    }
}
