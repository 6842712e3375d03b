using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Benchmarks;

/// <summary>
/// A master loads sessions whose holders are gone; while they are marked and expire, some others renew over one stream.
/// </summary>
internal static class MassExpiry
{
    private const uint TermMs = Filling.TermMs;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    internal static int Run(int dead, int alive)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mass-expiry-");
        try
        {
            string path = Path.Combine(directory.FullName, "sessions.db");
            Measure("storing the dead", () => Filling.Store(path, dead));
            CountingAccessManager ended = new();
            SessionMasterOptions options = new()
            {
                Insecure = Insecure.Loopback,
                ListenAddress = "127.0.0.1:0",
                StorePath = path,
                TermMs = TermMs,
                MaxTermMs = TermMs,
                MaxSessions = (uint)(dead + alive),
                MaxRenewalsPerSecond = Limits.MaxRenewalsPerSecond,
            };
            SessionMaster? master = null;
            Measure("loading them", () => master = SessionMaster.Start(options, ended, NullLoggerFactory.Instance));
            using (master)
            {
                Renew(master!, ended, dead, alive);
            }

            return 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static void Renew(SessionMaster master, CountingAccessManager ended, int dead, int alive)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{master.Port}");
        Protocol.V1.Sessions.SessionsClient client = new(channel);
        KeepAliveRequest request = new();
        request.Renewals.AddRange(Enumerable.Range(0, alive).Select(i => Create(client, i)));
        using AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> stream = client.KeepAlive();
        List<double> quiet = [];
        List<double> busy = [];
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan? first = null;
        while (ended.Count < dead || busy.Count == 0)
        {
            (watch.Elapsed < TimeSpan.FromSeconds(3) ? quiet : busy).Add(RoundTripMs(stream, request));
            first ??= ended.Count > 0 ? watch.Elapsed : null;
            Thread.Sleep(s_pause);
        }

        double worst = busy.Max();
        Console.WriteLine($"{dead} sessions gone in {(watch.Elapsed - first)?.TotalSeconds:F1} s, the first after {first?.TotalSeconds:F1} s");
        Console.WriteLine($"renewing {alive} sessions in one message, ms    median   99 %    most");
        Print("quiet", quiet);
        Print("while they are marked and expire", busy);
        Console.WriteLine($"most against the quiet's most: {worst / quiet.Max():F1}; a tenth of the term is {TermMs / 10} ms, most is {worst / (TermMs / 10.0):F2} of it");
    }

    private static Protocol.V1.SessionKey Create(Protocol.V1.Sessions.SessionsClient client, int i)
    {
        CreateSessionReply reply = client.CreateSession(new CreateSessionRequest
        {
            Description = new Protocol.V1.ServerDescription { Identity = $"alive-{i}" },
            Nonce = (ulong)i + 1,
        });
        return new() { SessionId = reply.SessionId, Epoch = reply.Epoch, Nonce = reply.Nonce };
    }

    private static double RoundTripMs(
        AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> stream, KeepAliveRequest request)
    {
        Stopwatch watch = Stopwatch.StartNew();
        request.BatchId++;
        stream.RequestStream.WriteAsync(request).GetAwaiter().GetResult();
        int answered = 0;
        while (answered < request.Renewals.Count && stream.ResponseStream.MoveNext(CancellationToken.None).GetAwaiter().GetResult())
        {
            if (stream.ResponseStream.Current.Renewals.FirstOrDefault(renewal => renewal.Status != Protocol.V1.Status.Ok) is { } refused)
            {
                throw new InvalidOperationException($"a renewal was answered {refused.Status}");
            }

            answered += stream.ResponseStream.Current.Renewals.Count;
        }

        return watch.Elapsed.TotalMilliseconds;
    }

    private static void Print(string what, List<double> times)
    {
        times.Sort();
        Console.WriteLine($"  {what,-44}  {times[times.Count / 2],6:F1} {times[times.Count * 99 / 100],6:F1} {times[^1],7:F1}");
    }

    private static void Measure(string what, Action action)
    {
        Stopwatch watch = Stopwatch.StartNew();
        action();
        Console.WriteLine($"{what}: {watch.Elapsed.TotalSeconds:F1} s");
    }

    private sealed class CountingAccessManager : AccessManager
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        public override void SessionEnded(SessionRequest request, SessionEndReason reason) => Interlocked.Increment(ref _count);
    }
}
