using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Hooks;

/// <summary>The threads of the hooks.</summary>
public sealed class HookThreadsTests : IDisposable
{
    private readonly RecordedLog _lines = new();
    private readonly VirtualTime _time = new();
    private readonly HookThreads _hooks;
    private readonly MasterMetrics _metrics = new();
    private readonly ManualResetEventSlim _release = new();

    public HookThreadsTests()
    {
        _hooks = new HookThreads(_lines, _time, _metrics);
        _hooks.Start();
    }

    public void Dispose()
    {
        _release.Set();
        _time.Flow();
        _hooks.Dispose();
        _metrics.Dispose();
        _time.Dispose();
        _release.Dispose();
    }

    [Fact]
    public async Task Hooks_of_one_identity_run_in_order_and_never_at_the_same_time()
    {
        const int Identities = 8;
        const int HooksEach = Limits.MaxWaitingHooksPerIdentity;
        ConcurrentDictionary<string, List<int>> ran = new();
        ConcurrentDictionary<string, int> running = new();
        int overlaps = 0;
        List<Task> all = [];
        for (int i = 0; i < HooksEach; i++)
        {
            for (int identity = 0; identity < Identities; identity++)
            {
                string name = $"server-{identity}";
                int number = i;
                all.Add(RunAsync(name, () =>
                {
                    overlaps += running.AddOrUpdate(name, 1, (_, old) => old + 1) > 1 ? 1 : 0;
                    ran.GetOrAdd(name, _ => []).Add(number);
                    running.AddOrUpdate(name, 0, (_, old) => old - 1);
                    return true;
                }));
            }
        }

        await Eventually.Ends(Task.WhenAll(all));
        Assert.Equal(0, overlaps);
        Assert.Equal(Identities, ran.Count);
        Assert.All(ran.Values, numbers => Assert.Equal(Enumerable.Range(0, HooksEach), numbers));
    }

    [Fact]
    public async Task A_hook_that_blocks_holds_up_its_own_identity_and_nobody_else()
    {
        Task[] blocked =
            [.. Enumerable.Range(0, 100).Select(i => (Task)RunAsync($"blocked-{i}", Block))];
        Task<bool> behind = RunAsync("blocked-0", () => true);

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i, await Eventually.Ends(RunAsync($"other-{i}", () => i)));
        }

        Assert.False(behind.IsCompleted);
        Assert.All(blocked, hook => Assert.False(hook.IsCompleted));
        _release.Set();
        await Eventually.Ends(Task.WhenAll([behind, .. blocked]));
    }

    [Fact]
    public async Task There_are_never_more_threads_than_the_limit_and_what_waits_runs_later()
    {
        int running = 0;
        int most = 0;
        Task[] all = [.. Enumerable.Range(0, Limits.MaxHookThreads + 50).Select(i => (Task)RunAsync($"server-{i}", () =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            Block();
            Interlocked.Decrement(ref running);
            return true;
        }))];
        await Eventually.IsTrueAsync(() => Volatile.Read(ref running) == Limits.MaxHookThreads, "all threads busy");
        _release.Set();
        await Eventually.Ends(Task.WhenAll(all));
        Assert.Equal(Limits.MaxHookThreads, most);
    }

    [Fact]
    public async Task Whoever_waits_behind_as_many_hooks_as_may_hang_hears_so_before_its_own_time_is_over()
    {
        int running = 0;
        Task<bool>[] hanging = [.. Enumerable.Range(0, Limits.MaxHookThreads).Select(i => RunAsync($"server-{i}", () =>
        {
            Interlocked.Increment(ref running);
            Block();
            return true;
        }))];
        await Eventually.IsTrueAsync(() => Volatile.Read(ref running) == Limits.MaxHookThreads, "all threads busy");
        Task<bool> waiting = RunAsync("one more", () => true);

        Assert.True(_time.PassUntil(() => waiting.IsCompleted, Limits.HooksStuckMs + (2 * Limits.StuckLookMs)), "it hears something");
        SessionException refusal = await Assert.ThrowsAsync<SessionException>(() => waiting);
        Assert.Equal(SessionStatus.Overloaded, refusal.Status);
        Assert.Contains("none has returned for", refusal.Message, StringComparison.Ordinal);
        SessionException next = await Assert.ThrowsAsync<SessionException>(() => RunAsync("another", () => true));
        Assert.Equal(SessionStatus.Overloaded, next.Status);

        _release.Set();
        await Eventually.Ends(Task.WhenAll(hanging));
        Assert.True(await Eventually.Ends(RunAsync("one more", () => true)));
    }

    [Fact]
    public async Task Idle_threads_go_but_one()
    {
        ConcurrentDictionary<Thread, bool> threads = new();
        using Barrier together = new(20);
        await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, 20).Select(i => RunAsync($"server-{i}", () =>
        {
            together.SignalAndWait();
            return threads.TryAdd(Thread.CurrentThread, true);
        }))));
        Assert.True(
            _time.PassUntil(() => threads.Keys.Count(thread => thread.IsAlive) == 1, 4 * Limits.HookThreadIdleMs), "all threads gone but one");
        Assert.True(await Eventually.Ends(RunAsync("server", () => threads.ContainsKey(Thread.CurrentThread))));
    }

    [Fact]
    public async Task What_a_hook_throws_comes_to_the_caller_and_the_next_hook_runs()
    {
        Task<bool> failing = RunAsync<bool>("server", () => throw new InvalidOperationException("its own defect"));
        Assert.Equal(
            "its own defect", (await Assert.ThrowsAsync<InvalidOperationException>(() => Eventually.Ends(failing))).Message);
        Assert.True(await Eventually.Ends(RunAsync("server", () => true)));
    }

    [Fact]
    public async Task A_caller_inside_a_hook_is_recognised()
    {
        Assert.False(_hooks.IsCurrent);
        Assert.True(await Eventually.Ends(RunAsync("server", () => _hooks.IsCurrent)));
    }

    [Fact]
    public async Task Calls_that_hang_on_all_threads_do_not_keep_ends_waiting()
    {
        Task[] hanging = [.. Enumerable.Range(0, Limits.MaxHookThreads + 1).Select(i => (Task)RunAsync($"hanging-{i}", Block))];
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _hooks.PostEnd("dead", "SessionEnded", told.SetResult);
        await Eventually.Ends(told.Task);
        Assert.All(hanging, hook => Assert.False(hook.IsCompleted));
    }

    [Fact]
    public async Task Ends_that_hang_by_the_thousand_do_not_keep_calls_waiting()
    {
        for (int i = 0; i < 4000; i++)
        {
            _hooks.PostEnd($"dead-{i}", "SessionEnded", () => Block());
        }

        Assert.True(await Eventually.Ends(RunAsync("server", () => true)));
        Assert.False(_release.IsSet);
    }

    [Fact]
    public async Task The_end_of_a_session_is_told_before_the_calls_of_its_successor_that_waited()
    {
        ConcurrentQueue<string> ran = new();
        Task<bool> running = RunAsync("server", Block);
        Task<bool> successor = RunAsync("server", () => Ran("created"));
        _hooks.PostEnd("server", "SessionEnded", () => Ran("expired"));
        _release.Set();
        await Eventually.Ends(Task.WhenAll(running, successor));
        Assert.Equal(["expired", "created"], ran);

        bool Ran(string what)
        {
            ran.Enqueue(what);
            return true;
        }
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_is_dropped_at_once_and_gives_its_room_back()
    {
        using CancellationTokenSource callers = new();
        bool ran = false;
        Task<bool> running = RunAsync("server", Block);
        Task<bool>[] gone = [.. Enumerable.Range(0, Limits.MaxWaitingHooksPerIdentity).Select(_ => RunAsync(
            "server", () => ran = true, callers.Token))];
        SessionException full = await Assert.ThrowsAsync<SessionException>(
            () => Eventually.Ends(RunAsync("server", () => true)));
        Assert.Equal(SessionStatus.Overloaded, full.Status);
        Assert.Contains("Test of 'server'", full.Message, StringComparison.Ordinal);

        await callers.CancelAsync();

        foreach (Task<bool> hook in gone)
        {
            Assert.Equal(
                SessionStatus.Cancelled, (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(hook))).Status);
        }

        Task<bool> next = RunAsync("server", () => true);
        Assert.False(running.IsCompleted || next.IsCompleted);
        _release.Set();
        Assert.True(await Eventually.Ends(next));
        Assert.False(ran);
    }

    [Fact]
    public async Task Ending_tells_the_ends_and_refuses_the_calls_that_wait()
    {
        int told = 0;
        Task<bool> running = RunAsync("server", Block);
        Task<bool> waiting = RunAsync("server", () => true);
        for (int i = 0; i < 1000; i++)
        {
            _hooks.PostEnd($"server-{i}", "SessionEnded", () => Interlocked.Increment(ref told));
        }

        Task ending = Task.Run(_hooks.Dispose);

        Assert.Equal(
            SessionStatus.Cancelled, (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(waiting))).Status);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref told) == 1000, "all ends told");
        Assert.False(running.IsCompleted || ending.IsCompleted);
        Assert.Equal(
            SessionStatus.Cancelled,
            (await Assert.ThrowsAsync<SessionException>(() => Eventually.Ends(RunAsync("late", () => true)))).Status);
        _release.Set();
        await Eventually.Ends(ending);
        Assert.True(await Eventually.Ends(running));
    }

    [Fact]
    public async Task Ending_waits_for_what_runs_and_names_it_and_says_how_many_ends_were_not_told()
    {
        using ManualResetEventSlim runs = new();
        int told = 0;
        _hooks.PostEnd("hanging", "SessionEnded", () =>
        {
            runs.Set();
            Block();
        });
        Assert.True(runs.Wait(Eventually.Patience));
        _hooks.PostEnd("hanging", "SessionEnded", () => told++);
        _hooks.PostEnd("hanging", "SessionEnded", () => told++);

        Task ending = Task.Run(_hooks.Dispose);

        Assert.True(_time.PassUntil(() => _lines.Any(1071, "2 ends"), 2 * Limits.StopTimeoutMs), "what was not told");
        Assert.True(_time.PassUntil(() => _lines.Any(1070, "SessionEnded of hanging"), 2 * Limits.HookSayMs), "what it waits for");
        Assert.False(ending.IsCompleted);
        _release.Set();
        await Eventually.Ends(ending);
        Assert.Equal(0, told);
    }

    private Task<T> RunAsync<T>(string identity, Func<T> hook, CancellationToken awaited = default) =>
        _hooks.RunAsync(identity, "Test", hook, bytes: 0, isAdmitted: false, awaited);

    private bool Block()
    {
        _release.Wait(Eventually.Patience);
        return true;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            int found = Interlocked.CompareExchange(ref target, value, seen);
            seen = found == seen ? value : found;
        }
    }
}
