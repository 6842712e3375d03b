using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Benchmarks.Overload;

/// <summary>
/// How many creates and reads a master does in all, and what becomes of its live sessions when it is asked for several times as many. The
/// master, its live followers and the load are processes of their own, on the same machine. The load is that of bench/run, in C++, which costs
/// little beside the master: every other call is a durable create, every other one reads a page of 100 sessions.
/// </summary>
internal sealed class OverloadRun(int live, int times, int seconds)
{
    private const int TermMs = 3000;
    private const int InFlight = 64;
    private const int Connections = 192;

    internal int Run()
    {
        if (!File.Exists(LoadProgram))
        {
            Console.Error.WriteLine(
                $"{LoadProgram} is missing: tests/install-tools bench && cmake --preset bench && cmake --build --preset bench --target bench_load");
            return 1;
        }

        DirectoryInfo directory = Directory.CreateTempSubdirectory("overload-");
        string log = Path.Combine(directory.FullName, "log");
        using Process master = Start(
            "sh", "-c", "exec \"$0\" \"$@\" 2>" + log, Built.Value("SessionMasterProgram"),
            "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", Path.Combine(directory.FullName, "sessions.db"), "--create",
            "--term-ms", Text(TermMs), "--max-term-ms", Text(TermMs), "--max-sessions", "1000000");
        try
        {
            string ready = master.StandardOutput.ReadLine() ?? "";
            int port = ready.StartsWith("ready port=", StringComparison.Ordinal)
                ? int.Parse(ready.AsSpan("ready port=".Length), CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"session-master does not serve: '{ready}'");
            using LiveHolders holders = new(port, live);
            return Measure(master, port, holders);
        }
        finally
        {
            master.Kill();
            master.WaitForExit();
            directory.Delete(recursive: true);
        }
    }

    private int Measure(Process master, int port, LiveHolders holders)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores; {live} live followers of T = {TermMs} ms; half of the calls are durable creates, half read a page of 100 sessions");
        Console.WriteLine("| load | asked for /s | sent /s | done /s | refused with OVERLOADED /s | other ends | done in, median (99 %) ms | master's cores | live: renewed /s | late answers | longest gap ms | SUSPECT | refused | lost |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        // A warm master is what runs in production.
        Load(port, perSecond: 0);
        LoadOutcome sustained = Row("as much as it does", master, port, holders, perSecond: 0);
        double rate = (double)sustained.Done / seconds;
        LoadOutcome beyond = Row($"{times} times that", master, port, holders, rate * times);
        Row("as much as it does, after that", master, port, holders, perSecond: 0);
        if (holders.Lost == 0 && beyond.Untold == 0)
        {
            return 0;
        }

        Console.WriteLine($"FAILED: {holders.Lost} live sessions were lost, and {beyond.Untold} refusals had no time to ask again");
        return 1;
    }

    private LoadOutcome Row(string what, Process master, int port, LiveHolders holders, double perSecond)
    {
        (TimeSpan cpu, long renewed, long late, int suspects, int refusals, int lost) =
            (CpuOf(master), holders.Renewed, holders.LateAnswers, holders.Suspects, holders.Refusals, holders.Lost);
        Stopwatch watch = Stopwatch.StartNew();
        LoadOutcome outcome = Load(port, perSecond);
        double length = watch.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {(perSecond > 0 ? perSecond : outcome.Made / (double)seconds):F0} | {outcome.Made / (double)seconds:F0} | {outcome.Done / (double)seconds:F0} | {outcome.Shed / (double)seconds:F0} | {outcome.Unanswered + outcome.Other} | {outcome.MedianMs:F1} ({outcome.MostMs:F1}) | {(CpuOf(master) - cpu).TotalSeconds / length:F2} | {(holders.Renewed - renewed) / length:F0} | {holders.LateAnswers - late} | {holders.LongestGapMs:F0} | {holders.Suspects - suspects} | {holders.Refusals - refusals} | {holders.Lost - lost} |"));
        return outcome;
    }

    private static string LoadProgram => Built.Value("LoadProgram");

    private LoadOutcome Load(int port, double perSecond)
    {
        using Process load = Start(
            LoadProgram, "--peer", "sessions", "--work", "offer", "--port", Text(port), "--connections", Text(Connections),
            "--rate", perSecond.ToString("F1", CultureInfo.InvariantCulture), "--in-flight", Text(InFlight), "--seconds", Text(seconds));
        string line = load.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the load said nothing");
        load.WaitForExit();
        return LoadOutcome.Of(line);
    }

    private static TimeSpan CpuOf(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
}
