using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Interop.Sessions.Tests.Support;

/// <summary>Waiting for an event, with a bound: far more than it needs, so that a busy machine fails no test.</summary>
internal static class Eventually
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The calling thread polls: no wait of a test depends on a free thread of the pool.</summary>
    internal static void IsTrue(Func<bool> condition, string what) => IsTrue(condition, () => what);

    internal static void IsTrue(Func<bool> condition, Func<string> what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > Patience)
            {
                Assert.Fail($"after {watch.Elapsed}: not yet {what()}");
            }

            Thread.Sleep(2);
        }
    }

    internal static Task IsTrueAsync(Func<bool> condition, string what) =>
        IsTrueAsync(() => Task.FromResult(condition()), what);

    internal static async Task IsTrueAsync(Func<Task<bool>> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Patience, $"after {watch.Elapsed}: not yet {what}");
            await Task.Delay(5);
        }
    }

    internal static void IsSet(ManualResetEventSlim happened, string what) =>
        Assert.True(happened.Wait(Patience), $"after {Patience}: not yet {what}");

    /// <summary>The result of a task that must end.</summary>
    internal static Task<T> Ends<T>(Task<T> task) => task.WaitAsync(Patience);

    /// <summary>A task that must end.</summary>
    internal static Task Ends(Task task) => task.WaitAsync(Patience);

    /// <summary>As <see cref="Ends{T}"/>; the calling thread waits.</summary>
    internal static T ResultOf<T>(Task<T> task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    /// <summary>As <see cref="Ends(Task)"/>; the calling thread waits.</summary>
    internal static void HasEnded(Task task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    /// <summary>Runs what may block on a thread of its own, as a host would.</summary>
    internal static Task<T> OnOwnThread<T>(Func<T> call) => Task.Factory.StartNew(
        call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    internal static Task OnOwnThread(Action call) => OnOwnThread(() =>
    {
        call();
        return true;
    });
}
