using System;
using System.Collections.Generic;
using Interop.Sessions.Faults;
using Interop.Sessions.Faults.Scenarios;
using Interop.Sessions.Faults.Stage;

// Real faults on real processes: tests/Faults/run builds what is needed and starts this in namespaces of its own.

if (Arguments.Read(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

Scenario[] all =
    [
        .. HolderFaults.All, .. MasterFaults.All, .. WayFaults.All, .. NetworkFaults.All, .. DiskFaults.All, .. StoreFaults.All,
        .. ClockFaults.All,
    ];
List<Finding> verdicts = [];
int passed = 0;
int failed = 0;
Console.WriteLine(Table.Head);
foreach (Scenario scenario in all)
{
    if (!scenario.Name.Contains(arguments.Only, StringComparison.Ordinal))
    {
        continue;
    }

    if (scenario.NeedsRoot && arguments.WithoutRoot)
    {
        Console.WriteLine($"| {scenario.Name} | left out: it needs root | | |");
        continue;
    }

    Finding verdict = Run(scenario);
    verdicts.Add(verdict);
    Console.WriteLine(Table.Row(verdict));
    foreach (string broken in verdict.Broken)
    {
        Console.WriteLine($"FAILED: {scenario.Name}: {broken}");
    }

    passed += verdict.Passed ? 1 : 0;
    failed += verdict.Passed ? 0 : 1;
}

if (arguments.Document is { } document && failed == 0)
{
    Table.Write(document, verdicts);
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 && passed > 0 ? 0 : 1;

Finding Run(Scenario scenario)
{
    using Play play = new(arguments.Programs);
    string? brokeOff = null;
    try
    {
        if (scenario.NeedsRoot && !Environment.IsPrivilegedProcess)
        {
            throw new BrokenExpectationException("it needs root; --without-root leaves it out");
        }

        scenario.Play(play);
    }
    catch (Exception error)
    {
        brokeOff = error.Message;
    }

    return Finding.Of(scenario, play, brokeOff);
}
