using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Grpc.Core;
using Grpc.Net.Client;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Protocol.V1;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Benchmarks;

/// <summary>
/// How long from the end of one leadership in etcd until the next answers renewals, with many sessions to load, against a
/// restart on SQLite with the same sessions; and what the load takes of memory.
/// </summary>
internal static class TakeOver
{
    internal static int Run(int sessions)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("take-over-");
        try
        {
            SessionMasterOptions file = new() { ListenAddress = "127.0.0.1:0", StorePath = Path.Combine(directory.FullName, "s.db"), Insecure = Insecure.Loopback };
            Filling.Store(file.StorePath, sessions);
            double fileMs = Time(() => SessionMaster.Start(file, new AccessManager(), NullLoggerFactory.Instance).Stop());

            using EtcdCluster etcd = new();
            EtcdOptions cluster = new() { Endpoints = etcd.Endpoints, Insecure = Insecure.Loopback };
            Copy(file, new SessionMasterOptions { Etcd = cluster }, Path.Combine(directory.FullName, "export"));
            using SessionMaster first = Start(cluster, sessions);
            Await(() => first.Leads);
            using SessionMaster second = Start(cluster, sessions);
            Collect();
            using MemoryPeak memory = new();
            double etcdMs = Time(() =>
            {
                first.Resign();
                AwaitRenewal(second.Port);
            });
            long peak = memory.End();
            Collect();
            long kept = Environment.WorkingSet - memory.Before;
            Console.WriteLine($"{sessions} sessions, one member of etcd, everything on this machine");
            Console.WriteLine($"restart on SQLite, with its listening                        {fileMs,8:F0} ms");
            Console.WriteLine($"fail-over on etcd, from resign to the first renewal answered {etcdMs,8:F0} ms, {etcdMs / fileMs:F2} of the restart");
            Console.WriteLine($"memory while it loads, at most                               {peak >> 20,8} MiB more than before");
            Console.WriteLine($"memory afterwards, collected (the first has dropped its own) {kept >> 20,8} MiB more than before");
            return 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static SessionMaster Start(EtcdOptions etcd, int sessions) => SessionMaster.Start(
        new SessionMasterOptions
        {
            Insecure = Insecure.Loopback,
            ListenAddress = "127.0.0.1:0",
            Etcd = etcd,
            MaxSessions = (uint)sessions + 1,
            MaxRenewalsPerSecond = Limits.MaxRenewalsPerSecond,
        },
        new AccessManager(), NullLoggerFactory.Instance);

    private static void Copy(SessionMasterOptions from, SessionMasterOptions to, string path)
    {
        using (FileStream output = File.Create(path))
        {
            StoreTransfer.Export(from, output, NullLogger.Instance);
        }

        using FileStream input = File.OpenRead(path);
        StoreTransfer.Import(to, input, NullLogger.Instance);
    }

    private static void AwaitRenewal(int port)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        using AsyncDuplexStreamingCall<KeepAliveRequest, KeepAliveReply> stream =
            new Protocol.V1.Sessions.SessionsClient(channel).KeepAlive();
        KeepAliveRequest request = new();
        request.Renewals.Add(Filling.FirstKey);
        do
        {
            stream.RequestStream.WriteAsync(request).GetAwaiter().GetResult();
            stream.ResponseStream.MoveNext(CancellationToken.None).GetAwaiter().GetResult();
        }
        while (stream.ResponseStream.Current.Renewals.Single().Status != Protocol.V1.Status.Ok);
    }

    private static void Await(Func<bool> condition) => SpinWait.SpinUntil(condition, TimeSpan.FromMinutes(1));

    private static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private static double Time(Action action)
    {
        Stopwatch watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>The process's resident memory, looked at every few milliseconds.</summary>
    private sealed class MemoryPeak : IDisposable
    {
        private readonly Thread _thread;
        private volatile bool _isEnding;
        private long _most;

        internal MemoryPeak()
        {
            Before = Environment.WorkingSet;
            _thread = new Thread(() =>
            {
                while (!_isEnding)
                {
                    _most = Math.Max(_most, Environment.WorkingSet);
                    Thread.Sleep(5);
                }
            });
            _thread.Start();
        }

        internal long Before { get; }

        internal long End()
        {
            Dispose();
            return _most - Before;
        }

        public void Dispose()
        {
            _isEnding = true;
            _thread.Join();
        }
    }
}
