using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Master.Writing;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Writing;

/// <summary>Looks at a leadership whose disk stalls: what is durable is shown, what is being committed is waited for.</summary>
public sealed class LookTests : IDisposable
{
    private static readonly byte[] s_former = [1];
    private static readonly byte[] s_next = [2];
    private readonly TemporaryDirectory _directory = new();
    private readonly MasterMetrics _metrics = new();
    private readonly StubbornStore _store;
    private readonly Tenure _tenure;
    private readonly CancellationTokenSource _abandoned = new();
    private ulong _nextId = 1;
    private volatile Func<long, bool> _mayAct = _ => true;

    public LookTests()
    {
        _store = new StubbornStore(new SqliteSessionStore(_directory.File("sessions.db"), 0, create: true));
        StoreSnapshot snapshot = _store.Lead(Stored.LeadNow());
        _tenure = new Tenure(
            _store, () => new SessionTable(new SessionTableSettings(), snapshot, () => _nextId++, BootClock.NowNs),
            now => _mayAct(now), _ => false, (_, _) => { }, _abandoned, _metrics, NullLogger.Instance, BootTime.OfMachine);
    }

    public void Dispose()
    {
        _store.Flow();
        _tenure.Dispose();
        _directory.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task What_is_durable_is_shown_while_the_disk_stalls_on_something_else()
    {
        Session one = await CreateAsync("one");
        await CreateAsync("next on the list");
        Session other = await CreateAsync("other");
        await SetAsync(one, s_former);
        AccessPoint assigned = await _tenure.WriteAsync(table => table.FindAccessPoint(one.Key, AccessPointKind.Nfs, "v"));
        Task<ulong> stalled = await StallAsync(other);

        Item item = await Eventually.Ends(_tenure.LookAsync(
            table => table.IsSettled(one.Key.SessionId), table => table.GetItem(one.Key, "k")));
        IReadOnlyList<Item> items = await Eventually.Ends(_tenure.LookAsync(
            table => table.IsSettled(one.Key.SessionId), table => table.ListItems(one.Key, "")));
        Assert.True(_tenure.TryLook(
            table => table.IsSettled(one.Key, AccessPointKind.Nfs, "v"),
            table => table.FindAccessPoint(one.Key, AccessPointKind.Nfs, "v"), out AccessPoint? found));
        string first = _tenure.Look(table => table.List(0, 1, "", out _).Single().Description.Identity);

        Assert.False(stalled.IsCompleted);
        Assert.Equal(s_former, item.Value.ToArray());
        Assert.Equal([item], items);
        Assert.Equal((assigned, "one"), (found, first));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_being_committed_is_shown_as_it_was_or_as_it_ends_and_never_before(bool isUndone)
    {
        Session session = await CreateAsync("one");
        await SetAsync(session, s_former);
        _store.Stall();
        Task<ulong> stalled = SetAsync(session, s_next);
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        Assert.Equal(s_former, (await GetAsync()).Value.ToArray());
        Task<int> count = _tenure.ReadAsync(table => table.ListItems(session.Key, "").Count);
        Assert.False(count.IsCompleted);

        _store.Failure = _ => isUndone ? new SessionException(SessionStatus.StoreFull, "full") : null;
        _store.Flow();

        Assert.Equal(1, await Eventually.Ends(count));
        await Eventually.IsTrueAsync(() => stalled.IsCompleted, "the change is answered");
        Assert.Equal(isUndone, stalled.IsFaulted);
        Assert.Equal(isUndone ? s_former : s_next, (await GetAsync()).Value.ToArray());

        Task<Item> GetAsync() => Eventually.Ends(_tenure.LookAsync(
            table => table.IsSettled(session.Key.SessionId), table => table.GetItem(session.Key, "k")));
    }

    [Fact]
    public async Task A_session_that_is_being_closed_is_listed_until_its_end_is_durable_and_its_holder_waits()
    {
        Session session = await CreateAsync("one");
        _store.Stall();
        Task<bool> closing = _tenure.WriteAsync(table =>
        {
            table.Close(session.Key);
            return true;
        });
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        Assert.Equal([session], _tenure.Look(table => table.List(0, 0, "", out _)));
        Task<Item> item = _tenure.LookAsync(
            table => table.IsSettled(session.Key.SessionId), table => table.GetItem(session.Key, "k"));
        Assert.False(item.IsCompleted);

        _store.Flow();
        await Eventually.Ends(closing);
        Assert.Empty(_tenure.Look(table => table.List(0, 0, "", out _)));
        Assert.Equal(
            SessionStatus.SessionClosed, (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(item))).Status);
    }

    [Fact]
    public async Task A_call_of_the_host_waits_for_so_long_and_what_had_not_begun_is_not_done()
    {
        Session one = await CreateAsync("one");
        Session other = await CreateAsync("other");
        Task<ulong> stalled = await StallAsync(other);

        SessionException late = await Assert.ThrowsAsync<SessionException>(() => HostCall.WaitAsync(
            awaited => _tenure.WriteAsync(table => table.SetItem(one.Key, "k", s_next, null), awaited), 50, TimeProvider.System,
            CancellationToken.None));
        Assert.True(late is { Status: SessionStatus.TimedOut, IsOutcomeUnknown: true });
        Assert.Contains("for 50 ms", late.Message, StringComparison.Ordinal);

        _store.Flow();
        await Eventually.Ends(stalled);
        Assert.Equal(0, await _tenure.ReadAsync(table => table.ListItems(one.Key, "").Count, CancellationToken.None));
    }

    [Fact]
    public async Task Nothing_is_shown_by_a_master_that_may_not_act_or_whose_leadership_is_over()
    {
        Session session = await CreateAsync("one");
        _mayAct = _ => false;
        AssertNotLeader();
        _mayAct = _ => true;
        Assert.True(Look());
        _tenure.Abandon();
        AssertNotLeader();

        void AssertNotLeader() => Assert.Equal(SessionStatus.NotLeader, Assert.Throws<SessionException>(() => Look()).Status);

        bool Look() => _tenure.TryLook(
            table => table.IsSettled(session.Key.SessionId), table => table.ListItems(session.Key, ""), out _);
    }

    [Fact]
    public async Task However_often_a_suspect_renews_one_change_waits_for_it_and_a_later_mark_is_waited_for_anew()
    {
        Session session = await CreateAsync("one", termMs: 10_000);
        Session other = await CreateAsync("other");
        await MarkAsync(afterMs: 6000);
        Task<ulong> stalled = await StallAsync(other);
        Task<SessionStatus>[] renewals = [.. Enumerable.Range(0, 100).Select(_ => _tenure.ClearSuspectAsync(session.Key))];
        Assert.All(renewals, renewal => Assert.Same(renewals[0], renewal));
        Assert.False(renewals[0].IsCompleted);

        _store.Flow();
        await Eventually.Ends(stalled);
        Assert.Equal(SessionStatus.Ok, await Eventually.Ends(renewals[0]));
        Assert.Null(session.SuspectMs);

        _tenure.KeepAlive([new AskedKey(session.Key, session.Key)], BootClock.NowNs + 5_000_000_000, "", (_, _) => { });
        await MarkAsync(afterMs: 12_000);
        Task<SessionStatus> next = _tenure.ClearSuspectAsync(session.Key);
        Assert.NotSame(renewals[0], next);
        Assert.Equal(SessionStatus.Ok, await Eventually.Ends(next));
        Assert.Null(session.SuspectMs);

        // As if so much of the term had passed in silence.
        async Task MarkAsync(long afterMs)
        {
            await _tenure.WriteAsync(table => table.Expire(BootClock.NowNs + (afterMs * 1_000_000), 10));
            Assert.NotNull(session.SuspectMs);
        }
    }

    private Task<Session> CreateAsync(string identity, uint termMs = 60_000) => _tenure.WriteAsync(table => table.Create(
        new ServerDescription { Identity = identity, Endpoints = [new(AccessPointKind.Nfs, "nfs:" + identity)], TermMs = termMs }, 1, BootClock.NowNs));

    private Task<ulong> SetAsync(Session session, byte[] value) =>
        _tenure.WriteAsync(table => table.SetItem(session.Key, "k", value, null));

    private async Task<Task<ulong>> StallAsync(Session session)
    {
        _store.Stall();
        Task<ulong> stalled = SetAsync(session, s_next);
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        return stalled;
    }
}
