using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Leading;

/// <summary>What follows from a host's answers: a yes that wears off, answers that overtake each other, interruptions.</summary>
public sealed class HostWordTests
{
    private const long AskedNs = 10 * Ns.PerSecond;

    private static readonly LeaderAnswer s_yes = new(true, Epoch: 7);
    private static readonly LeaderAnswer s_no = new(false, "master-2:17900");

    [Fact]
    public void Nobody_leads_before_the_host_has_said_so()
    {
        Assert.False(HostWord.None.Leads(AskedNs));
        HostWord word = HostWord.None.Hears(1, AskedNs, s_no, AskedNs);
        Assert.False(word.Leads(AskedNs));
        Assert.Equal((0, "master-2:17900"), (word.Interruptions, word.Hint));
    }

    [Theory]
    [InlineData(0, Limits.CheckLeaderAnswerMs)]
    [InlineData(500, 500)]
    [InlineData(60_000, Limits.CheckLeaderAnswerMs)]
    public void A_yes_counts_from_the_question_on_and_no_longer_than_a_successor_waits(uint validForMs, uint countsMs)
    {
        HostWord word = HostWord.None.Hears(1, AskedNs, s_yes with { ValidForMs = validForMs }, AskedNs + Ns.FromMs(100));

        Assert.True(word.Leads(AskedNs + Ns.FromMs(countsMs) - 1));
        Assert.False(word.Leads(AskedNs + Ns.FromMs(countsMs)));
        Assert.True(Predecessor.OfHost(0) >= Ns.FromMs(countsMs));
    }

    [Fact]
    public void The_answer_to_a_later_question_is_the_newer_one_whichever_comes_first()
    {
        HostWord no = HostWord.None.Hears(2, AskedNs + 1, s_no, AskedNs + 2);

        Assert.Same(no, no.Hears(1, AskedNs, s_yes, AskedNs + 3));
        Assert.True(no.Hears(3, AskedNs + 2, s_yes, AskedNs + 4).Leads(AskedNs + 4));
    }

    [Fact]
    public void Each_yes_after_none_is_an_interruption_and_one_that_goes_on_is_not()
    {
        HostWord first = HostWord.None.Hears(1, AskedNs, s_yes, AskedNs);
        Assert.Equal(1, first.Interruptions);
        long laterNs = AskedNs + Ns.FromMs(Limits.CheckLeaderAnswerMs);
        Assert.Equal(1, first.Hears(2, laterNs - 1, s_yes, laterNs - 1).Interruptions);
        Assert.Equal(2, first.Hears(2, laterNs, s_yes, laterNs).Interruptions);
        Assert.Equal(2, first.Hears(2, AskedNs + 1, s_no, AskedNs + 1).Hears(3, AskedNs + 2, s_yes, AskedNs + 2).Interruptions);
    }

    [Fact]
    public void A_hint_that_no_answer_has_room_for_is_none()
    {
        string longest = new('a', Limits.MaxEndpointBytes);
        Assert.Equal(longest, HostWord.None.Hears(1, 0, s_no with { Hint = longest }, 0).Hint);
        Assert.Null(HostWord.None.Hears(1, 0, s_no with { Hint = longest + "a" }, 0).Hint);
    }

    [Fact]
    public void Where_hosts_elect_a_master_acts_by_the_yes_of_its_own_leadership_alone()
    {
        HostElection election = new();
        HostWord word = HostWord.None.Hears(1, AskedNs, s_yes, AskedNs);
        Assert.False(election.TryWin(HostWord.None, AskedNs));
        Assert.False(election.MayAct(word, AskedNs));

        Assert.True(election.TryWin(word, AskedNs));
        Assert.Equal(7UL, election.Epoch);
        Assert.True(election.MayAct(word, AskedNs));
        Assert.False(election.MayAct(word, AskedNs + Ns.FromMs(Limits.CheckLeaderAnswerMs)));
        Assert.False(election.MayAct(word.Hears(2, AskedNs, s_yes with { Epoch = 8 }, AskedNs), AskedNs));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(Limits.MaxMasterEpoch + 1)]
    public void A_yes_without_a_number_that_counts_wins_nothing(ulong epoch)
    {
        HostWord word = HostWord.None.Hears(1, AskedNs, s_yes with { Epoch = epoch }, AskedNs);

        SessionException refusal = Assert.Throws<SessionException>(() => new HostElection().TryWin(word, AskedNs));

        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("epoch", refusal.Message, System.StringComparison.Ordinal);
    }
}
