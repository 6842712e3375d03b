using System;
using System.Collections.Generic;
using System.IO;
using Interop.Sessions.CrashLoops;
using Interop.Sessions.CrashLoops.Stage;
using Interop.Sessions.Faults.Stage;

// Masters that are killed while clients write: tests/CrashLoops/run builds what is needed and starts this.

if (Arguments.Read(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

Console.WriteLine($"seed {arguments.Seed}");
List<string> rows = [];
int failed = 0;
Run(arguments.SqliteKills, folder => new SqliteMaster(arguments.Program, folder));
Run(arguments.DiskFaults, folder => new FaultyDiskMaster(arguments.Program, arguments.Injector, folder));
Run(arguments.EtcdKills, folder => new EtcdMasters(arguments.Program, folder));

Console.WriteLine(Loop.Head);
rows.ForEach(Console.WriteLine);
if (arguments.Document is { } document && failed == 0)
{
    MarkedText.Replace(
        document, "<!-- crash loops: begin; written by tests/CrashLoops/run --write -->", "<!-- crash loops: end -->",
        $"{Loop.Head}\n{string.Join('\n', rows)}");
}

Console.WriteLine($"{rows.Count - failed} passed, {failed} failed");
return failed == 0 && rows.Count > 0 ? 0 : 1;

void Run(int kills, Func<string, IMasters> masters)
{
    if (kills == 0)
    {
        return;
    }

    DirectoryInfo folder = Directory.CreateTempSubdirectory("crash-loops-");
    using IMasters stage = masters(folder.FullName);
    Loop loop = new(stage, kills, arguments.Seed);
    List<string> findings = [];
    try
    {
        loop.Run();
    }
    catch (BrokenExpectationException broken)
    {
        findings.Add(broken.Message);
    }

    findings.AddRange(loop.Findings);
    rows.Add(loop.Row);
    foreach (string finding in findings)
    {
        Console.WriteLine($"FAILED: {stage.Name}: {finding}");
    }

    if (findings.Count == 0)
    {
        folder.Delete(recursive: true);
        return;
    }

    failed++;
    Console.WriteLine($"what is left is in {folder.FullName}; again: --seed {arguments.Seed}");
}
