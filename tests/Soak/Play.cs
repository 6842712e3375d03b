using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using Grpc.Core;
using Interop.Sessions.CrashLoops.Checks;
using Interop.Sessions.Failover.Load;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Soak.Checks;
using Interop.Sessions.Soak.Stage;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Soak;

/// <summary>The whole run: masters, holders, a fault after the other, samples, and in the end what must be.</summary>
internal sealed class Play : IDisposable
{
    private const int HoldersOfProcess = 16;
    private const int SampleMs = 1000;
    private const int RowMs = 60_000;
    private const int RowsAtLeast = 6;
    private const int LongestPauseMs = 2500;

    private readonly Masters _masters;
    private readonly TlsOptions _client;
    private readonly Findings _findings;
    private readonly Random _random;
    private readonly Holders[] _steady;
    private readonly Holders?[] _mortal;
    private readonly Watched[] _watched;
    private readonly List<string> _rows = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _seed;
    private int _faults;

    internal Play(string program, string folder, int seed, Findings findings)
    {
        _findings = findings;
        _random = new Random(seed);
        _seed = seed;
        _masters = new Masters(program, folder);
        _client = _masters.Tls.Client();
        _steady = [NewHolders("steady-sqlite", isOnEtcd: false), NewHolders("steady-etcd", isOnEtcd: true)];
        _mortal = [NewHolders("mortal-sqlite", isOnEtcd: false), NewHolders("mortal-etcd", isOnEtcd: true)];
        Array.ForEach(_steady, holders => holders.AwaitWork());
        _watched =
        [
            new Watched("master on SQLite", _masters.OnSqlite.Id, _masters.DataFolder),
            new Watched("first master on etcd", _masters.OnEtcd[0].Id, null, _masters.OnEtcd[0].Leads),
            new Watched("second master on etcd", _masters.OnEtcd[1].Id, null, _masters.OnEtcd[1].Leads),
            new Watched("holders on SQLite", _steady[0].Id, null),
            new Watched("holders on etcd", _steady[1].Id, null),
        ];
    }

    /// <summary>All rows so far, with their head.</summary>
    internal string Table => $"{Head}\n{string.Join('\n', _rows)}";

    private const string Head =
        "| after | process | memory (MiB) | threads | descriptors | files | calls acknowledged | compared | cost by faults | faults so far |\n" +
        "|---|---|---|---|---|---|---|---|---|---|";

    internal void Run(TimeSpan length)
    {
        Console.WriteLine(Head);
        _watch.Restart();
        long rowMs = Math.Min(RowMs, (long)length.TotalMilliseconds / RowsAtLeast);
        long nextRowMs = rowMs;
        using Timer sampling = new(_ => TakeSamples(), null, 0, SampleMs);
        while (_watch.Elapsed < length && _findings.All.Count == 0)
        {
            DoHarm();
            Thread.Sleep(_random.Next(100, LongestPauseMs));
            CollectFindings();
            if (_watch.ElapsedMilliseconds >= nextRowMs)
            {
                nextRowMs += rowMs;
                AddRows();
            }
        }

        sampling.Change(Timeout.Infinite, Timeout.Infinite);
        AddRows();
        End();
    }

    public void Dispose()
    {
        foreach (Holders? holders in _steady.Concat(_mortal))
        {
            holders?.Dispose();
        }

        _masters.Dispose();
    }

    private void DoHarm()
    {
        _faults++;
        MasterBehindProxy any = _random.Next(2) == 0 ? _masters.OnSqlite : _masters.OnEtcd[_random.Next(3)];
        switch (_random.Next(7))
        {
            case 0:
                KillHolders(_random.Next(2));
                break;
            case 1:
                any.Network.Cut();
                Thread.Sleep(_random.Next(10, 500));
                any.Network.Restore();
                break;
            case 2:
                any.Network.Stall();
                Thread.Sleep(_random.Next(100, 2000));
                any.Network.Restore();
                break;
            case 3:
                Stand(_masters.OnSqlite.Pause, _masters.OnSqlite.Continue, 2000);
                break;
            case 4:
                // For longer than a leader's lease: another leads, if this one did.
                MasterBehindProxy stalled = _masters.OnEtcd[_random.Next(2)];
                Stand(stalled.Pause, stalled.Continue, 3500);
                break;
            case 5:
                (_random.Next(2) == 0 ? (Action)_masters.OnEtcd[2].KillAndRestart : _masters.OnEtcd[2].EndAndRestart)();
                break;
            default:
                Holders steady = _steady[_random.Next(2)];
                Stand(steady.Pause, steady.Continue, 1500);
                break;
        }
    }

    private void Stand(Action pause, Action goOn, int longestMs)
    {
        pause();
        Thread.Sleep(_random.Next(100, longestMs));
        goOn();
    }

    private void KillHolders(int which)
    {
        CollectFindings();
        _mortal[which]!.Dispose();
        // Of other names: those of the dead are taken until their terms are over.
        _mortal[which] = NewHolders($"mortal-{_seed}", isOnEtcd: which == 1);
    }

    private Holders NewHolders(string name, bool isOnEtcd) => new(
        name, HoldersOfProcess, _seed += HoldersOfProcess,
        isOnEtcd ? _masters.EtcdAddresses : [_masters.OnSqlite.Network.Address],
        isOnEtcd ? null : _client);

    private void TakeSamples()
    {
        lock (_watched)
        {
            foreach (Watched watched in _watched)
            {
                watched.Take(_watch.ElapsedMilliseconds);
            }
        }
    }

    private void CollectFindings()
    {
        foreach (string finding in _steady.Concat(_mortal).SelectMany(holders => holders!.Findings))
        {
            _findings.Add(finding);
        }
    }

    private void AddRows()
    {
        lock (_watched)
        {
            foreach (Watched watched in _watched)
            {
                Sample sample = watched.Take(_watch.ElapsedMilliseconds);
                long[] did = watched.Name switch
                {
                    "holders on SQLite" => _steady[0].Did,
                    "holders on etcd" => _steady[1].Did,
                    _ => [],
                };
                string done = did.Length == 0 ? "| | " : $"{did[0]} | {did[1]} | {did[2]}";
                _rows.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {sample.AtMs / 1000} s | {watched.Name} | {sample.RssKiB / 1024} | {sample.Threads} | {sample.Descriptors} | {sample.Files} | {done} | {_faults} |"));
                Console.WriteLine(_rows[^1]);
            }
        }
    }

    /// <summary>Nothing has grown, every session is closed, and what the dead have left goes by itself.</summary>
    private void End()
    {
        foreach (Watched watched in _watched)
        {
            foreach (string finding in Growth.Findings(watched))
            {
                _findings.Add(finding);
            }
        }

        foreach (Holders holders in _steady.Concat(_mortal).OfType<Holders>())
        {
            holders.End();
        }

        CollectFindings();
        foreach (IReadOnlyList<string> masters in (IReadOnlyList<string>[])[[_masters.OnSqlite.Network.Address], [.. _masters.EtcdAddresses]])
        {
            using MasterLink link = new(masters);
            // The dead have a term, and a new leader gives it anew.
            Stopwatch patience = Stopwatch.StartNew();
            while (SessionsAt(link) is not 0 and var left)
            {
                if (patience.Elapsed > TimeSpan.FromSeconds(90))
                {
                    throw new BrokenExpectationException($"{left} sessions are left whose holders are gone");
                }

                Thread.Sleep(200);
            }
        }

        _masters.OnSqlite.End();
        string[] files = System.IO.Directory.GetFiles(_masters.DataFolder);
        if (files.Length != 1)
        {
            _findings.Add($"a master that was stopped has left {string.Join(", ", files)}");
        }
    }

    /// <summary>How many there are; null: nobody says so.</summary>
    private static int? SessionsAt(MasterLink link)
    {
        string master = link.Current;
        try
        {
            return link.Administration.ListSessions(new Wire.ListSessionsRequest(), deadline: DateTime.UtcNow.AddSeconds(5)).Sessions.Count;
        }
        catch (RpcException error)
        {
            link.MoveOnFrom(master, error);
            return null;
        }
    }
}
