using System;
using System.Threading.Tasks;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Hooks;

/// <summary>What nobody expected, on a thread that runs code of the host: it is told, no hook is lost, and a stop waits for no thread.</summary>
public sealed class HookLastCatchTests : IDisposable
{
    private const string Calls = "sessions-hook";
    private const string Ends = "sessions-end";
    private const string News = "sessions-news";

    private readonly RecordedLog _log = new();
    private readonly MasterMetrics _metrics = new();
    private ulong _leadership;

    public void Dispose() => _metrics.Dispose();

    /// <summary>Wherever it is thrown at: before the hook, behind it, and while others are given out.</summary>
    [Theory]
    [InlineData(Calls, 0)]
    [InlineData(Calls, 1)]
    [InlineData(Calls, 2)]
    [InlineData(Calls, 3)]
    [InlineData(Calls, 4)]
    [InlineData(Calls, 5)]
    [InlineData(Ends, 0)]
    [InlineData(Ends, 1)]
    [InlineData(Ends, 2)]
    [InlineData(Ends, 3)]
    [InlineData(Ends, 4)]
    [InlineData(News, 0)]
    [InlineData(News, 1)]
    [InlineData(News, 2)]
    [InlineData(News, 3)]
    [InlineData(News, 4)]
    public async Task Each_hook_runs_all_the_same(string thread, int after)
    {
        ThrowingTime time = new(thread);
        using HookThreads hooks = new(_log, time, _metrics);
        hooks.Start();
        hooks.Announce();

        Task failing = Eventually.OnOwnThread(() => time.FailTheClock(after, times: 1));
        do
        {
            await RunAsync(hooks, thread);
        }
        while (!failing.IsCompleted);

        await failing;
        await RunAsync(hooks, thread);
        await IsLoggedOnceAsync(thread);
    }

    [Theory]
    [InlineData(Calls)]
    [InlineData(Ends)]
    [InlineData(News)]
    public async Task A_thread_that_is_thrown_at_where_it_waits_waits_again(string thread)
    {
        ThrowingTime time = new(thread);
        using HookThreads hooks = new(_log, time, _metrics);
        hooks.Start();
        hooks.Announce();

        Task failing = Eventually.OnOwnThread(() => time.BreakTheWait(1));
        do
        {
            await RunAsync(hooks, thread);
        }
        while (!failing.IsCompleted);

        await failing;
        await RunAsync(hooks, thread);
        await IsLoggedOnceAsync(thread);
    }

    [Fact]
    public async Task A_thread_that_asks_the_host_who_may_do_what_goes_on()
    {
        const string Thread = "sessions-rights";
        ThrowingTime time = new(Thread);
        using AuthorizeThreads threads = new(_ => Verdict.Accept, _log, time);
        AccessRequest request = new(Caller.Nameless, Right.Serve, "server");

        Task failing = Eventually.OnOwnThread(() => time.BreakTheWait(1));
        do
        {
            Assert.False((await threads.AskAsync(request, isRenewal: false)).IsRefusal);
        }
        while (!failing.IsCompleted);

        await failing;
        Assert.False((await threads.AskAsync(request, isRenewal: true)).IsRefusal);
        await IsLoggedOnceAsync(Thread);
    }

    /// <summary>A hook on the way of the thread, behind the others of its identity.</summary>
    private async Task RunAsync(HookThreads hooks, string thread)
    {
        switch (thread)
        {
            case Calls:
                Assert.True(await Eventually.Ends(hooks.RunAsync("server", "Test", () => true, bytes: 0, isAdmitted: false, default)));
                break;
            case Ends:
                TaskCompletionSource told = NewTold();
                hooks.PostEnd("server", nameof(AccessManager.SessionEnded), told.SetResult);
                await Eventually.Ends(told.Task);
                break;
            default:
                TaskCompletionSource begun = NewTold();
                TaskCompletionSource ended = NewTold();
                hooks.EnterLeadership(++_leadership, nameof(AccessManager.LeadershipChanged), begun.SetResult, ended.SetResult);
                hooks.BeginLeadership(_leadership);
                await Eventually.Ends(begun.Task);
                hooks.EndLeadership(_leadership);
                await Eventually.Ends(ended.Task);
                break;
        }
    }

    private async Task IsLoggedOnceAsync(string thread)
    {
        await Eventually.IsTrueAsync(() => _log.Of(1047).Count > 0, "logged");
        Assert.StartsWith($"thread {thread} met", Assert.Single(_log.Of(1047)), StringComparison.Ordinal);
    }

    private static TaskCompletionSource NewTold() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
