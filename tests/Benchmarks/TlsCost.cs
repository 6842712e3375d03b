using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Client;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Benchmarks;

/// <summary>
/// What TLS costs: processor time of client and master together, for a dial with its first call, and for a renewal on a stream that is
/// open, against the same without TLS in the same run.
/// </summary>
internal static class TlsCost
{
    private const int Rounds = 5;

    internal static int Run(int dials, int renewals)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("tls-cost-");
        try
        {
            TestTls tls = new(directory.FullName);
            Way[] ways =
            [
                new("without TLS", null, null),
                new("TLS", tls.Master, tls.Stranger),
                new("mutual TLS", tls.MutualMaster, tls.Client()),
            ];
            SessionMaster[] masters = [.. ways.Select((way, i) => Start(Path.Combine(directory.FullName, $"{i}.db"), way.Master))];
            for (int round = 0; round <= Rounds; round++)
            {
                for (int i = 0; i < ways.Length; i++)
                {
                    // The first round only warms up.
                    Measure(masters[i].Port, ways[i], dials, renewals, round > 0);
                }
            }

            Print(ways);
            Array.ForEach(masters, master => master.Dispose());
            return 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static SessionMaster Start(string store, TlsOptions? tls) => SessionMaster.Start(
        new SessionMasterOptions
        {
            ListenAddress = "127.0.0.1:0",
            StorePath = store,
            CreateStore = true,
            Tls = tls,
            Insecure = tls == null ? Insecure.Loopback : Insecure.No,
        },
        new AccessManager(), NullLoggerFactory.Instance);

    private static void Measure(int port, Way way, int dials, int renewals, bool counts)
    {
        using TlsFiles? files = way.Client == null ? null : TlsFiles.Open(way.Client, "tls", new NoNews(), _ => { });
        using MasterEndpoints endpoints = new([$"127.0.0.1:{port}"], new PeerTrust(files, files == null ? Insecure.Loopback : Insecure.No));
        double dial = CpuUs(dials, () =>
        {
            using GrpcChannel channel = endpoints.Current.OpenForRenewals();
            new Administration.AdministrationClient(channel).ListSessions(new ListSessionsRequest { Limit = 1 });
        });
        using GrpcChannel lasting = endpoints.Current.OpenForRenewals();
        Protocol.V1.Sessions.SessionsClient client = new(lasting);
        CreateSessionReply session = client.CreateSession(new CreateSessionRequest
        {
            Description = new Protocol.V1.ServerDescription { Identity = "server" },
            Nonce = (ulong)Stopwatch.GetTimestamp(),
        });
        Protocol.V1.SessionKey key = new() { SessionId = session.SessionId, Epoch = session.Epoch, Nonce = session.Nonce };
        double renewal;
        using (AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> stream = client.KeepAlive())
        {
            ulong batch = 0;
            renewal = CpuUs(renewals, () =>
            {
                stream.RequestStream.WriteAsync(new KeepAliveRequest { BatchId = ++batch, Renewals = { key } }).GetAwaiter().GetResult();
                stream.ResponseStream.MoveNext(CancellationToken.None).GetAwaiter().GetResult();
            });
        }

        client.CloseSession(new CloseSessionRequest { Session = key });
        if (counts)
        {
            way.Dials.Add(dial);
            way.Renewals.Add(renewal);
        }
    }

    private static double CpuUs(int times, Action action)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        for (int i = 0; i < times; i++)
        {
            action();
        }

        self.Refresh();
        return (self.TotalProcessorTime - before).TotalMicroseconds / times;
    }

    private static void Print(Way[] ways)
    {
        Console.WriteLine($"processor time of both sides, us, median of {Rounds}    dial and first call  ratio    renewal  ratio");
        foreach (Way way in ways)
        {
            Console.WriteLine(
                $"  {way.Name,-46}  {Median(way.Dials),16:F0} {Median(way.Dials) / Median(ways[0].Dials),6:F2}   " +
                $"{Median(way.Renewals),8:F1} {Median(way.Renewals) / Median(ways[0].Renewals),6:F2}");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed record Way(string Name, TlsOptions? Master, TlsOptions? Client)
    {
        internal List<double> Dials { get; } = [];

        internal List<double> Renewals { get; } = [];
    }

    private sealed class NoNews : ITlsNews
    {
        public void Replaced(TlsOptions options, DateTime? until)
        {
        }

        public void Unreadable(string reason)
        {
        }

        public void EndsSoon(string file, DateTime until, TimeSpan left)
        {
        }
    }
}
