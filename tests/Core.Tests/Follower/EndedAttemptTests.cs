using Interop.Sessions.Follower;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>What an attempt says of its master that has ended without an answer.</summary>
public sealed class EndedAttemptTests
{
    private const long Ms = 1_000_000;
    private const long StartNs = 1_000_000 * Ms;

    private static readonly SessionException s_overdue = new(SessionStatus.TimedOut, "") { IsOutcomeUnknown = true };
    private static readonly SessionException s_notLeader = new(SessionStatus.NotLeader, "another leads");

    [Fact]
    public void A_connection_that_was_given_up_under_a_call_is_no_word_of_the_caller()
    {
        SessionException said = Explain(new SessionException(SessionStatus.Cancelled, ""));
        Assert.Equal((SessionStatus.NoMaster, "the connection to m1 broke", true), (said.Status, said.Message, said.IsOutcomeUnknown));
    }

    [Fact]
    public void A_master_that_does_not_know_the_call_is_named()
    {
        SessionException said = Explain(new SessionException(SessionStatus.Unsupported, "no such call"));
        Assert.Equal((SessionStatus.Unsupported, "m1: no such call", false), (said.Status, said.Message, said.IsOutcomeUnknown));
    }

    [Fact]
    public void The_words_of_a_master_are_told_as_they_are()
    {
        Assert.Same(s_notLeader, Explain(s_notLeader));
        SessionException behind = new(SessionStatus.TimedOut, "the store is behind");
        Assert.Same(behind, Explain(behind));
    }

    [Fact]
    public void Silence_leaves_open_what_was_done_and_a_dial_that_was_never_answered_does_not()
    {
        SessionException silent = Explain(s_overdue);
        Assert.Equal((SessionStatus.TimedOut, "m1 gave no answer in time", true), (silent.Status, silent.Message, silent.IsOutcomeUnknown));

        SessionException dialled = Explain(s_overdue, Attempt(1000) with { Unanswered = "m1 does not answer the dial", WasReached = false });
        Assert.Equal((SessionStatus.NoMaster, "m1 does not answer the dial", false), (dialled.Status, dialled.Message, dialled.IsOutcomeUnknown));

        Assert.True(Explain(s_overdue, Attempt(1000) with { Unanswered = "m1 does not answer the dial" }).IsOutcomeUnknown);
    }

    [Theory]
    [InlineData(Limits.TellingAttemptMs - 1, true)]
    [InlineData(Limits.TellingAttemptMs, false)]
    public void Silence_that_the_time_out_cut_short_says_less_than_what_was_heard_before(long tookMs, bool isCutShort)
    {
        CallAsk call = new(CallKind.Repeatable, timeoutMs: 10_000, StartNs);
        call.Failed(s_notLeader, "m1", NextMaster.Untried, StartNs + Ms, 0.5);
        EndedAttempt attempt = new("m1", call.DeadlineNs - (tookMs * Ms), call.DeadlineNs);
        Assert.Equal(isCutShort, call.IsCutShort(call.Explain(s_overdue, attempt)));

        SessionAsk create = new(
            new SessionWish(new ServerDescription(), TestConnections.Of(1), timeoutMs: 10_000), new HolderBounds(0, 0), StartNs);
        create.Failed(s_notLeader, "m1", NextMaster.Untried, StartNs + Ms, 0.5);
        Assert.Equal(isCutShort, create.IsCutShort(create.Explain(s_overdue, attempt)));
    }

    private static EndedAttempt Attempt(long tookMs) => new("m1", StartNs, StartNs + (tookMs * Ms));

    private static SessionException Explain(SessionException came, EndedAttempt? attempt = null) =>
        new CallAsk(CallKind.Repeatable, timeoutMs: 10_000, StartNs).Explain(came, attempt ?? Attempt(1000));
}
