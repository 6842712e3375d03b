using System;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol.V1;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A master that answers renewals, and whose store is behind or hangs, or who has too much to do.</summary>
public sealed class SlowStoreTests : IDisposable
{
    /// <summary>A busy machine answers within a sixth of it.</summary>
    private const uint TermMs = 9000;

    private readonly LyingMaster _leader = new();
    private readonly LyingMaster _standby = new();

    public SlowStoreTests()
    {
        _leader.OnCreate = reply => (reply.TermMs, reply.RenewalIntervalMs) = (TermMs, TermMs / Limits.RenewalsPerTerm);
        _leader.OnKeepAlive = reply =>
        {
            foreach (Renewal renewal in reply.Renewals)
            {
                renewal.TermMs = TermMs;
            }
        };
        _standby.StandBy(_leader.Address);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_leader_that_is_known_by_a_hint_only_keeps_its_renewals(bool hangs)
    {
        using TestFollower test = new(_standby.Address);
        SessionInfo session = test.CreateAndRenew();
        _leader.OnSetItem = (_, context) => hangs
            ? Task.Delay(-1, context.CancellationToken)
            : throw LyingMaster.Refusal(SessionStatus.TimedOut);

        // More than there are connections whose end is put off.
        for (int i = 0; i < 2 * Limits.MaxDisconnectedChannels; i++)
        {
            SessionException failure = Assert.Throws<SessionException>(
                () => test.Follower.SetItem(session.Epoch, "k", new byte[1], timeoutMs: 100));
            Assert.Equal(SessionStatus.TimedOut, failure.Status);
        }

        test.BecomesRenewed();
        Assert.Equal(1, _leader.Streams);
        Assert.Equal(0, _standby.Sets);
        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
    }

    [Theory]
    [InlineData(SessionStatus.TimedOut)]
    [InlineData(SessionStatus.Overloaded)]
    public void A_leader_that_waits_for_something_is_asked_again_and_no_other(SessionStatus answer)
    {
        using TestFollower test = new(_leader.Address, _standby.Address);
        SessionInfo session = test.Create();
        _leader.OnSetItem = (count, _) => count > 2 ? Task.CompletedTask : throw LyingMaster.Refusal(answer, retryAfterMs: 60);

        Assert.Equal(7UL, test.Follower.SetItem(session.Epoch, "k", new byte[1], timeoutMs: 20_000));

        Assert.Equal(3, _leader.Sets);
        Assert.Equal(0, _standby.Sets);
    }

    public void Dispose()
    {
        _leader.Dispose();
        _standby.Dispose();
    }
}
