using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>The bell of the book.</summary>
public sealed class SharedBookTests
{
    private const long Ms = 1_000_000;

    private readonly SharedBook _book = new(BootTime.OfMachine);

    [Fact]
    public async Task A_wait_for_news_ends_at_its_time_and_earlier_when_the_bell_rings()
    {
        await _book.WaitForNewsAsync(BootClock.NowNs + (20 * Ms), CancellationToken.None);

        Task waiting = _book.WaitForNewsAsync(long.MaxValue, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _book.Ring();
        await waiting.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task A_renewal_that_is_asked_for_rings()
    {
        _book.Ask(new PendingRenewal(new SessionKey(1, 1, 11), 100, BootClock.NowNs, 0));

        await _book.WaitForNewsAsync(long.MaxValue, CancellationToken.None).WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_says_so()
    {
        using CancellationTokenSource closing = new();
        Task waiting = _book.WaitForNewsAsync(BootClock.NowNs + (600_000 * Ms), closing.Token);

        closing.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
