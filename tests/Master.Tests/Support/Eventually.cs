using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Xunit;

namespace Interop.Sessions.Master.Tests.Support;

/// <summary>Waiting for an event, with a bound: far more than it needs, so that a busy machine fails no test.</summary>
internal static class Eventually
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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

    /// <summary>The result of a task that must end.</summary>
    internal static Task<T> Ends<T>(Task<T> task) => task.WaitAsync(Patience);

    /// <summary>A task that must end.</summary>
    internal static Task Ends(Task task) => task.WaitAsync(Patience);
}
