using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Interop.Sessions.CrashLoops.Checks;
using Interop.Sessions.Faults.Stage;
using Interop.Sessions.Protocol;
using Interop.Sessions.Rolling.Stage;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Rolling;

/// <summary>The whole run: masters, holders, one step after the other, and what must be.</summary>
internal sealed class Play : IDisposable
{
    /// <summary>A planned restart of the leader fits into half of it, and that of a process of holders into the usable part.</summary>
    private const uint TermMs = 16_000;

    private const int Masters = 3;
    private const int Processes = 3;
    private const int HoldersOfProcess = 20;

    private const int WarningsOfOne = 20;

    private static readonly string[] s_anywhere = ["--insecure", "anywhere"];

    private readonly string _folder;
    private readonly Findings _findings;
    private readonly EtcdCluster _etcd = new();
    private readonly Certificates _certificates;
    private readonly MasterOnEtcd[] _masters;
    private readonly List<Holders> _former = [];
    private readonly Holders[] _holders;
    private readonly List<Step> _steps = [];
    private long _longestReattachMs;

    internal Play(string program, string folder, Findings findings)
    {
        _folder = folder;
        _findings = findings;
        int[] ports = Ports.Free(Masters);
        _masters =
        [
            .. ports.Select((port, i) => new MasterOnEtcd(
                program, $"127.0.0.1:{port}", _etcd.Endpoints, Path.Combine(folder, $"{NameOfMaster(i)}.log"))),
        ];
        _certificates = new Certificates(
            Directory.CreateDirectory(Path.Combine(folder, "tls")).FullName,
            [.. Enumerable.Range(0, Masters).Select(NameOfMaster), .. Enumerable.Range(0, Processes).Select(NameOfHolders)]);
        Array.ForEach(_masters, master => master.Start(TermMs, s_anywhere));
        Array.ForEach(_masters, master => master.AwaitReady());
        _holders = [.. Enumerable.Range(0, Processes).Select(i => NewHolders(i, isSecure: false))];
        Array.ForEach(_holders, holders => holders.AwaitHeld());
        AwaitRenewals();
    }

    internal string Table => $"{Step.Head}\n{string.Join('\n', _steps.Select(step => step.Row))}";

    /// <summary>What else was measured.</summary>
    internal string Said =>
        $"{Processes} processes of {HoldersOfProcess} holders; the longest time from the end of one to its sessions in the next: {_longestReattachMs} ms";

    /// <summary>What the holders' logs warned of last.</summary>
    internal IEnumerable<string> Warnings => All.SelectMany(holders => holders.Warnings.TakeLast(WarningsOfOne));

    internal int StepsPassed => _steps.Count - (_findings.All.Count == 0 ? 0 : 1);

    internal void Run(int rounds)
    {
        Console.WriteLine(Step.Head);
        Take("masters, one after the other: TLS, and insecure beside it", () => RestartMasters([.. s_anywhere]));
        Take("processes of holders, one after the other: killed, started with TLS, re-attached", ChangeHoldersOver);
        Take("masters, one after the other: without insecure", () =>
        {
            RestartMasters();
            Require(SessionStatus.Unauthenticated, "an insecure client", null);
        });
        for (int i = 0; i < rounds; i++)
        {
            TakeQuietly("all certificates and keys replaced", () => Replace(_certificates.IssueAll));
            TlsOptions former = _certificates.CopyOf(NameOfHolders(0));
            TakeQuietly("a new authority beside the old one", () => Replace(_certificates.TrustNextAuthority));
            TakeQuietly("all certificates and keys replaced, of the new authority", () => Replace(_certificates.IssueAll));
            TakeQuietly("the old authority out", () =>
            {
                Replace(_certificates.DistrustFormerAuthority);
                Require(SessionStatus.Unauthenticated, "a client of the old authority", former);
                Require(SessionStatus.Ok, "a client of the new authority", _certificates.Of(NameOfHolders(0)));
            });
            Take("the leading master again, so that all holders dial another by the new certificates", () => Restart(Leader));
        }

        Array.ForEach(_holders, holders => holders.End());
        CollectFindings();
    }

    public void Dispose()
    {
        foreach (IDisposable prop in (IEnumerable<IDisposable>)[.. _former, .. _holders, .. _masters, _etcd])
        {
            prop.Dispose();
        }
    }

    private static string NameOfMaster(int i) => $"master{i}";

    private static string NameOfHolders(int i) => $"holders{i}";

    private IEnumerable<string> Addresses => _masters.Select(master => master.Address);

    private Holders NewHolders(int i, bool isSecure) => new(
        NameOfHolders(i), HoldersOfProcess, _folder, Addresses, isSecure ? _certificates.Of(NameOfHolders(i)) : null);

    /// <summary>No process is started again here, so no holder may hear of anything.</summary>
    private void TakeQuietly(string what, Action act)
    {
        Take(what, act);
        if (_steps[^1].Suspect > 0)
        {
            _findings.Add($"{what}: {_steps[^1].Suspect} times a holder was told SUSPECT");
        }
    }

    private void Take(string what, Action act)
    {
        if (_findings.All.Count > 0)
        {
            return;
        }

        Said[] before = [.. All.Select(holders => holders.Latest)];
        long fromNs = BootClock.NowNs;
        act();
        AwaitRenewals();
        long toNs = BootClock.NowNs;
        Said[] after = [.. All.Select(holders => holders.Latest)];
        long Sum(Func<Said, long> of) => after.Sum(of) - before.Sum(of);
        Step step = new(
            what, (toNs - fromNs) / 1_000_000, Told(SessionState.Suspect), Told(SessionState.Jeopardy), Sum(said => said.Looks),
            Sum(said => said.Refused), All.SelectMany(holders => holders.Said).Where(said => said.AtNs >= fromNs).Min(said => said.LeastLeftMs),
            Sum(said => said.Acknowledged));
        _steps.Add(step);
        Console.WriteLine(step.Row);
        if (step.Jeopardy > 0 || step.Refused > 0 || step.Acknowledged == 0)
        {
            _findings.Add(
                $"{what}: {step.Jeopardy} times told JEOPARDY, {step.Refused} looks refused, {step.Acknowledged} changes acknowledged");
        }

        CollectFindings();

        int Told(SessionState state) => All.Sum(holders => holders.Told(state, fromNs, toNs));
    }

    // Those that were killed, too: what they did until then counts.
    private IEnumerable<Holders> All => [.. _former, .. _holders];

    /// <summary>Whom the holders ask.</summary>
    private int Leader => Array.FindIndex(_masters, master => master.Address == _holders[0].Latest.Master);

    private void RestartMasters(params string[] more)
    {
        for (int i = 0; i < Masters; i++)
        {
            Restart(i, more);
        }
    }

    private void Restart(int i, params string[] more)
    {
        bool led = i == Leader;
        TlsOptions its = _certificates.Of(NameOfMaster(i));
        _masters[i].Start(TermMs, ["--tls-cert-file", its.CertFile, "--tls-key-file", its.KeyFile, "--tls-ca-file", its.CaFile, .. more]);
        _masters[i].AwaitReady();
        if (led)
        {
            AwaitRenewals();
        }
    }

    private void ChangeHoldersOver()
    {
        for (int i = 0; i < Processes; i++)
        {
            Holders former = _holders[i];
            long endedNs = former.Kill();
            _former.Add(former);
            _holders[i] = NewHolders(i, isSecure: true);
            long heldNs = _holders[i].AwaitHeld();
            _longestReattachMs = Math.Max(_longestReattachMs, (heldNs - endedNs) / 1_000_000);
        }
    }

    /// <summary>Replaces files and waits until every process uses what is in them.</summary>
    private void Replace(Action act)
    {
        int[] taken = [.. _masters.Select(master => master.CertificatesTaken)];
        long[] used = [.. _holders.Select(holders => holders.Latest.Certificates)];
        act();
        Eventually.IsSlowly(
            () => _holders.Zip(used).All(each => each.First.Latest.Certificates > each.Second) &&
                  _masters.Zip(taken).All(each => each.First.CertificatesTaken > each.Second),
            "new certificates in use everywhere");
        foreach ((int i, MasterOnEtcd master) in _masters.Index())
        {
            Stranger.RequireShown(master.Address, _certificates.Of(NameOfMaster(i)));
        }
    }

    private void Require(SessionStatus expected, string who, TlsOptions? tls)
    {
        SessionStatus status = Stranger.Creates(Addresses, tls);
        if (status != expected)
        {
            _findings.Add($"{who} hears {status}");
        }
    }

    /// <summary>Until every holder has been renewed from now on, or says that it never will be.</summary>
    private void AwaitRenewals()
    {
        long nowNs = BootClock.NowNs;
        Eventually.IsSlowly(
            () => _holders.All(holders => holders.Latest.RenewedNs > nowNs) || _holders.Any(holders => holders.Findings.Any()),
            "renewals of all holders");
    }

    /// <summary>What the holders have found to be wrong.</summary>
    internal void CollectFindings()
    {
        foreach (string finding in All.SelectMany(holders => holders.Findings).Except(_findings.All))
        {
            _findings.Add(finding);
        }
    }
}
