using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>What a process has given up, for each identity.</summary>
public sealed class AbandonedCreatesTests
{
    private readonly AbandonedCreates _abandoned = new();

    [Fact]
    public void Each_identity_has_its_own_the_latest_last()
    {
        _abandoned.Add("cs1", 1, 0);
        _abandoned.Add("cs2", 2, 0);
        _abandoned.Add("cs1", 3, 0);
        _abandoned.Add("cs1", 1, 0);

        Assert.Equal([3, 1], _abandoned.Of("cs1", 0));
        Assert.Equal([2], _abandoned.Of("cs2", 0));
        Assert.Empty(_abandoned.Of("cs3", 0));
    }

    [Fact]
    public void What_may_still_be_served_is_not_named()
    {
        _abandoned.Add("cs1", 1, fromNs: 100);

        Assert.Empty(_abandoned.Of("cs1", 99));
        Assert.Equal([1], _abandoned.Of("cs1", 100));
    }

    [Fact]
    public void So_many_are_kept_and_the_latest_of_them()
    {
        foreach (int nonce in Enumerable.Range(1, 40))
        {
            _abandoned.Add("cs1", (ulong)nonce, 0);
        }

        Assert.Equal(Enumerable.Range(25, Limits.MaxAbandonedNonces).Select(nonce => (ulong)nonce), _abandoned.Of("cs1", 0));
    }

    [Fact]
    public void The_identities_that_came_first_are_forgotten_first()
    {
        for (int i = 0; i <= Limits.MaxFollowers; i++)
        {
            _abandoned.Add($"cs{i}", 1, 0);
        }

        Assert.Empty(_abandoned.Of("cs0", 0));
        Assert.Single(_abandoned.Of("cs1", 0));
        Assert.Single(_abandoned.Of($"cs{Limits.MaxFollowers}", 0));
    }
}
