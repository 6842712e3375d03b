using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Writing;

/// <summary>What waits for the store.</summary>
public sealed class WaitingOperationsTests
{
    private const int MiB = 1024 * 1024;
    private readonly WaitingOperations<int> _waiting = new();

    [Fact]
    public void A_batch_is_taken_in_order_and_no_larger_than_a_commit_may_be()
    {
        const int Count = Limits.MaxOperationsPerCommit + 10;
        for (int i = 0; i < Count; i++)
        {
            _waiting.Add(i, 0);
        }

        Assert.Equal(Enumerable.Range(0, Limits.MaxOperationsPerCommit), Take());
        Assert.Equal(Enumerable.Range(Limits.MaxOperationsPerCommit, 10), Take());
        Assert.Empty(Take());
    }

    [Fact]
    public void What_is_dropped_is_never_taken_and_cannot_be_dropped_twice()
    {
        WaitingOperations<int>.Place[] places = [.. Enumerable.Range(0, 5).Select(i => _waiting.Add(i, 10))];

        Assert.True(_waiting.Drop(places[0]));
        Assert.True(_waiting.Drop(places[3]));
        Assert.False(_waiting.Drop(places[3]));

        Assert.Equal((3, 30L), (_waiting.Count, _waiting.Bytes));
        Assert.Equal([1, 2, 4], Take());
        Assert.False(_waiting.Drop(places[1]));
    }

    [Fact]
    public void At_the_bound_in_number_it_refuses_and_says_how_many_wait()
    {
        for (int i = 0; i < Limits.MaxWaitingOperations; i++)
        {
            _waiting.Add(i, 0);
        }

        AssertFull("65536 operations", bytes: 0);
        _waiting.Add(0, 0, isBounded: false);
        Take();
        _waiting.Add(0, 0);
    }

    [Fact]
    public void At_the_bound_in_bytes_it_refuses_and_a_change_without_a_value_still_has_room()
    {
        WaitingOperations<int>.Place[] places = [.. Enumerable.Range(0, 64).Select(i => _waiting.Add(i, MiB))];
        AssertFull("67108864 bytes", bytes: 1);
        _waiting.Add(64, 0);

        Assert.True(_waiting.Drop(places[5]));

        _waiting.Add(65, MiB);
        AssertFull("67108864 bytes", bytes: 1);
    }

    [Fact]
    public void What_was_taken_holds_its_bytes_until_it_is_done()
    {
        for (int i = 0; i < 64; i++)
        {
            _waiting.Add(i, MiB);
        }

        Take();
        Assert.Equal((0, 64, 64L * MiB), (_waiting.Count, _waiting.Taken, _waiting.Bytes));
        AssertFull("67108864 bytes", bytes: 1);

        _waiting.Done();
        Assert.Equal((0, 0L), (_waiting.Taken, _waiting.Bytes));
        _waiting.Add(0, MiB);
        _waiting.Done();
        Assert.Equal(MiB, _waiting.Bytes);
    }

    private List<int> Take()
    {
        List<int> batch = [];
        _waiting.Take(batch);
        return batch;
    }

    private void AssertFull(string said, int bytes)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => _waiting.Add(0, bytes));
        Assert.Equal((SessionStatus.Overloaded, Limits.QueueRetryMs), (refusal.Status, refusal.RetryAfterMs));
        Assert.Contains(said, refusal.Message, System.StringComparison.Ordinal);
    }
}
