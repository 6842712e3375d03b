using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Leading;

/// <summary>What looks at a store let a leader do: a look that stalls stops nobody, one that is owed everybody.</summary>
public sealed class LookBookTests
{
    private const long BeganNs = 10 * Ns.PerSecond;

    private readonly LookBook _looks = new(BeganNs);

    [Fact]
    public void A_fresh_look_is_not_waited_for_and_an_older_one_is()
    {
        _looks.Looked(BeganNs, null);

        Assert.Null(_looks.AwaitedUntilNs(BeganNs + Ns.FromMs(Limits.LeadershipPollMs) - 1));
        long lateNs = BeganNs + Ns.FromMs(Limits.LeadershipPollMs);
        Assert.Equal(lateNs + Ns.FromMs(Limits.StalledLookMs), _looks.AwaitedUntilNs(lateNs));
        Assert.True(_looks.MayAct);
    }

    [Fact]
    public void A_look_that_stalls_is_waited_for_once()
    {
        _looks.Looked(BeganNs, null);
        long lateNs = BeganNs + Ns.PerSecond;
        _looks.Stalls();

        Assert.Null(_looks.AwaitedUntilNs(lateNs));
        Assert.True(_looks.MayAct);
        _looks.Looked(BeganNs, null);
        Assert.NotNull(_looks.AwaitedUntilNs(lateNs));
    }

    [Fact]
    public void A_store_that_could_not_be_seen_is_not_acted_on_and_not_waited_for()
    {
        _looks.Looked(BeganNs, "no way there");

        Assert.Null(_looks.AwaitedUntilNs(BeganNs + Ns.PerSecond));
        Assert.Equal((false, "no way there"), (_looks.MayAct, _looks.Blindness));
    }

    [Fact]
    public void A_process_that_stood_still_owes_a_look_that_began_after_it()
    {
        _looks.Looked(BeganNs, null);
        _looks.Stalls();
        long wokenNs = BeganNs + Ns.FromMs(Limits.StoodStillMs) + 1;
        _looks.Beats(wokenNs);

        Assert.False(_looks.MayAct);
        Assert.Equal(wokenNs + Ns.FromMs(Limits.OwedLookMs), _looks.AwaitedUntilNs(wokenNs));
        _looks.Looked(wokenNs - 1, null);
        Assert.False(_looks.MayAct);
        _looks.Looked(wokenNs, null);
        Assert.True(_looks.MayAct);
    }

    [Fact]
    public void Beats_that_come_in_time_owe_nothing()
    {
        _looks.Looked(BeganNs, null);
        for (int i = 1; i < 20; i++)
        {
            _looks.Beats(BeganNs + (i * Ns.FromMs(Limits.StoodStillMs)));
        }

        Assert.True(_looks.MayAct);
    }
}
