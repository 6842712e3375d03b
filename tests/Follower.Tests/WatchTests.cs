using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>What followers watch, and whoever holds no session: one stream, over changes of leader and what was missed.</summary>
public sealed class WatchTests : IDisposable
{
    private static readonly byte[] s_value = [1];

    private readonly RunningMaster _master = new(new History(), options => options.MinTermMs = options.TermMs = options.MaxTermMs = 30_000);
    private readonly TestFollower _test;
    private readonly CancellationTokenSource _patience = new(Eventually.Patience);

    public WatchTests() => _test = new TestFollower(_master.Address);

    public void Dispose()
    {
        _patience.Dispose();
        _test.Dispose();
        _master.Dispose();
    }

    [Fact]
    public async Task A_followers_watch_goes_on_under_the_next_leaders_without_a_gap()
    {
        ulong epoch = _test.Create().Epoch;
        await using IAsyncEnumerator<SessionEvent> watch = Open(_test.Follower.WatchAsync(epoch, null, _patience.Token));
        Assert.Equal(
            [SessionEventKind.StateBegins, SessionEventKind.Created, SessionEventKind.StateEnds, SessionEventKind.Progress],
            [await NextAsync(watch), await NextAsync(watch), await NextAsync(watch), await NextAsync(watch)]);

        for (int i = 0; i < 3; i++)
        {
            ulong revision = await _test.Follower.SetItemAsync(epoch, $"k{i}", s_value);
            Assert.Equal(SessionEventKind.ItemSet, await NextAsync(watch, SessionEventKind.Progress));
            Assert.Equal(($"k{i}", revision), (watch.Current.Item!.Key, watch.Current.Item.Revision));
            // Said with the change: from here on another leader may go on.
            Assert.Equal(SessionEventKind.Progress, await NextAsync(watch));
            Assert.Equal(revision, watch.Current.Revision);
            _master.Stop();
            _master.StartAgain();
        }
    }

    [Fact]
    public async Task What_was_missed_comes_as_a_difference()
    {
        using TcpProxy proxy = new(_master.Port);
        using ClusterWatcher watcher = new([proxy.Address], insecure: Insecure.Loopback);
        using TestFollower other = new(new FollowerManagerOptions { Endpoints = [_master.Address] }, identity: "other");
        ulong epoch = _test.Create().Epoch;
        ulong othersEpoch = other.Create().Epoch;
        await _test.Follower.SetItemAsync(epoch, "stays", s_value);
        await _test.Follower.SetItemAsync(epoch, "goes", s_value);
        await using IAsyncEnumerator<SessionEvent> watch = Open(watcher.WatchAsync(cancellationToken: _patience.Token));
        while (await NextAsync(watch) != SessionEventKind.Progress)
        {
        }

        proxy.Cut();
        await _test.Follower.SetItemAsync(epoch, "comes", s_value);
        await _test.Follower.RemoveItemAsync(epoch, "goes");
        await other.Follower.CloseAsync();
        _master.Stop();
        _master.StartAgain();
        proxy.Restore();

        List<string> told = [];
        do
        {
            await NextAsync(watch, SessionEventKind.Progress);
            told.Add($"{watch.Current.Kind} {watch.Current.Item?.Key}{(watch.Current.Kind == SessionEventKind.Ended ? watch.Current.Epoch : "")}");
        }
        while (watch.Current.Kind != SessionEventKind.StateEnds);
        Assert.Equal(["StateBegins ", "ItemSet comes"], told[..2]);
        Assert.Equal(["Ended " + othersEpoch, "ItemRemoved goes"], told[2..^1].Order());
    }

    [Fact]
    public async Task Who_does_not_want_a_difference_is_told_what_was_missed_is_gone()
    {
        using ClusterWatcher watcher = new([_master.Address], insecure: Insecure.Loopback);
        await using IAsyncEnumerator<SessionEvent> watch =
            Open(watcher.WatchAsync(new WatchOptions { AfterRevision = 1, Resynchronizes = false }, cancellationToken: _patience.Token));
        await AssertEndsAsync(SessionStatus.Compacted, watch);
    }

    [Fact]
    public async Task A_watch_ends_by_its_own_token_with_its_session_and_with_its_follower()
    {
        using ClusterWatcher watcher = new([_master.Address], insecure: Insecure.Loopback);
        ulong epoch = _test.Create().Epoch;
        using CancellationTokenSource enough = new();
        await using IAsyncEnumerator<SessionEvent> cancelled = Open(watcher.WatchAsync(cancellationToken: enough.Token));
        await NextAsync(cancelled);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await ToEndAsync(cancelled));

        await using IAsyncEnumerator<SessionEvent> ofSession = Open(_test.Follower.WatchAsync(epoch, null, _patience.Token));
        await NextAsync(ofSession);
        SessionRow row = _master.Master.FindSession(TestFollower.Identity);
        _master.Master.RevokeSession(row.SessionId, row.Epoch, "test");
        await AssertEndsAsync(SessionStatus.SessionRevoked, ofSession);

        using TestFollower other = new(new FollowerManagerOptions { Endpoints = [_master.Address] }, identity: "other");
        await using IAsyncEnumerator<SessionEvent> ofFollower = Open(other.Follower.WatchAsync(other.Create().Epoch, null, _patience.Token));
        await NextAsync(ofFollower);
        Task<SessionException> end = Assert.ThrowsAsync<SessionException>(() => ToEndAsync(ofFollower));
        await other.Follower.CloseAsync();
        Assert.Contains((await end).Status, (SessionStatus[])[SessionStatus.Cancelled, SessionStatus.SessionClosed]);
        await AssertEndsAsync(SessionStatus.NoSession, Open(_test.Manager.CreateFollower("none").WatchAsync(1, null, _patience.Token)));
    }

    [Fact]
    public async Task Patience_for_a_leader_is_the_watchers_to_say()
    {
        _master.Stop();
        using ClusterWatcher watcher = new([_master.Address], insecure: Insecure.Loopback);
        await AssertEndsAsync(SessionStatus.NoMaster, Open(watcher.WatchAsync(patienceMs: 300, cancellationToken: _patience.Token)));

        Task<bool> first = Open(watcher.WatchAsync(cancellationToken: _patience.Token)).MoveNextAsync().AsTask();
        _master.StartAgain();
        Assert.True(await first.WaitAsync(Eventually.Patience));
    }

    private static IAsyncEnumerator<SessionEvent> Open(IAsyncEnumerable<SessionEvent> watch) => watch.GetAsyncEnumerator();

    private static async Task AssertEndsAsync(SessionStatus expected, IAsyncEnumerator<SessionEvent> watch) =>
        Assert.Equal(expected, (await Assert.ThrowsAsync<SessionException>(() => ToEndAsync(watch))).Status);

    private static async Task ToEndAsync(IAsyncEnumerator<SessionEvent> watch)
    {
        while (true)
        {
            await NextAsync(watch);
        }
    }

    /// <summary>The kind of the next event, but those that are passed over.</summary>
    private static async Task<SessionEventKind> NextAsync(IAsyncEnumerator<SessionEvent> watch, SessionEventKind passedOver = SessionEventKind.None)
    {
        do
        {
            Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(Eventually.Patience));
        }
        while (watch.Current.Kind == passedOver);
        return watch.Current.Kind;
    }
}
