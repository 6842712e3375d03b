using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Lease;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Lease;

public sealed class LeaseWordTests
{
    [Fact]
    public async Task A_reader_never_sees_a_deadline_with_another_sessions_epoch()
    {
        using LeaseWord word = new();
        using CancellationTokenSource done = new();
        Task writer = Task.Run(() =>
        {
            // The deadline of epoch e is e itself, so a mix shows.
            for (ulong epoch = 1; epoch < 2_000_000; epoch++)
            {
                word.Publish(epoch, (long)epoch, SessionState.Alive);
            }

            done.Cancel();
        });
        while (!done.IsCancellationRequested)
        {
            (ulong before, long deadline, ulong after) = Read(word.Address);
            if (before == after && deadline != 0)
            {
                Assert.Equal((long)before, deadline);
            }
        }

        await writer.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public unsafe void A_word_that_was_given_back_refuses_and_is_never_used_again()
    {
        nint address;
        using (LeaseWord word = new())
        {
            address = word.Address;
            word.Publish(7, long.MaxValue, SessionState.Alive);
            Assert.Equal(7UL, *(ulong*)address);
        }

        Assert.Equal(0UL, ((ulong*)address)[0]);
        Assert.Equal(0UL, ((ulong*)address)[1]);
        for (int i = 0; i < 1000; i++)
        {
            using LeaseWord next = new();
            Assert.NotEqual(address, next.Address);
        }
    }

    [Fact]
    public unsafe void A_word_that_was_given_back_is_not_written_any_more_as_its_memory_may_be_anything_of_the_hosts()
    {
        LeaseWord word = new();
        word.Publish(7, long.MaxValue, SessionState.Alive);
        word.Dispose();
        new Span<byte>((void*)word.Address, 64).Fill(0xAB);

        word.Publish(8, long.MaxValue, SessionState.Alive);
        word.Dispose();

        Assert.False(new Span<byte>((void*)word.Address, 64).ContainsAnyExcept((byte)0xAB));
        new Span<byte>((void*)word.Address, 64).Clear();
    }

    [Fact]
    public void Words_lie_on_cache_lines_of_their_own()
    {
        using LeaseWord one = new();
        using LeaseWord two = new();
        Assert.Equal(0, one.Address % 64);
        Assert.True(Math.Abs(one.Address - two.Address) >= 64);
    }

    // As interop_sessions_lease_valid reads it.
    private static unsafe (ulong Before, long DeadlineNs, ulong After) Read(nint address)
    {
        ulong* memory = (ulong*)address;
        return (Volatile.Read(ref memory[0]), (long)Volatile.Read(ref memory[1]), Volatile.Read(ref memory[0]));
    }
}
