using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Leading;

/// <summary>When a master asks for the leadership, begins leases anew, and lets go.</summary>
public sealed class LeadershipStepsTests
{
    private const long Ms = 1_000_000;

    private static readonly LeadershipSight s_well = new()
    {
        IsElected = true,
        HostLeads = true,
        IsHeld = true,
        IsStoreSeen = true,
        IsOver = false,
        Interruptions = 0,
    };

    private readonly LeadershipSteps _steps = new();

    [Fact]
    public void Who_does_not_lead_asks_for_it()
    {
        Assert.Equal(LeadershipStep.Campaign, _steps.Next(s_well, 0));
        _steps.Began(0);
        Assert.Equal(LeadershipStep.None, _steps.Next(s_well, 0));
    }

    [Fact]
    public void An_elected_master_whose_host_says_no_lets_another_lead()
    {
        Assert.Equal(LeadershipStep.None, _steps.Next(s_well with { HostLeads = false }, 0));
        _steps.Began(0);
        Assert.Equal(LeadershipStep.EndForHost, _steps.Next(s_well with { HostLeads = false }, 0));
    }

    [Fact]
    public void The_only_master_of_a_store_keeps_it_while_its_host_says_no_but_does_not_act()
    {
        LeadershipSight sight = s_well with { IsElected = false, HostLeads = false };
        Assert.Equal(LeadershipStep.Campaign, _steps.Next(sight, 0));
        _steps.Began(0);
        Assert.Equal(LeadershipStep.None, _steps.Next(sight, 0));
        Assert.False(sight.MayAct);
    }

    [Fact]
    public void What_is_lost_is_let_go_whatever_the_host_says()
    {
        _steps.Began(0);
        Assert.Equal(LeadershipStep.EndLost, _steps.Next(s_well with { IsOver = true, HostLeads = false }, 0));
    }

    [Fact]
    public void After_an_interruption_leases_begin_anew_before_anybody_is_expired()
    {
        _steps.Began(1);
        LeadershipSight back = s_well with { Interruptions = 2 };
        Assert.False(LeadershipSteps.MayExpire(back.MayAct, back.Interruptions, _steps.InterruptionsSeen));
        Assert.Equal(LeadershipStep.None, _steps.Next(back with { IsHeld = false }, 0));

        Assert.Equal(LeadershipStep.BeginLeasesAnew, _steps.Next(back, 0));
        _steps.LeasesBegan(2);

        Assert.True(LeadershipSteps.MayExpire(back.MayAct, back.Interruptions, _steps.InterruptionsSeen));
        Assert.Equal(LeadershipStep.None, _steps.Next(back, 0));
    }

    [Fact]
    public void One_more_interruption_while_leases_begin_is_another()
    {
        _steps.Began(1);
        Assert.Equal(LeadershipStep.BeginLeasesAnew, _steps.Next(s_well with { Interruptions = 2 }, 0));
        _steps.LeasesBegan(2);
        Assert.Equal(LeadershipStep.BeginLeasesAnew, _steps.Next(s_well with { Interruptions = 3 }, 0));
    }

    [Fact]
    public void Who_resigned_asks_again_after_a_while()
    {
        _steps.Began(0);
        _steps.Ended();
        _steps.Resigned(10 * Ms);
        Assert.Equal(LeadershipStep.None, _steps.Next(s_well, ((10 + Limits.ResignPauseMs) * Ms) - 1));
        Assert.Equal(LeadershipStep.Campaign, _steps.Next(s_well, (10 + Limits.ResignPauseMs) * Ms));
    }

    [Fact]
    public void Each_turn_between_acting_and_not_is_told_once()
    {
        Assert.False(_steps.Turns(mayAct: false));
        _steps.Began(0);
        Assert.False(_steps.Turns(mayAct: true));
        Assert.True(_steps.Turns(mayAct: false));
        Assert.False(_steps.Turns(mayAct: false));
        Assert.True(_steps.Turns(mayAct: true));
    }

    [Theory]
    [InlineData(false, true, true, false)]
    [InlineData(true, false, true, false)]
    [InlineData(true, true, false, false)]
    [InlineData(true, true, true, true)]
    public void Only_who_is_sure_of_everything_acts(bool hostLeads, bool isHeld, bool isStoreSeen, bool mayAct)
    {
        LeadershipSight sight = s_well with { HostLeads = hostLeads, IsHeld = isHeld, IsStoreSeen = isStoreSeen };
        Assert.Equal(mayAct, sight.MayAct);
        Assert.False((sight with { IsOver = true }).MayAct);
    }
}
