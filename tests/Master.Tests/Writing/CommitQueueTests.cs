using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Master.Writing;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Writing;

/// <summary>The one writer, on a store that stalls and fails.</summary>
public sealed class CommitQueueTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly MasterMetrics _metrics = new();
    private readonly Lock _tableLock = new();
    private readonly StubbornStore _store;
    private readonly SessionTable _table;
    private readonly CommitQueue _queue;
    private readonly ConcurrentQueue<EndedSession> _ended = new();
    private ulong _nextId = 1;
    private volatile Func<long, bool> _mayAct = _ => true;
    private volatile Func<long, bool> _mayExpire = _ => true;

    public CommitQueueTests()
    {
        _store = new StubbornStore(new SqliteSessionStore(_directory.File("sessions.db"), 0, create: true));
        _table = new SessionTable(
            new SessionTableSettings { MinTermMs = Limits.MinTermMs }, _store.Lead(Stored.LeadNow()), () => _nextId++, BootClock.NowNs);
        WriteStanding standing = new(_store, now => _mayAct(now), now => _mayExpire(now));
        _queue = new CommitQueue(_table, _tableLock, _store, standing, _ended.Enqueue, _metrics, NullLogger.Instance, BootTime.OfMachine);
    }

    public void Dispose()
    {
        _store.Flow();
        _queue.Dispose();
        _store.Dispose();
        _directory.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Nobody_is_answered_and_nobody_sees_a_change_before_it_is_durable()
    {
        _store.Stall();
        Task<Session> create = CreateAsync("server");
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        Task<int> count = _queue.ReadAsync(table => table.Count);
        Assert.False(create.IsCompleted);
        Assert.False(count.IsCompleted);

        _store.Flow();

        await Eventually.Ends(create);
        Assert.Equal(1, await Eventually.Ends(count));
    }

    [Fact]
    public async Task What_waited_to_be_read_until_the_master_may_not_act_is_refused()
    {
        _store.Stall();
        Task<Session> create = CreateAsync("server");
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        Task<int> count = _queue.ReadAsync(table => table.Count);
        _mayAct = _ => false;

        _store.Flow();

        await Eventually.Ends(create);
        Assert.Equal(SessionStatus.NotLeader, (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(count))).Status);
        _mayAct = _ => true;
        Assert.Equal(1, await Eventually.Ends(_queue.ReadAsync(table => table.Count)));
    }

    [Fact]
    public async Task What_nobody_expected_ends_the_leadership_and_refuses_what_comes()
    {
        _mayExpire = _ => throw new InvalidOperationException("a defect");
        await Eventually.IsTrueAsync(() => _queue.IsOver, "over");
        Assert.Equal(
            SessionStatus.NotLeader,
            (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(CreateAsync("server")))).Status);
    }

    [Fact]
    public async Task Of_a_commit_that_ended_as_nobody_expected_it_is_not_known_whether_it_was_made()
    {
        _store.Failure = _ => throw new InvalidOperationException("a defect");
        SessionException told = await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(CreateAsync("server")));
        Assert.True(told is { Status: SessionStatus.TimedOut, IsOutcomeUnknown: true }, told.ToString());
        Assert.True(_queue.IsOver);
    }

    [Fact]
    public async Task What_was_taken_and_not_begun_when_it_came_to_what_nobody_expected_is_answered_and_the_thread_goes_on()
    {
        // The table is the next queue's alone.
        _queue.Dispose();
        RecordedLog log = new();
        DefectTime time = new();
        using CommitQueue queue = new(
            _table, _tableLock, _store, new WriteStanding(_store, _ => true, _ => false), _ended.Enqueue, _metrics, log, time);
        await Eventually.IsTrueAsync(() => time.IsWaitedFor, "waiting for an operation");

        SessionException told = await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(queue.WriteAsync(table => table.Count)));

        Assert.Equal((SessionStatus.TimedOut, true), (told.Status, told.IsOutcomeUnknown));
        Assert.Equal(
            SessionStatus.NotLeader,
            (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(queue.WriteAsync(table => table.Count)))).Status);
        Assert.StartsWith("thread sessions-commit met", Assert.Single(log.Of(1047)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_nothing_is_answered_by_a_master_that_may_act_alone()
    {
        _mayAct = _ => false;
        foreach (Func<Task<int>> look in new[] { () => _queue.WriteAsync(table => table.Count), () => _queue.ReadAsync(table => table.Count) })
        {
            Assert.Equal(SessionStatus.NotLeader, (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(look()))).Status);
        }

        Assert.False(_queue.IsOver);
        _mayAct = _ => true;
        Assert.Equal(0, await Eventually.Ends(_queue.WriteAsync(table => table.Count)));
    }

    [Fact]
    public async Task Renewals_go_on_while_the_disk_stalls()
    {
        Session session = await CreateAsync("server");
        _store.Stall();
        Task stalled = CreateAsync("another");
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");

        for (int i = 0; i < 1000; i++)
        {
            lock (_tableLock)
            {
                Assert.Equal(SessionStatus.Ok, _table.KeepAlive(session.Key, BootClock.NowNs).Status);
            }
        }

        Assert.False(stalled.IsCompleted);
        _store.Flow();
        await Eventually.Ends(stalled);
    }

    [Fact]
    public async Task What_waits_for_the_disk_is_committed_together()
    {
        _store.Stall();
        Task<Session>[] creates = [CreateAsync("first")];
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        creates = [.. creates, .. Enumerable.Range(0, 100).Select(i => CreateAsync($"server-{i}"))];
        int before = _store.Commits;
        _store.Flow();
        await Eventually.Ends(Task.WhenAll(creates));
        Assert.Equal(before + 2, _store.Commits);
    }

    [Fact]
    public async Task A_failed_commit_leaves_nothing_behind_and_answers_with_the_stores_status()
    {
        _store.Failure = _ => new SessionException(SessionStatus.StoreFull, "the disk is full");
        SessionException failure = await Assert.ThrowsAsync<SessionException>(() => CreateAsync("server"));
        Assert.Equal((SessionStatus.StoreFull, "the disk is full"), (failure.Status, failure.Message));
        Assert.Equal(0, await _queue.ReadAsync(table => table.Count));

        _store.Failure = _ => null;
        await CreateAsync("server");
        Assert.Empty(await _queue.ReadAsync(table => table.BrokenInvariants().ToArray()));
    }

    [Fact]
    public async Task One_change_that_fails_takes_no_other_down_with_it()
    {
        _store.Failure = changes => changes.OfType<StoreChange.PutSession>().Any(put => put.Description.Identity == "bad")
            ? new SessionException(SessionStatus.StoreFailed, "bad")
            : null;
        _store.Stall();
        Task first = CreateAsync("first");
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        Task<Session>[] good = [.. Enumerable.Range(0, 10).Select(i => CreateAsync($"good-{i}"))];
        Task<Session> bad = CreateAsync("bad");
        Task<Session> last = CreateAsync("last");
        _store.Flow();

        await Eventually.Ends(Task.WhenAll([first, last, .. good]));
        Assert.Equal("bad", (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(bad))).Message);
        Assert.Equal(12, await _queue.ReadAsync(table => table.Count));
    }

    [Fact]
    public async Task A_closed_queue_finishes_what_waits_and_refuses_the_rest()
    {
        Task<Session>[] creates = [.. Enumerable.Range(0, 50).Select(i => CreateAsync($"server-{i}"))];
        _queue.Dispose();
        Session[] created = await Eventually.Ends(Task.WhenAll(creates));
        Assert.Equal(50, created.Distinct().Count());
        Assert.Equal(
            SessionStatus.Cancelled, (await Assert.ThrowsAsync<SessionException>(() => CreateAsync("late"))).Status);
    }

    [Theory]
    [InlineData(SessionStatus.NotLeader)]
    [InlineData(SessionStatus.StoreFull)]
    [InlineData(SessionStatus.StoreFailed)]
    public async Task What_may_have_been_made_is_never_answered_as_if_it_had_not(SessionStatus status)
    {
        _store.Stall();
        Task<Session> first = CreateAsync("first");
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        Task<Session>[] batch = [CreateAsync("second"), CreateAsync("third")];
        _store.Failure = changes => changes.Count > 1
            ? new SessionException(status, "a part was taken") { IsOutcomeUnknown = true }
            : null;
        _store.Flow();
        await Eventually.Ends(first);
        foreach (Task<Session> create in batch)
        {
            SessionException told = await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(create));
            Assert.Equal((SessionStatus.TimedOut, true), (told.Status, told.IsOutcomeUnknown));
            Assert.Contains("a part was taken", told.Message, StringComparison.Ordinal);
        }

        Assert.True(_queue.IsOver);
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_is_not_done()
    {
        using CancellationTokenSource caller = new();
        _store.Stall();
        Task<Session> first = CreateAsync("first");
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        Task<Session> given = _queue.WriteAsync(
            table => table.Create(new ServerDescription { Identity = "given-up" }, 1, BootClock.NowNs), caller.Token);
        await caller.CancelAsync();
        _store.Flow();

        await Eventually.Ends(first);
        SessionException refusal = await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(given));
        Assert.Equal(SessionStatus.Cancelled, refusal.Status);
        Assert.Equal(1, await _queue.ReadAsync(table => table.Count));
    }

    [Fact]
    public async Task A_change_that_nobody_waits_for_leaves_a_stalled_queue_at_once_and_its_bytes_with_it()
    {
        const int Bytes = (int)(Limits.MaxWaitingBytes / 2);
        using CancellationTokenSource caller = new();
        Task<Session> stalled = await StallAsync();
        bool isDecided = false;
        Task<bool>[] large =
        [
            .. Enumerable.Range(0, 2).Select(_ => _queue.WriteAsync(
                _ =>
                {
                    isDecided = true;
                    return true;
                },
                Bytes, caller.Token)),
        ];
        SessionException full = await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(WriteAsync(1)));
        Assert.Equal((SessionStatus.Overloaded, Limits.QueueRetryMs), (full.Status, full.RetryAfterMs));
        Assert.Contains("bytes", full.Message, StringComparison.Ordinal);

        await caller.CancelAsync();

        foreach (Task<bool> given in large)
        {
            Assert.Equal(
                SessionStatus.Cancelled, (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(given))).Status);
        }

        Task<bool> next = WriteAsync(1);
        Assert.False(stalled.IsCompleted || next.IsCompleted);
        _store.Flow();
        Assert.True(await Eventually.Ends(next));
        Assert.False(isDecided);

        Task<bool> WriteAsync(long bytes) => _queue.WriteAsync(_ => true, bytes, CancellationToken.None);
    }

    private async Task<Task<Session>> StallAsync()
    {
        _store.Stall();
        Task<Session> stalled = CreateAsync("stalled");
        await Eventually.IsTrueAsync(() => _store.IsStalled, "the commit at the disk");
        return stalled;
    }

    private async Task<Session> CreateAsync(string identity, uint termMs = Limits.MaxTermMs) => await _queue.WriteAsync(
        table => table.Create(new ServerDescription { Identity = identity, TermMs = termMs }, 1, BootClock.NowNs));

    private SessionStatus Renew(Session session)
    {
        lock (_tableLock)
        {
            return _table.KeepAlive(session.Key, BootClock.NowNs).Status;
        }
    }

    /// <summary>The machine's time, which throws at the writer once: when the first operation is taken.</summary>
    private sealed class DefectTime : BootTime
    {
        private int _waits;
        private int _isDue;

        internal bool IsWaitedFor => Volatile.Read(ref _waits) > 0;

        public override long NowNs =>
            Thread.CurrentThread.Name == "sessions-commit" && Interlocked.Exchange(ref _isDue, 0) == 1
                ? throw new InvalidOperationException("a defect")
                : base.NowNs;

        protected override void WaitAtGate(object gate, int timeoutMs)
        {
            bool isFirst = Interlocked.Increment(ref _waits) == 1;
            base.WaitAtGate(gate, isFirst ? Timeout.Infinite : timeoutMs);
            if (isFirst)
            {
                Volatile.Write(ref _isDue, 1);
            }
        }
    }
}
