using System;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Server;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>The threads on which calls are answered.</summary>
public sealed class CallThreadsTests
{
    [Fact]
    public async Task What_nobody_expected_is_told_within_bounds_and_takes_no_thread_from_the_calls()
    {
        RecordedLog log = new();
        using CallThreads threads = new(LastCatch.To(log));

        PostStranger(threads);

        await Eventually.IsTrueAsync(() => log.Of(1047).Count > 0, "logged");
        Assert.StartsWith("thread sessions-serve met", Assert.Single(log.Of(1047)), StringComparison.Ordinal);
        await AnswerAsync(threads);

        // More than there are threads, one after the other or at once.
        for (int i = 0; i < 2 * Limits.MaxCallThreads; i++)
        {
            PostStranger(threads);
        }

        await AnswerAsync(threads);
        await Eventually.IsTrueAsync(() => log.Of(1047).Count == Limits.LogLinesAtOnce, "logged, as often as that may be");
    }

    private static Task AnswerAsync(CallThreads threads) => Eventually.Ends(Task.WhenAll(Enumerable.Range(0, 100).Select(
        _ => Task.Factory.StartNew(() => { }, CancellationToken.None, TaskCreationOptions.DenyChildAttach, threads))));

    /// <summary>A task of nobody's: .NET throws at whoever runs it.</summary>
    private static void PostStranger(CallThreads threads) => typeof(CallThreads)
        .GetMethod("QueueTask", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(threads, [new Task(() => { })]);
}
