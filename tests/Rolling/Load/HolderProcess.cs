using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Rolling.Load;

/// <summary>
/// A process of holders: "holders NAME COUNT FOLDER ENDPOINTS [CA CERT KEY]"; without certificates it is insecure. Says each quarter of a
/// second what it has done, until SIGTERM.
/// </summary>
internal static class HolderProcess
{
    internal const string Verb = "holders";

    private const int SayMs = 250;
    private const int LookPauseMs = 4;

    internal static async Task<int> RunAsync(IReadOnlyList<string> given)
    {
        (string name, string folder) = (given[1], given[3]);
        using CancellationTokenSource ending = new();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ending.Cancel();
        });
        FollowerManagerOptions options = new() { Endpoints = given[4].Split(',') };
        options = given.Count > 5
            ? options with { Tls = new TlsOptions { CaFile = given[5], CertFile = given[6], KeyFile = given[7] } }
            : options with { Insecure = Insecure.Loopback };
        Tally tally = new();
        using CertificateLog log = new(tally);
        using FollowerManager manager = new(options, log);
        Holder[] holders =
        [
            .. Enumerable.Range(0, int.Parse(given[2], CultureInfo.InvariantCulture)).Select(
                i => new Holder(manager, $"{name}-{i}", Path.Combine(folder, $"{name}-{i}.ledger"), tally)),
        ];
        await Task.WhenAll(holders.Select(holder => holder.BeginAsync()));
        Console.WriteLine("HOLDS");
        Thread looking = new(() => Look(holders, tally, ending.Token)) { IsBackground = true, Name = "data-path" };
        looking.Start();
        Task counting = Task.WhenAll(holders.Select(holder => holder.CountAsync(ending.Token)));
        while (!ending.IsCancellationRequested)
        {
            Say(manager, holders, tally);
            await Task.WhenAny(counting, Task.Delay(SayMs, CancellationToken.None));
        }

        await counting;
        looking.Join();
        await Task.WhenAll(holders.Select(holder => holder.CheckAsync()));
        Say(manager, holders, tally);
        Console.WriteLine($"DONE {holders.Length}");
        Array.ForEach(holders, holder => holder.Dispose());
        return 0;
    }

    private static void Look(Holder[] holders, Tally tally, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            Array.ForEach(holders, holder => tally.NoteLook(!holder.MayServe()));
            Thread.Sleep(LookPauseMs);
        }
    }

    private static void Say(FollowerManager manager, Holder[] holders, Tally tally)
    {
        long nowNs = BootClock.NowNs;
        long leastLeftMs = holders.Min(holder => Math.Max(0, holder.Session.DeadlineNs - nowNs)) / 1_000_000;
        long leastRenewedNs = holders.Min(holder => holder.RenewedNs);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"DID {tally.Acknowledged} {tally.Looks} {tally.Refused} {tally.Certificates} {leastRenewedNs} {leastLeftMs} {manager.Statistics.Endpoint}"));
    }
}
