using System.Collections.Generic;
using System.IO;
using Interop.Sessions.Faults.Stage;
using static Interop.Sessions.Faults.Stage.Times;

namespace Interop.Sessions.Faults.Scenarios;

/// <summary>The master's store goes back, is lost, or is opened by others.</summary>
internal static class StoreFaults
{
    /// <summary>T_max after the beginning, in which a store that went back gives no identity that it lacks to anybody.</summary>
    private const long ForgottenMs = TermMs;

    /// <summary>Limits.MaxToldPauseMs and a quarter: how long a follower that was told to wait may sleep.</summary>
    private const long PauseMs = 1250;

    internal static IEnumerable<Scenario> All =>
    [
        new(
            "an older copy of the store put back, which knows this holder and not another", PutBack, "ALIVE",
            "ALIVE SUSPECT ALIVE"),
        new(
            "the store deleted, and a new one asked for", Lose, "ALIVE LOST(UNKNOWN) | ALIVE",
            "ALIVE SUSPECT LOST(UNKNOWN) | ALIVE"),
        new("the store opened by a second master and by sqlite3, then the master killed", OpenElsewhere, "ALIVE", "ALIVE SUSPECT ALIVE"),
    ];

    /// <summary>
    /// The holder whom the copy knows goes on; the one whom it does not know is told so, and gets another session with a
    /// higher epoch, as the verdict checks.
    /// </summary>
    private static void PutBack(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder known = play.StartServing(master.Endpoint);
        string copy = play.PathOf("copy");
        Directory.CreateDirectory(copy);
        master.Kill();
        Copy(play.StoreFiles, copy);
        master.Restart();
        Holder forgotten = play.StartHolder(master.Endpoint, "forgotten");
        forgotten.AwaitYes(forgotten.Await("ALIVE"));
        master.Kill();
        DeleteStore(play);
        Copy(Directory.GetFiles(copy), Path.GetDirectoryName(play.StorePath)!);
        master.Restart();
        MeasureForgotten(play, master, forgotten);
        known.AwaitYes(master.ReadyNs + (TermMs * 1_000_000L));
    }

    private static void Lose(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint);
        master.Kill();
        DeleteStore(play);
        master.Restart();
        MeasureForgotten(play, master, holder);
    }

    private static void DeleteStore(Play play)
    {
        foreach (string file in play.StoreFiles)
        {
            File.Delete(file);
        }
    }

    private static void OpenElsewhere(Play play)
    {
        MasterProcess master = play.StartMaster();
        Holder holder = play.StartServing(master.Endpoint);
        RequireRefused(() => Command.Run($"sqlite3 {play.StorePath} .schema"), "sqlite3");
        string refused = play.Keep(play.NewMaster("127.0.0.1:0")).Find("refused ").Text;
        if (!refused.Contains("STORE_LOCKED", System.StringComparison.Ordinal))
        {
            throw new BrokenExpectationException($"a second master was told '{refused}'");
        }

        Holder second = play.StartHolder(master.Endpoint, "second");
        second.AwaitYes(second.Await("ALIVE"));
        DoneAt killed = master.Kill();
        master.Restart();
        play.Measure("master away for", killed, master.ReadyNs, 0, HalfMs);
        // What was acknowledged after the others had looked is there.
        holder.AwaitYes(master.ReadyNs + (TermMs * 1_000_000L));
        second.AwaitYes(master.ReadyNs + (TermMs * 1_000_000L));
    }

    private static void MeasureForgotten(Play play, MasterProcess master, Holder holder)
    {
        long lostNs = holder.Await("LOST(UNKNOWN)");
        play.Measure("LOST after the restart", master.ReadyNs, lostNs, -SlackMs, HalfMs + IntervalMs);
        play.Measure(
            "ALIVE after the restart", master.ReadyNs, holder.Await("ALIVE", 2), ForgottenMs - SlackMs,
            ForgottenMs + PauseMs + SlackMs);
    }

    private static void Copy(IEnumerable<string> files, string folder)
    {
        foreach (string file in files)
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private static void RequireRefused(System.Action open, string who)
    {
        try
        {
            open();
        }
        catch (IOException)
        {
            return;
        }

        throw new BrokenExpectationException($"{who} was let into the store");
    }
}
