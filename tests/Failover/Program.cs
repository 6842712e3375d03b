using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Failover;
using Interop.Sessions.Failover.Checks;
using Interop.Sessions.Failover.Scenarios;
using Interop.Sessions.Failover.Stage;
using Interop.Sessions.Faults;
using Interop.Sessions.Faults.Stage;

// Fail-overs of real masters on a real etcd, under load: tests/Failover/run builds what is needed and starts this.

if (Arguments.Read(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

List<string> rows = [];
int passed = 0;
int failed = 0;
Console.WriteLine(Table.Head);
foreach (Scenario scenario in MasterFaults.All.Concat(EtcdFaults.All))
{
    if (!scenario.Name.Contains(arguments.Only, StringComparison.Ordinal))
    {
        continue;
    }

    if (scenario.IsInNetworks && arguments.WithoutRoot)
    {
        Console.WriteLine($"| {scenario.Name} | left out: it needs root | |");
        continue;
    }

    Outcome outcome = Run(scenario);
    rows.Add(Table.Row(scenario, outcome));
    Console.WriteLine(rows[^1]);
    foreach (string finding in outcome.Findings)
    {
        Console.WriteLine($"FAILED: {scenario.Name}: {finding}");
    }

    passed += outcome.Findings.Count == 0 ? 1 : 0;
    failed += outcome.Findings.Count == 0 ? 0 : 1;
}

if (arguments.Document is { } document && failed == 0)
{
    Table.Write(document, rows);
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 && passed > 0 ? 0 : 1;

Outcome Run(Scenario scenario)
{
    List<string> findings = [];
    using Play play = new(arguments.Programs, scenario);
    try
    {
        play.StartLoad();
        play.LetSomeDie();
        scenario.Act(play);
        HistoryCheck.MeasureTheEndOfTheDead(play, scenario.DeadGoneMs);
        play.EndWrites();
        findings.AddRange(HistoryCheck.Findings(play));
        play.EndLoad();
        findings.AddRange(FollowersCheck.Findings(play.Followers!, scenario.MayCostJeopardy));
        findings.AddRange(play.Measurements.Where(measured => !measured.Holds).Select(measured => measured.ToString()));
    }
    catch (Exception error)
    {
        findings.Add(error is BrokenExpectationException ? error.Message : error.ToString());
    }

    if (findings.Count > 0)
    {
        findings.AddRange(play.Defects);
        Console.WriteLine(play.Logs);
    }

    return new Outcome(play, findings);
}
