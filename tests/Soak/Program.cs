using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Interop.Sessions.CrashLoops.Checks;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Soak;
using Interop.Sessions.Soak.Load;

// A mixed load with faults, for as long as you say: tests/Soak/run builds what is needed and starts this.

if (args is [HolderProcess.Verb, ..])
{
    return await HolderProcess.RunAsync(args);
}

if (args is not [string program, string minutes, string seedText, ..] ||
    !double.TryParse(minutes, NumberStyles.Float, CultureInfo.InvariantCulture, out double length) ||
    !int.TryParse(seedText, NumberStyles.None, CultureInfo.InvariantCulture, out int seed))
{
    Console.Error.WriteLine("usage: soak PROGRAM MINUTES SEED [DOCUMENT]");
    return 2;
}

Console.WriteLine($"seed {seed}");
DirectoryInfo folder = Directory.CreateTempSubdirectory("soak-");
Findings findings = new();
Play play = new(program, folder.FullName, seed, findings);
try
{
    play.Run(TimeSpan.FromMinutes(length));
}
catch (BrokenExpectationException broken)
{
    findings.Add(broken.Message);
}
finally
{
    play.Dispose();
}

IReadOnlyList<string> all = findings.All;
foreach (string finding in all)
{
    Console.WriteLine($"FAILED: {finding}");
}

if (all.Count == 0)
{
    folder.Delete(recursive: true);
    if (args.Length > 3)
    {
        MarkedText.Replace(args[3], "<!-- soak: begin; written by tests/Soak/run --write -->", "<!-- soak: end -->", play.Table);
    }
}
else
{
    Console.WriteLine($"logs and data are in {folder.FullName}; again: --seed {seed}");
}

Console.WriteLine(all.Count == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
return all.Count == 0 ? 0 : 1;
