using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>Which answers count, and what those that do not are good for.</summary>
public sealed class LeaseAnswersTests
{
    private readonly TestLease _test = new();

    private SessionLease Lease => _test.Lease;

    public static TheoryData<RenewalAnswer> Strangers =>
    [
        TestLease.Ok with { Key = TestLease.Key with { SessionId = 1 } },
        TestLease.Ok with { Key = TestLease.Key with { Epoch = TestLease.Key.Epoch - 1 } },
        TestLease.Ok with { Key = TestLease.Key with { Epoch = TestLease.Key.Epoch + 1 } },
        TestLease.Ok with { Key = TestLease.Key with { Nonce = 1 } },
        TestLease.Ok with { MasterEpoch = TestLease.MasterEpoch - 1 },
        TestLease.Ok with { MasterEpoch = Limits.MaxMasterEpoch + 1 },
        TestLease.Ok with { MasterEpoch = ulong.MaxValue },
    ];

    [Theory]
    [MemberData(nameof(Strangers))]
    public void An_answer_for_another_session_epoch_or_connection_or_of_an_older_or_impossible_master_changes_nothing(
        RenewalAnswer stranger)
    {
        long deadlineNs = Lease.DeadlineNs;
        _test.Pass(1000);

        _test.Accept(stranger);
        _test.Accept(stranger with { Status = SessionStatus.SessionExpired });
        _test.Accept(stranger with { Status = SessionStatus.UnknownSession });

        Assert.Equal(SessionState.Alive, Lease.State);
        Assert.Equal(deadlineNs, Lease.DeadlineNs);
        Assert.Equal(SessionEndReason.None, Lease.EndReason);
        _test.AssertMoved();
    }

    [Fact]
    public void An_impossible_master_makes_no_honest_one_a_deposed_one()
    {
        _test.Pass(1000);
        _test.Accept(TestLease.Ok with { MasterEpoch = ulong.MaxValue });
        _test.Accept(TestLease.Ok with { MasterEpoch = ulong.MaxValue, TermMs = 0 });

        for (int i = 0; i < 40; i++)
        {
            _test.Pass(1000);
            _test.Renew();
        }

        Assert.Equal((SessionState.Alive, TestLease.MasterEpoch), (Lease.State, Lease.MasterEpoch));
        _test.AssertMoved();
    }

    [Fact]
    public void The_highest_master_that_a_store_keeps_is_believed()
    {
        _test.Pass(1000);

        _test.Accept(TestLease.Ok with { MasterEpoch = Limits.MaxMasterEpoch });

        Assert.Equal(Limits.MaxMasterEpoch, Lease.MasterEpoch);
    }

    [Fact]
    public void A_newer_master_deposes_the_answers_of_the_older()
    {
        _test.Pass(1000);
        _test.Accept(TestLease.Ok with { MasterEpoch = TestLease.MasterEpoch + 1 });
        Assert.Equal(TestLease.MasterEpoch + 1, Lease.MasterEpoch);
        long deadlineNs = Lease.DeadlineNs;
        _test.Pass(1000);

        _test.Renew();
        _test.Accept(TestLease.Ok with { Status = SessionStatus.UnknownSession });

        Assert.Equal(deadlineNs, Lease.DeadlineNs);
        Assert.Equal(SessionState.Alive, Lease.State);
    }

    [Theory]
    [InlineData(SessionStatus.SessionExpired, SessionEndReason.Expired)]
    [InlineData(SessionStatus.SessionRevoked, SessionEndReason.Revoked)]
    [InlineData(SessionStatus.SessionClosed, SessionEndReason.Closed)]
    [InlineData(SessionStatus.UnknownSession, SessionEndReason.Unknown)]
    [InlineData(SessionStatus.WrongEpoch, SessionEndReason.Unknown)]
    [InlineData(SessionStatus.WrongNonce, SessionEndReason.Superseded)]
    public void A_masters_final_word_ends_the_session_once_and_says_why(SessionStatus status, SessionEndReason reason)
    {
        _test.Accept(TestLease.Ok with { Status = status });
        _test.Renew();
        _test.Accept(TestLease.Ok with { Status = SessionStatus.SessionClosed });

        _test.AssertRefuses(SessionState.Lost);
        Assert.Equal(reason, Lease.EndReason);
        _test.AssertMoved(SessionState.Lost);
    }

    [Theory]
    [InlineData(SessionStatus.NotLeader)]
    [InlineData(SessionStatus.Internal)]
    [InlineData(SessionStatus.StoreFailed)]
    [InlineData(SessionStatus.TimedOut)]
    [InlineData(SessionStatus.Unsupported)]
    [InlineData((SessionStatus)99)] // of a newer master
    public void A_master_that_cannot_say_changes_nothing_and_time_runs_on(SessionStatus status)
    {
        long deadlineNs = Lease.DeadlineNs;
        _test.Pass(2999);
        _test.Accept(TestLease.Ok with { Status = status, MasterEpoch = TestLease.MasterEpoch + 9 });

        Assert.Equal(deadlineNs, Lease.DeadlineNs);
        Assert.Equal(TestLease.MasterEpoch, Lease.MasterEpoch);
        _test.Pass(1);
        _test.AssertMoved(SessionState.Suspect);
    }
}
