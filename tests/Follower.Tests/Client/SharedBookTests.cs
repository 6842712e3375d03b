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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waits_leave_nothing_behind_for_the_life_of_a_stream(bool isForever)
    {
        // A keep-alive stream of a month waits as often; what each left behind would hang on the stream's own end.
        const int Waits = 100_000;
        const long MostBytes = 1_000_000;
        using CancellationTokenSource life = new();
        await WaitAsync(Waits / 100);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        await WaitAsync(Waits);

        long left = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(left < MostBytes, $"{left} bytes are left of {Waits} waits");
        life.Cancel();

        async Task WaitAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                Task waiting = _book.WaitForNewsAsync(isForever ? long.MaxValue : BootClock.NowNs + (600_000 * Ms), life.Token);
                Assert.False(waiting.IsCompleted);
                _book.Ring();
                await waiting;
            }
        }
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
