using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Health.V1;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Start and stop.</summary>
public sealed class StartStopTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_taken_port_is_told_as_such_and_the_store_is_free_again()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string address = $"127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        SessionException refusal = Assert.Throws<SessionException>(() => Start(address));
        Assert.Equal(SessionStatus.AddressInUse, refusal.Status);
        Assert.Contains(address, refusal.Message, StringComparison.Ordinal);
        Start("127.0.0.1:0").Stop();
    }

    [Theory]
    [InlineData("203.0.113.7:0")] // TEST-NET-3: no machine has it
    [InlineData("[2001:db8::7]:0")]
    public void An_address_of_another_machine_is_unusable(string address)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => Start(address));
        Assert.Equal(SessionStatus.AddressUnusable, refusal.Status);
        Assert.Contains("listen_address", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Localhost_serves()
    {
        using SessionMaster master = Start("localhost:0");
        using MasterClient client = new(master.Port);
        await client.CreateAsync("server");
    }

    [Fact]
    public async Task A_health_probe_says_whether_the_master_leads()
    {
        RecordingAccessManager hooks = new();
        using SessionMaster master = Start("127.0.0.1:0", hooks);
        using MasterClient client = new(master.Port);
        Health.HealthClient health = new(client.Calls);
        Assert.Equal(
            HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest())).Status);

        hooks.OnCheckLeader = () => new LeaderAnswer(false);
        await Eventually.IsTrueAsync(
            async () => (await health.CheckAsync(new HealthCheckRequest())).Status ==
                HealthCheckResponse.Types.ServingStatus.NotServing,
            "not serving");
    }

    [Fact]
    public void Two_masters_on_one_store_are_refused()
    {
        using SessionMaster master = Start("127.0.0.1:0");
        SessionException refusal = Assert.Throws<SessionException>(() => Start("127.0.0.1:0"));
        Assert.Equal(SessionStatus.StoreLocked, refusal.Status);
    }

    [Fact]
    public void A_refused_start_waits_for_no_hook_that_hangs_and_releases_behind_it()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        using ManualResetEventSlim goOn = new();
        RecordingAccessManager hooks = new() { OnCheckLeader = Hang };
        SessionException refusal = Assert.Throws<SessionException>(
            () => Start($"127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}", hooks));
        Assert.Equal((SessionStatus.AddressInUse, 0), (refusal.Status, hooks.TimesReleased));

        goOn.Set();
        Eventually.IsTrue(() => hooks.TimesReleased == 1, "released");

        LeaderAnswer Hang()
        {
            goOn.Wait(Eventually.Patience);
            return new LeaderAnswer(false);
        }
    }

    [Fact]
    public void A_start_without_sense_releases_its_host_too()
    {
        RecordingAccessManager hooks = new();
        SessionException refusal = Assert.Throws<SessionException>(() => SessionMaster.Start(
            new SessionMasterOptions { ListenAddress = "nowhere" }, hooks, NullLoggerFactory.Instance));
        Assert.Equal((SessionStatus.InvalidArgument, 1), (refusal.Status, hooks.TimesReleased));
    }

    [Fact]
    public async Task A_host_of_tasks_starts_stops_and_is_told_when_it_no_longer_wants()
    {
        SessionMasterOptions options = new()
        {
            ListenAddress = "127.0.0.1:0",
            StorePath = _directory.File("sessions.db"),
            CreateStore = true,
            Insecure = Insecure.Loopback,
        };
        RecordingAccessManager unwanted = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => SessionMaster.StartAsync(options, unwanted, NullLoggerFactory.Instance, new CancellationToken(true)));
        Assert.Equal(1, unwanted.TimesReleased);

        RecordingAccessManager hooks = new();
        await using (SessionMaster master = await SessionMaster.StartAsync(options, hooks, NullLoggerFactory.Instance))
        {
            using MasterClient client = new(master.Port);
            Wire.SessionKey key = await client.CreateKeyAsync("server");
            await master.RevokeSessionAsync(key.SessionId, key.Epoch, "test");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => master.RevokeSessionAsync(
                key.SessionId, key.Epoch, "test", cancellationToken: new CancellationToken(true)));
            Assert.Equal(
                SessionStatus.InvalidArgument, (await Assert.ThrowsAsync<SessionException>(() => master.ResignAsync())).Status);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => master.StopAsync(new CancellationToken(true)));
        }

        Assert.Equal(1, hooks.TimesReleased);
    }

    [Fact]
    public void Stopping_twice_and_at_the_same_time_is_fine()
    {
        SessionMaster master = Start("127.0.0.1:0");
        Parallel.For(0, 4, _ => master.Stop());
        master.Stop();
        master.Dispose();
    }

    [Fact]
    public async Task Stop_from_inside_a_hook_is_refused_instead_of_waiting_for_itself()
    {
        RecordingAccessManager hooks = new();
        SessionMaster? master = null;
        hooks.OnSessionInitialize = (_, _) => master!.Stop();
        using SessionMaster started = master = Start("127.0.0.1:0", hooks);
        using MasterClient client = new(master.Port);
        await MasterClient.AssertRefusedAsync(SessionStatus.InCallback, () => client.CreateAsync("server"));

        TaskCompletionSource<SessionStatus> fromCheckLeader = new(TaskCreationOptions.RunContinuationsAsynchronously);
        hooks.OnCheckLeader = () =>
        {
            SessionException? refusal = Record.Exception(() => master.Stop()) as SessionException;
            fromCheckLeader.TrySetResult(refusal?.Status ?? SessionStatus.Ok);
            return new LeaderAnswer(true);
        };
        Assert.Equal(SessionStatus.InCallback, await Eventually.Ends(fromCheckLeader.Task));
    }

    [Fact]
    public async Task No_hook_runs_after_stop_which_waits_for_the_one_that_runs()
    {
        using ManualResetEventSlim inHook = new();
        using ManualResetEventSlim release = new();
        RecordingAccessManager hooks = new();
        int after = 0;
        bool isStopped = false;
        hooks.OnSessionInitialize = (_, _) =>
        {
            inHook.Set();
            release.Wait(Eventually.Patience);
            Volatile.Write(ref after, Volatile.Read(ref isStopped) ? 1 : 2);
        };
        SessionMaster master = Start("127.0.0.1:0", hooks);
        using MasterClient client = new(master.Port);
        Task create = client.CreateAsync("server");
        Assert.True(inHook.Wait(Eventually.Patience));
        Task stop = Task.Run(() =>
        {
            master.Stop();
            Volatile.Write(ref isStopped, true);
        });
        // After the moment that calls in progress get, the connection is cut: to be tried again.
        await MasterClient.AssertRefusedAsync(SessionStatus.NoMaster, () => Eventually.Ends(create));
        Assert.False(stop.IsCompleted);

        release.Set();

        await Eventually.Ends(stop);
        Assert.Equal(2, after);
        Assert.DoesNotContain("SessionCreated", hooks.CallsOf("server"));
    }

    /// <summary>NOT_LEADER: followers try elsewhere, or again, until their own deadline.</summary>
    [Fact]
    public async Task Who_calls_a_stopping_master_is_told_to_try_again()
    {
        using ManualResetEventSlim inHook = new();
        using ManualResetEventSlim release = new();
        RecordingAccessManager hooks = new();
        hooks.OnSessionInitialize = (_, _) =>
        {
            inHook.Set();
            release.Wait(Eventually.Patience);
        };
        SessionMaster master = Start("127.0.0.1:0", hooks);
        using MasterClient client = new(master.Port);
        Task create = client.CreateAsync("server");
        Assert.True(inHook.Wait(Eventually.Patience));
        Task stop = Task.Run(() => master.Stop());
        await Eventually.IsTrueAsync(() => master.Verbs.Stopping.IsCancellationRequested, "stopping");

        await MasterClient.AssertRefusedAsync(
            SessionStatus.NotLeader, () => client.SetItemAsync(new Wire.SessionKey { SessionId = 1 }, "key", []), "stops");
        release.Set();
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => Eventually.Ends(create), "stops");
        await Eventually.Ends(stop);
    }

    [Fact]
    public async Task Open_streams_end_when_the_master_stops()
    {
        SessionMaster master = Start("127.0.0.1:0");
        using MasterClient client = new(master.Port);
        Wire.SessionKey key = await client.CreateKeyAsync("server");
        using RenewalStream stream = client.OpenStream();
        await stream.RenewAsync(key);
        await Eventually.Ends(Task.Run(() => master.Stop()));
        await Assert.ThrowsAnyAsync<Exception>(() => stream.RenewAsync(key));
    }

    /// <summary>While a master restarts, nobody is renewed: it must not wait for a time-out.</summary>
    [Fact]
    public async Task Open_streams_do_not_make_stopping_slow()
    {
        TimeSpan fastest = TimeSpan.MaxValue;
        TimeSpan slowest = TimeSpan.Zero;
        for (int i = 0; i < 10; i++)
        {
            SessionMaster master = Start("127.0.0.1:0");
            using MasterClient client = new(master.Port);
            Wire.SessionKey key = await client.CreateKeyAsync($"server-{i}");
            using RenewalStream stream = client.OpenStream();
            await stream.RenewAsync(key);
            Stopwatch watch = Stopwatch.StartNew();
            master.Stop();
            fastest = watch.Elapsed < fastest ? watch.Elapsed : fastest;
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        Assert.True(fastest < TimeSpan.FromMilliseconds(Limits.ConnectionCloseMs), $"the fastest took {fastest}");
        Assert.True(slowest < TimeSpan.FromMilliseconds(Limits.StopTimeoutMs), $"the slowest took {slowest}");
    }

    [Fact]
    public void After_stop_the_master_refuses_and_the_port_is_free()
    {
        SessionMaster master = Start("127.0.0.1:0");
        int port = master.Port;
        master.Stop();
        Assert.Equal(SessionStatus.Cancelled, Assert.Throws<SessionException>(() => master.ListSessions()).Status);
        Start($"127.0.0.1:{port}").Stop();
    }

    private SessionMaster Start(string address, AccessManager? hooks = null) => SessionMaster.Start(
        new SessionMasterOptions { ListenAddress = address, StorePath = _directory.File("sessions.db"), CreateStore = true, Insecure = Insecure.Anywhere },
        hooks ?? new AccessManager(), NullLoggerFactory.Instance);
}
