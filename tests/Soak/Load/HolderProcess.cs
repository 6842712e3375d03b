using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Soak.Load;

/// <summary>
/// A process of holders: "holders NAME COUNT SEED ENDPOINTS [CA CERTIFICATE KEY]". Says each second what it has done, until SIGTERM.
/// </summary>
internal static class HolderProcess
{
    internal const string Verb = "holders";

    internal static async Task<int> RunAsync(IReadOnlyList<string> given)
    {
        string name = given[1];
        int count = int.Parse(given[2], CultureInfo.InvariantCulture);
        int seed = int.Parse(given[3], CultureInfo.InvariantCulture);
        using CancellationTokenSource ending = new();
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ending.Cancel();
        });
        Tally tally = new();
        FollowerManagerOptions options = new() { Endpoints = given[4].Split(',') };
        options = given.Count > 5
            ? options with { Tls = new TlsOptions { CaFile = given[5], CertFile = given[6], KeyFile = given[7] } }
            : options with { Insecure = Insecure.Loopback };
        using (FollowerManager manager = new(options, NullLoggerFactory.Instance))
        {
            Task holders = Task.WhenAll(Enumerable.Range(0, count).Select(
                i => new Holder(manager, $"{name}-{i}", new Random(seed + i), tally).RunAsync(ending.Token)));
            while (!holders.IsCompleted)
            {
                FollowerManagerStatistics standing = manager.Statistics;
                Console.WriteLine(
                    $"DID {tally.Acknowledged} {tally.Compared} {tally.Failures} {standing.Followers} {standing.Channels}");
                await Task.WhenAny(holders, Task.Delay(1000, CancellationToken.None));
            }

            await holders;
        }

        Console.WriteLine($"DONE {tally.Acknowledged} {tally.Compared} {tally.Failures} 0 0");
        return 0;
    }
}
