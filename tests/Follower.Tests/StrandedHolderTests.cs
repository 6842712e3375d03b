using System;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>Holders that refuse their data path: none keeps its session for ever, and none waits for ever.</summary>
public sealed class StrandedHolderTests
{
    [Fact]
    public void A_holder_that_is_heard_and_hears_nothing_is_not_kept_alive_and_ends_by_itself()
    {
        using VirtualTime time = new();
        using RunningMaster master = new(new History(), time: time);
        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address, time);
        SessionInfo session = test.CreateAndRenew();

        proxy.DropsAnswers = true;
        test.BecomesState(SessionState.Jeopardy);
        test.Becomes(() => master.Ended(TestFollower.Identity, SessionEndReason.Expired) == 1, () => "expired at the master");
        Assert.Equal(SessionState.Jeopardy, test.State);

        test.HearsOf($"lost {session.Epoch} Expired");
        proxy.DropsAnswers = false;
    }

    [Fact]
    public void A_holder_that_reaches_nobody_ends_by_itself_after_its_master_has_let_it_go()
    {
        using VirtualTime time = new();
        using RunningMaster master = new(new History(), time: time);
        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address, time);
        SessionInfo session = test.CreateAndRenew();

        proxy.Cut();
        test.HearsOf($"lost {session.Epoch} Expired");

        Assert.Equal(1, master.Ended(TestFollower.Identity, SessionEndReason.Expired));
    }

    [Fact]
    public void A_holder_whose_host_is_not_well_hears_of_its_end()
    {
        using VirtualTime time = new();
        using RunningMaster master = new(new History(), time: time);
        using TestFollower test = new(master.Address, time);
        SessionInfo session = test.CreateAndRenew();

        test.Follower.ReportHealth(0);

        test.HearsOf($"lost {session.Epoch} Expired");
        Assert.Equal(1, master.Ended(TestFollower.Identity, SessionEndReason.Expired));
        // The last word of its holder.
        Assert.True(Assert.Single(master.Master.ListEnds().Rows).IsGateClosed);
        Assert.Equal(
            [
                $"created {session.Epoch}", $"Alive {session.Epoch}", $"Suspect {session.Epoch}",
                $"Jeopardy {session.Epoch}", $"lost {session.Epoch} Expired",
            ],
            test.Told);
    }

    [Fact]
    public void A_master_over_an_older_store_ends_the_sessions_of_the_newer_and_both_epochs_are_logged()
    {
        using VirtualTime time = new();
        using RunningMaster older = new(new History(), time: time);
        using RunningMaster master = new(new History(), time: time);
        while (master.Master.MasterEpoch <= older.Master.MasterEpoch)
        {
            master.Stop();
            master.StartAgain();
        }

        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address, time);
        SessionInfo session = test.CreateAndRenew();

        proxy.Target = older.Port;
        proxy.Cut();
        proxy.Restore();

        test.HearsOf($"lost {session.Epoch} Unknown");
        Assert.Contains(test.Told, what => what.StartsWith("Jeopardy", StringComparison.Ordinal));
        (_, _, string line) = Assert.Single(test.Heard.Logged, line => line.Id == 2010);
        Assert.Contains(
            $"from {master.Master.MasterEpoch} to {older.Master.MasterEpoch}", line, StringComparison.Ordinal);
        Assert.True(test.Create().Epoch > 0);
    }
}
