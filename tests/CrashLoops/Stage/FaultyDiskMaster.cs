using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Interop.Sessions.CrashLoops.Stage;

/// <summary>A master on SQLite some of whose writes fail, and who is killed in the end.</summary>
internal sealed class FaultyDiskMaster(string program, string injector, string folder) : SqliteMaster(program, folder)
{
    /// <summary>The size of tests/native/inject/report.h, and more.</summary>
    private const int ReportBytes = 8192;

    /// <summary>So many calls after it is armed the first one fails.</summary>
    private const int LatestFirst = 400;

    /// <summary>What fails and with what, as tests/native/inject/injector.cpp names it.</summary>
    private static readonly (string Call, int Error)[] s_faults =
    [
        ("pwrite", 28), // ENOSPC
        ("pwrite", 5), // EIO
        ("short_pwrite", 28),
        ("fsync", 5),
        ("fsync", 28),
    ];

    private readonly string _report = Path.Combine(folder, "report");

    public override string Name => "SQLite, writes and fsyncs fail, then its master killed";

    /// <summary>A disk that refuses everything answers nobody for as long as no master can lead.</summary>
    public override int LongestMs => 3000;

    /// <summary>Clients have begun: from now on writes are counted.</summary>
    public override void Harm()
    {
        using FileStream report = new(_report, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        report.Write([1, 0, 0, 0]);
    }

    protected override IReadOnlyDictionary<string, string>? EnvironmentOf(Random random)
    {
        File.WriteAllBytes(_report, new byte[ReportBytes]);
        (string call, int error) = s_faults[random.Next(s_faults.Length)];
        int first = random.Next(1, call == "fsync" ? LatestFirst / 10 : LatestFirst);
        // Once, some times, or for as long as the process lives.
        int count = random.Next(3) switch { 0 => 1, 1 => random.Next(2, 20), _ => int.MaxValue };
        return new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = injector,
            ["INJECT_REPORT"] = _report,
            ["INJECT_WAITS"] = "1",
            ["INJECT_CALL"] = call,
            ["INJECT_ERRNO"] = error.ToString(CultureInfo.InvariantCulture),
            ["INJECT_FIRST"] = first.ToString(CultureInfo.InvariantCulture),
            ["INJECT_COUNT"] = count.ToString(CultureInfo.InvariantCulture),
        };
    }
}
