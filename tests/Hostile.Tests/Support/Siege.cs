using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;
using Grpc.Net.Client;
using Interop.Sessions.Follower;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Hostile.Tests.Support;

/// <summary>
/// A master as a process of its own, and an honest follower with a session on it, which must not leave ALIVE whatever others
/// do to the master.
/// </summary>
internal sealed class Siege : IDisposable
{
    internal const string Sessions = "/interop.sessions.v1.Sessions/";
    internal const string Administration = "/interop.sessions.v1.Administration/";
    private const string TermMs = "3000";
    private const double ClockTicksPerSecond = 100;

    private static readonly double s_longer = double.Parse(
        Environment.GetEnvironmentVariable("INTEROP_SESSIONS_SIEGE_TIMES") ?? "1", CultureInfo.InvariantCulture);

    private readonly TemporaryDirectory _directory = new();
    private readonly DaemonProcess _master;
    private readonly HonestProcess _honest;

    private Siege(DaemonProcess master, TemporaryDirectory directory)
    {
        _master = master;
        _directory = directory;
        _honest = new HonestProcess($"127.0.0.1:{master.Port}", "cs1");
    }

    internal int Port => _master.Port;

    internal int Id => _master.Id;

    internal string Log => _master.Said;

    /// <summary>Memory that the master has of the machine.</summary>
    internal double ResidentMb => long.Parse(
        File.ReadLines($"/proc/{_master.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024.0;

    /// <summary>Time of processors that it has used.</summary>
    internal double ProcessorSeconds
    {
        get
        {
            string[] fields = File.ReadAllText($"/proc/{_master.Id}/stat").Split(") ")[1].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture))
                / ClockTicksPerSecond;
        }
    }

    internal HonestProcess Honest => _honest;

    /// <summary>Starts both, and has the master do once all that it will do, so that what it needs for it is not counted.</summary>
    internal static Siege Begin(params string[] more)
    {
        TemporaryDirectory directory = new();
        return Begin(directory, DaemonProcess.StartAsync(directory.File("sessions.db"), [.. s_terms, .. more]));
    }

    /// <summary>The same with few descriptors.</summary>
    internal static Siege BeginWithDescriptors(int most)
    {
        TemporaryDirectory directory = new();
        return Begin(directory, DaemonProcess.StartWithDescriptorsAsync(most, directory.File("sessions.db"), s_terms));
    }

    private static readonly string[] s_terms = ["--term-ms", TermMs, "--max-term-ms", TermMs];

    private static Siege Begin(TemporaryDirectory directory, Task<DaemonProcess> starting)
    {
        Siege siege = new(Eventually.ResultOf(starting), directory);
        for (int i = 0; i < 200; i++)
        {
            siege._honest.SetItem($"warm-{i % 10}", 1000);
        }

        return siege;
    }

    internal static byte[] CreateRequest(string identity) => new Wire.CreateSessionRequest
    {
        Description = new Wire.ServerDescription { Identity = identity },
        Nonce = (ulong)Random.Shared.NextInt64(1, long.MaxValue),
    }.ToByteArray();

    /// <summary>A session that somebody made over a connection that is gone.</summary>
    internal Wire.SessionKey HeldBy(string identity)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Port}");
        Wire.CreateSessionReply made = new Wire.Sessions.SessionsClient(channel).CreateSession(
            Wire.CreateSessionRequest.Parser.ParseFrom(CreateRequest(identity)));
        return new Wire.SessionKey { SessionId = made.SessionId, Epoch = made.Epoch, Nonce = made.Nonce };
    }

    /// <summary>How long a session is silent before it is suspect, and somewhat longer.</summary>
    internal static TimeSpan UntilSuspect { get; } = TimeSpan.FromMilliseconds((int.Parse(TermMs, CultureInfo.InvariantCulture) / 2) + 300);

    /// <summary>A server that comes in the middle of it gets a session.</summary>
    internal void ANewcomerGetsASession(string identity)
    {
        using TestFollower newcomer = new(
            new FollowerManagerOptions { Endpoints = [$"127.0.0.1:{Port}"] }, identity: identity);
        Assert.Equal(SessionState.Alive, newcomer.Create(20_000).State);
    }

    /// <summary>Sessions whose identity begins so.</summary>
    internal int SessionsOf(string identity)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Port}");
        Wire.Administration.AdministrationClient operators = new(channel);
        int count = 0;
        ulong next = 0;
        do
        {
            Wire.ListSessionsReply page = operators.ListSessions(new Wire.ListSessionsRequest { FromSessionId = next });
            count += page.Sessions.Count(row => row.Description.Identity.StartsWith(identity, StringComparison.Ordinal));
            next = page.NextSessionId;
        }
        while (next != 0);
        return count;
    }

    /// <summary>Does something again and again for a while; for as many times as long as the environment says.</summary>
    internal static int For(double seconds, Action act)
    {
        Stopwatch watch = Stopwatch.StartNew();
        int times = 0;
        while (watch.Elapsed.TotalSeconds < seconds * s_longer)
        {
            act();
            times++;
        }

        return times;
    }

    /// <summary>The honest session was renewed all the time, and is.</summary>
    internal void HonestStaysAlive()
    {
        _honest.BecomesRenewed();
        Assert.Equal([$"created {_honest.Epoch}", $"Alive {_honest.Epoch}"], _honest.Told);
    }

    /// <summary>The memory that was taken is given back.</summary>
    internal void MemoryReturns(double beforeMb)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (ResidentMb > 1.5 * beforeMb)
        {
            Assert.True(watch.Elapsed < Eventually.Patience, $"{ResidentMb:F0} MB after {watch.Elapsed}, {beforeMb:F0} MB before");
            Thread.Sleep(50);
        }
    }

    public void Dispose()
    {
        _honest.Dispose();
        _master.Dispose();
        _directory.Dispose();
    }
}
