using System;
using System.Diagnostics;
using System.Threading;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>Waiting for an event, with a bound: far more than it needs, so that a busy machine fails no test.</summary>
internal static class Eventually
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static void IsTrue(Func<bool> condition, string what)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, $"after {watch.Elapsed}: not yet {what}");
            Thread.Sleep(5);
        }
    }
}
