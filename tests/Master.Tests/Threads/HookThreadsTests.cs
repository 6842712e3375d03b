using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Master.Threads;
using Xunit;

namespace Interop.Sessions.Master.Tests.Threads;

/// <summary>The threads of the hooks.</summary>
public sealed class HookThreadsTests : IDisposable
{
    private readonly HookThreads _hooks = new();
    private readonly ManualResetEventSlim _release = new();

    public void Dispose()
    {
        _release.Set();
        _hooks.Dispose();
        _release.Dispose();
    }

    [Fact]
    public async Task Hooks_of_one_identity_run_in_order_and_never_at_the_same_time()
    {
        const int Identities = 8;
        const int HooksEach = 500;
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
                all.Add(_hooks.RunAsync(name, () =>
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
            [.. Enumerable.Range(0, 100).Select(i => (Task)_hooks.RunAsync($"blocked-{i}", Block))];
        Task<bool> behind = _hooks.RunAsync("blocked-0", () => true);

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(i, await Eventually.Ends(_hooks.RunAsync($"other-{i}", () => i)));
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
        Task[] all = [.. Enumerable.Range(0, Limits.MaxHookThreads + 50).Select(i => (Task)_hooks.RunAsync($"server-{i}", () =>
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
    public async Task Idle_threads_go()
    {
        ConcurrentDictionary<Thread, bool> threads = new();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _hooks.RunAsync(
            $"server-{i}", () => threads.TryAdd(Thread.CurrentThread, true))));
        await Eventually.IsTrueAsync(() => threads.Keys.All(thread => !thread.IsAlive), "all threads gone");
        Assert.True(await Eventually.Ends(_hooks.RunAsync("server", () => true)));
    }

    [Fact]
    public async Task What_a_hook_throws_comes_to_the_caller_and_the_next_hook_runs()
    {
        Task<bool> failing = _hooks.RunAsync<bool>("server", () => throw new InvalidOperationException("its own defect"));
        Assert.Equal(
            "its own defect", (await Assert.ThrowsAsync<InvalidOperationException>(() => Eventually.Ends(failing))).Message);
        Assert.True(await Eventually.Ends(_hooks.RunAsync("server", () => true)));
    }

    [Fact]
    public async Task A_caller_inside_a_hook_is_recognised()
    {
        Assert.False(_hooks.IsCurrent);
        Assert.True(await Eventually.Ends(_hooks.RunAsync("server", () => _hooks.IsCurrent)));
    }

    [Fact]
    public void Ending_runs_what_was_posted_and_refuses_the_rest()
    {
        int ran = 0;
        for (int i = 0; i < 1000; i++)
        {
            _hooks.Post($"server-{i % 3}", () => Interlocked.Increment(ref ran));
        }

        _hooks.Dispose();
        Assert.Equal(1000, ran);
        Assert.Equal(
            SessionStatus.Cancelled, Assert.Throws<SessionException>(() => _hooks.Post("server", () => { })).Status);
    }

    private bool Block()
    {
        _release.Wait();
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
