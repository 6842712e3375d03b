using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Interop.Sessions.CrashLoops.Checks;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Rolling;
using Interop.Sessions.Rolling.Load;

// From insecure to TLS, and other certificates, under load: tests/Rolling/run builds what is needed and starts this.

if (args is [HolderProcess.Verb, ..])
{
    return await HolderProcess.RunAsync(args);
}

if (args is not [string program, string roundsText, ..] || !int.TryParse(roundsText, NumberStyles.None, CultureInfo.InvariantCulture, out int rounds))
{
    Console.Error.WriteLine("usage: rolling PROGRAM ROUNDS [DOCUMENT]");
    return 2;
}

DirectoryInfo folder = Directory.CreateTempSubdirectory("rolling-");
Findings findings = new();
Play? play = null;
try
{
    play = new Play(program, folder.FullName, findings);
    play.Run(rounds);
    Console.WriteLine(play.Said);
}
catch (BrokenExpectationException broken)
{
    findings.Add(broken.Message);
    play?.CollectFindings();
}
finally
{
    play?.Dispose();
}

IReadOnlyList<string> all = findings.All;
foreach (string finding in all)
{
    Console.WriteLine($"FAILED: {finding}");
}

if (all.Count == 0)
{
    folder.Delete(recursive: true);
    if (args.Length > 2)
    {
        MarkedText.Replace(args[2], "<!-- rolling: begin; written by tests/Rolling/run --write -->", "<!-- rolling: end -->", play!.Table);
    }
}
else
{
    foreach (string warning in play?.Warnings ?? [])
    {
        Console.WriteLine(warning);
    }

    Console.WriteLine($"logs are in {folder.FullName}");
}

Console.WriteLine(all.Count == 0 ? $"{play!.StepsPassed} passed, 0 failed" : $"{Math.Max(0, play?.StepsPassed ?? 0)} passed, {all.Count} failed");
return all.Count == 0 ? 0 : 1;
