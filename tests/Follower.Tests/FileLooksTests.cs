using System;
using System.Threading;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>The thread that looks at files of rules and tokens.</summary>
public sealed class FileLooksTests
{
    [Fact]
    public void A_look_that_throws_is_told_of_and_followed_by_the_next()
    {
        using VirtualTime time = new();
        History log = new();
        int looked = 0;
        using FileLooks looks = new(
            () =>
            {
                if (Interlocked.Increment(ref looked) < 3)
                {
                    throw new InvalidOperationException("a file, or a log");
                }
            },
            LastCatch.To(log), time);

        Assert.True(time.PassUntil(() => Volatile.Read(ref looked) >= 4, 20L * Limits.RightsLookMs), $"{looked} looks");
        time.Flow();
        Assert.Equal(2, log.Logged.Length);
        Assert.All(log.Logged, line => Assert.StartsWith("thread sessions-files met", line.Message, StringComparison.Ordinal));
    }
}
