using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.CrashLoops.Checks;
using Interop.Sessions.CrashLoops.Load;
using Interop.Sessions.CrashLoops.Stage;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.CrashLoops;

/// <summary>Masters that are killed again and again while clients write, and looked at after each kill.</summary>
internal sealed class Loop(IMasters masters, int kills, int seed)
{
    private const int Clients = 8;
    private const int KillsALine = 10;
    private const int MostAnswers = 200;
    private const int LongestPauseMs = 20;

    private readonly Findings _findings = new();
    private readonly Counts _counts = new();
    private Comparison? _comparison;
    private int _kills;
    private long _openAtKills;
    private long _longestStartMs;

    internal IReadOnlyList<string> Findings => _findings.All;

    /// <summary>A row of the table.</summary>
    internal string Row => string.Create(
        CultureInfo.InvariantCulture,
        $"| {masters.Name} | {_kills} | {masters.KilledBeginning} | {_counts.Acknowledged} | {_counts.Refused} | {_counts.Renewed} | {_openAtKills}: {_comparison?.OpenMade} made, {_comparison?.OpenNotMade} not | {_comparison?.Compared} | {_longestStartMs} | {Findings.Count} |");

    internal const string Head =
        "| masters | kills | and while beginning | changes acknowledged | refused by the store | renewals | open at a kill | sessions and items compared | longest until one led (ms) | lost, wrong or twice |\n" +
        "|---|---|---|---|---|---|---|---|---|---|";

    /// <summary>Until all kills are done, or something is wrong.</summary>
    internal void Run()
    {
        Random random = new(seed);
        Ledger ledger = new(_findings);
        _comparison = new Comparison(ledger, _findings);
        using Leader leader = new(masters.Addresses);
        Client[] clients =
        [
            .. Enumerable.Range(0, Clients).Select(
                i => new Client($"client-{i}", seed + i, masters.Addresses, ledger, _findings, _counts)),
        ];
        for (int kill = 0; kill <= kills && Findings.Count == 0; kill++)
        {
            Compare(leader, clients, ledger, random);
            if (kill < kills && Findings.Count == 0)
            {
                Kill(leader.Address, clients, random);
                if ((kill + 1) % KillsALine == 0)
                {
                    Console.WriteLine($"{masters.Name}: {kill + 1} kills, {_counts.Acknowledged} changes acknowledged");
                }
            }
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    private void Compare(Leader leader, Client[] clients, Ledger ledger, Random random)
    {
        Stopwatch watch = Stopwatch.StartNew();
        masters.Start(random);
        (ulong masterEpoch, List<Wire.SessionRow> rows, Dictionary<ulong, IReadOnlyList<Wire.Item>> items) = leader.Read();
        _longestStartMs = Math.Max(_longestStartMs, watch.ElapsedMilliseconds);
        ledger.NoteLeadership(masterEpoch);
        _comparison!.Compare(clients, rows, items);
    }

    /// <summary>By answers and not by time: a busy machine is hit in the middle of writes too.</summary>
    private void AwaitAnswers(int answers)
    {
        long until = _counts.Acknowledged + _counts.Refused + answers;
        Stopwatch watch = Stopwatch.StartNew();
        while (_counts.Acknowledged + _counts.Refused < until && watch.ElapsedMilliseconds < masters.LongestMs)
        {
            Thread.Sleep(1);
        }
    }

    private void Kill(string leader, Client[] clients, Random random)
    {
        masters.Harm();
        Array.ForEach(clients, client => client.Start());
        AwaitAnswers(random.Next(MostAnswers));
        Thread.Sleep(random.Next(LongestPauseMs));
        _openAtKills += clients.Count(client => client.IsWaiting);
        masters.Kill(leader);
        _kills++;
        Task.WhenAll(clients.Select(client => client.StopAsync())).GetAwaiter().GetResult();
    }
}
