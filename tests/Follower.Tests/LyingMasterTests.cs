using System;
using System.Globalization;
using Grpc.Core;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>What a follower takes from something that answers as a master and is none, or a defective one.</summary>
public sealed class LyingMasterTests : IDisposable
{
    private readonly LyingMaster _liar = new();
    private readonly RunningMaster _master = new(new History());

    [Fact]
    public void An_answer_to_another_connection_is_none_and_the_next_master_is_asked()
    {
        _liar.OnCreate = reply => reply.Nonce++;
        using TestFollower test = new(_liar.Address, _master.Address);

        SessionInfo session = test.Create();

        Assert.Equal(session.Epoch, Assert.Single(_master.Sessions).Epoch);
    }

    [Theory]
    [InlineData(1UL, 1UL, Limits.MaxMasterEpoch + 1)]
    [InlineData(1UL, ulong.MaxValue, 1UL)]
    [InlineData(1UL, 0UL, 1UL)]
    [InlineData(0UL, 1UL, 1UL)]
    public void A_grant_with_numbers_that_no_master_gives_out_is_none_and_the_next_master_is_asked(
        ulong sessionId, ulong epoch, ulong masterEpoch)
    {
        _liar.OnCreate = reply => (reply.SessionId, reply.Epoch, reply.MasterEpoch) = (sessionId, epoch, masterEpoch);
        using TestFollower test = new(_liar.Address, _master.Address);

        SessionInfo session = test.Create();

        Assert.NotEmpty(_liar.Creates);
        Assert.Equal(session.Epoch, Assert.Single(_master.Sessions).Epoch);
    }

    [Fact]
    public void One_answer_of_an_impossible_master_epoch_ends_no_session()
    {
        int answers = 0;
        _liar.OnKeepAlive = reply => reply.MasterEpoch = answers++ == 1 ? ulong.MaxValue : 1;
        using TestFollower test = new(_liar.Address);

        SessionInfo session = test.Create();
        Eventually.IsTrue(() => _liar.KeepAlives.Count >= 20, "renewed for longer than a lease lasts");

        Assert.Equal((SessionState.Alive, 1UL), (test.State, test.Follower.Session.MasterEpoch));
        Assert.DoesNotContain(test.Told, what => what.StartsWith("lost", StringComparison.Ordinal));
        Assert.DoesNotContain($"Jeopardy {session.Epoch}", test.Told);
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(Limits.MaxTermMs + 1)]
    public void A_grant_without_a_usable_term_is_refused_and_given_back(uint termMs)
    {
        _liar.OnCreate = reply => reply.TermMs = termMs;
        using TestFollower test = new(_liar.Address);

        SessionException refusal = test.CreateFails(SessionStatus.InvalidArgument);

        Assert.Contains($"a term of {termMs} ms", refusal.Message, StringComparison.Ordinal);
        Assert.Single(_liar.Creates);
        Assert.Single(_liar.Closes);
    }

    [Fact]
    public void A_status_that_nobody_knows_does_not_end_a_create()
    {
        int asked = 0;
        _liar.OnCreate = _ => throw new RpcException(
            new Grpc.Core.Status(StatusCode.Internal, "no"),
            new Metadata { { "session-status", (99_999 + asked++).ToString(CultureInfo.InvariantCulture) } });
        using TestFollower test = new(_liar.Address, _master.Address);

        Assert.Equal(SessionState.Alive, test.Create().State);
        Assert.True(asked > 0);
    }

    [Fact]
    public void A_master_that_answers_without_saying_anything_is_left_for_the_next()
    {
        _liar.OnKeepAlive = reply => reply.Renewals.Clear();
        using TestFollower test = new(_liar.Address, _master.Address);
        SessionInfo session = test.Create();

        // The other has never heard of it, and says so before the lease is over.
        test.HearsOf($"lost {session.Epoch} Unknown");

        Assert.DoesNotContain(test.Told, what => what.StartsWith("Jeopardy", StringComparison.Ordinal));
    }

    [Fact]
    public void A_first_renewal_in_the_far_future_and_one_every_millisecond_are_sent_in_time()
    {
        _liar.OnCreate = reply =>
        {
            reply.RenewalPhaseMs = uint.MaxValue;
            reply.RenewalIntervalMs = 1;
        };
        _liar.OnKeepAlive = reply => reply.Renewals[0].RenewalIntervalMs = 1;
        using TestFollower test = new(_liar.Address);

        long startNs = BootClock.NowNs;
        test.Create();
        Eventually.IsTrue(() => _liar.KeepAlives.Count >= 20, "renewed");

        Assert.True(BootClock.NowNs - startNs >= 19 * Limits.MinRenewalIntervalMs * 1_000_000L);
        Assert.DoesNotContain(test.Told, what => what.StartsWith("Suspect", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _liar.Dispose();
        _master.Dispose();
    }
}
