using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>What threads of ours wait for.</summary>
public sealed class InboxTests
{
    [Fact]
    public void What_waits_is_taken_in_order_and_then_it_is_over()
    {
        Inbox<string> inbox = new();
        Assert.Equal([Queued.Waits, Queued.Waits], new[] { inbox.Add("a"), inbox.Add("b") });
        Assert.Equal(["a", "b"], inbox.ToArray());
        inbox.End();
        inbox.End();
        Assert.Equal(Queued.Over, inbox.Add("c"));
        Assert.Equal(["a", "b", null], new[] { inbox.Take(), inbox.Take(), inbox.Take() });
    }

    [Fact]
    public void No_more_wait_than_may_and_whoever_is_taken_makes_room()
    {
        Inbox<string> inbox = new(most: 2);
        Assert.Equal([Queued.Waits, Queued.Waits, Queued.Full], "abc".Select(one => inbox.Add($"{one}")));
        Assert.Equal(2, inbox.Count);
        Assert.Equal("a", inbox.Take());
        Assert.Equal(Queued.Waits, inbox.Add("d"));
        Assert.Equal(["b", "d"], inbox.ToArray());
    }

    [Fact]
    public void Each_is_taken_once_by_those_who_sleep_and_all_wake_up_at_the_end()
    {
        const int Takers = 4;
        const int PerSender = 5_000;
        Inbox<object> inbox = new();
        ConcurrentBag<object> taken = [];
        Thread[] takers = [.. Enumerable.Range(0, Takers).Select(_ => new Thread(() =>
        {
            while (inbox.Take() is { } one)
            {
                taken.Add(one);
            }
        }))];
        Thread[] senders = [.. Enumerable.Range(0, Takers).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < PerSender; i++)
            {
                inbox.Add(new object());
            }
        }))];
        foreach (Thread thread in takers.Concat(senders))
        {
            thread.Start();
        }

        Assert.All(senders, sender => Assert.True(sender.Join(Eventually.Patience)));
        inbox.End();
        Assert.All(takers, taker => Assert.True(taker.Join(Eventually.Patience)));
        Assert.Equal(Takers * PerSender, taken.Distinct().Count());
    }
}
