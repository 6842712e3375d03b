using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>Who waits for a lease, and who watches one.</summary>
public sealed class WaitingTests
{
    private readonly TestLife _test = new();

    [Fact]
    public void Who_waits_is_told_once_when_the_callbacks_of_the_create_have_run()
    {
        Assert.Null(_test.Life.AwaitLease());
        SessionKey key = _test.Grant(_test.Wish());
        LifeCallback registered = _test.Return(_test.Take(LifeCallbackKind.Created))!;
        Assert.Empty(_test.All<LifeNews.LeaseCame>());
        _test.Return(registered);
        Assert.Equal(key.Epoch, _test.All<LifeNews.LeaseCame>().Single().Info.Epoch);
        Assert.Equal(key.Epoch, _test.Life.AwaitLease()!.Epoch);
        _test.RunAll();
        _test.Pass(100);
        Assert.Single(_test.All<LifeNews.LeaseCame>());
    }

    [Fact]
    public void Who_watches_is_told_in_jeopardy_and_watches_anew_what_comes_back()
    {
        Assert.False(_test.Life.WatchLease(0));
        SessionKey key = _test.Hold();
        Assert.False(_test.Life.WatchLease(key.Epoch + 1));
        Assert.True(_test.Life.WatchLease(key.Epoch));
        _test.Pass(5500);
        Assert.Single(_test.All<LifeNews.LeaseWent>());
        Assert.False(_test.Life.WatchLease(key.Epoch));
        Assert.Null(_test.Life.AwaitLease());
        _test.Life.Answered(new RenewalAnswer(key, 5, SessionStatus.Ok, TestLife.TermMs), _test.NowNs);
        _test.Turn(1);
        Assert.Single(_test.All<LifeNews.LeaseCame>());
        Assert.True(_test.Life.WatchLease(key.Epoch));
    }

    [Fact]
    public void A_close_tells_both()
    {
        SessionKey key = _test.Hold();
        Assert.True(_test.Life.WatchLease(key.Epoch));
        _test.Do(life => life.BeginClose());
        Assert.Single(_test.All<LifeNews.LeaseWent>());

        TestLife another = new();
        Assert.Null(another.Life.AwaitLease());
        another.Do(life => life.BeginClose());
        Assert.Single(another.All<LifeNews.NoLeaseComes>());
    }
}
