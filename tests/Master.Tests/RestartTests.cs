using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>A master that is stopped and started again on its store.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly RunningMaster _running = new(options => options.MaxTermMs = 30_000);

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_restart_keeps_sessions_items_and_access_points()
    {
        Wire.SessionKey[] keys = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(i => _running.Client.CreateKeyAsync($"server-{i}")));
        ulong revision = await _running.Client.SetItemAsync(keys[3], "item", [1, 2, 3]);
        Wire.FindAccessPointReply served = await _running.Client.FindNfsAsync(keys[0], "volume");
        SessionRow[] before = [.. _running.Master.ListSessions().Rows];
        ulong epochBefore = _running.Master.MasterEpoch;

        _running.Restart();

        Assert.True(_running.Master.MasterEpoch > epochBefore);
        SessionRow[] after = [.. _running.Master.ListSessions().Rows];
        Assert.Equal(
            before.Select(row => (row.SessionId, row.Epoch, row.Description with { TermMs = 0 }, row.TermMs, row.ItemCount)),
            after.Select(row => (row.SessionId, row.Epoch, row.Description, row.TermMs, row.ItemCount)));
        using RenewalStream stream = _running.Client.OpenStream();
        Wire.KeepAliveReply reply = await stream.RenewAsync(keys);
        Assert.All(reply.Renewals, renewal => Assert.Equal(Wire.Status.Ok, renewal.Status));
        Wire.Item item = Assert.Single((await _running.Client.ListItemsAsync(keys[3])).Items);
        Assert.Equal(("item", revision), (item.Key, item.Revision));
        Assert.Equal([1, 2, 3], item.Value.ToByteArray());
        Assert.Equal(
            new Wire.FindAccessPointReply(served) { Revision = 0 }, await _running.Client.FindNfsAsync(keys[0], "volume"));
    }

    [Fact]
    public async Task Epochs_and_revisions_go_on_after_a_restart()
    {
        Wire.CreateSessionReply before = await _running.Client.CreateAsync("before");
        ulong revision = await _running.Client.SetItemAsync(MasterClient.KeyOf(before), "item", []);
        _running.Restart();
        Assert.True((await _running.Client.CreateAsync("after")).Epoch > revision);
        Assert.True(await _running.Client.SetItemAsync(MasterClient.KeyOf(before), "item", []) > revision);
    }

    [Fact]
    public async Task A_restart_expires_nobody_early()
    {
        TaskCompletionSource<long> endedNs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running.Hooks.OnSessionEnded = (_, reason) => endedNs.SetResult(BootClock.NowNs);
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server", 30_000);
        long startedNs = BootClock.NowNs;
        // The first master has promised 30 s: the store remembers it, whatever the bounds are now.
        _running.Restart(options => (options.MinTermMs, options.TermMs, options.MaxTermMs) = (1000, 1000, 1000));

        SessionRow row = Assert.Single(_running.Master.ListSessions().Rows);
        Assert.True(row.DeadlineNs - startedNs >= 30_000_000_000);
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        Assert.True(Assert.Single(_running.Master.ListSessions().Rows).DeadlineNs >= row.DeadlineNs);
        Assert.False(endedNs.Task.IsCompleted);
    }

    [Fact]
    public async Task A_session_that_stays_silent_after_a_restart_expires_after_what_it_was_promised_itself()
    {
        VirtualTime time = new();
        using RunningMaster running = new(options => options.MaxTermMs = options.TermMs = 60_000, time);
        TaskCompletionSource<long> endedNs = new(TaskCreationOptions.RunContinuationsAsynchronously);
        running.Hooks.OnSessionEnded = (_, reason) => endedNs.SetResult(time.NowNs);
        await running.Client.CreateAsync("server", 1000);
        running.StopServing();
        time.Pass(5000);
        long startedNs = time.NowNs;
        running.Restart();

        time.Pass(999);
        Assert.Single(running.Master.ListSessions().Rows);
        // Not after the longest term that anybody may get: after its own, and what a replaced predecessor may have acted on.
        time.Pass(Limits.LeadershipPollMs + 100);
        Assert.InRange(Ns.ToMs(await Eventually.Ends(endedNs.Task) - startedNs), 1000, 1000 + Limits.LeadershipPollMs + 100);
    }

    [Fact]
    public async Task A_create_whose_answer_got_lost_in_a_restart_gets_its_session_and_the_host_is_asked_again()
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server");
        Wire.CreateSessionReply first = await _running.Client.Sessions.CreateSessionAsync(request);
        _running.Restart();
        _running.Hooks.OnSessionCreated = (created, grant) =>
        {
            Assert.Equal((first.SessionId, first.Epoch), (created.SessionId, created.Epoch));
            grant.ReportWindow = new ReportWindow(5, 6);
        };

        Wire.CreateSessionReply again = await _running.Client.Sessions.CreateSessionAsync(request);

        Assert.Equal((first.SessionId, first.Epoch), (again.SessionId, again.Epoch));
        Assert.Equal(5UL, again.ReportWindow.StartPid);
        Assert.Equal(["SessionInitialize", "SessionCreated", "SessionCreated"], _running.Hooks.CallsOf("server"));
    }

    [Fact]
    public async Task A_revocation_outlives_a_restart()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        _running.Master.RevokeSession(key.SessionId, key.Epoch, "drained");
        _running.Restart();
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.SessionRevoked, await stream.StatusOfAsync(key));
    }

    [Fact]
    public async Task Closed_and_removed_stays_so_after_a_restart()
    {
        Wire.SessionKey closed = await _running.Client.CreateKeyAsync("closed");
        Wire.SessionKey kept = await _running.Client.CreateKeyAsync("kept");
        await _running.Client.SetItemAsync(closed, "item", []);
        await _running.Client.SetItemAsync(kept, "item", []);
        await _running.Client.CloseAsync(closed);
        await _running.Client.Sessions.RemoveItemAsync(new Wire.RemoveItemRequest { Session = kept, Key = "item" });

        _running.Restart();

        Assert.Equal(kept.SessionId, Assert.Single(_running.Master.ListSessions().Rows).SessionId);
        Assert.Empty(_running.Master.ListItems(kept.SessionId, ""));
        using RenewalStream stream = _running.Client.OpenStream();
        Assert.Equal(SessionStatus.UnknownSession, await stream.StatusOfAsync(closed));
    }
}
