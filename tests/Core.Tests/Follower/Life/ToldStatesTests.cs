using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Life;

/// <summary>What is told of a state is what the lease was then, also where several moves fall into one turn.</summary>
public sealed class ToldStatesTests
{
    private readonly TestLife _test = new();

    [Fact]
    public void Whoever_watches_the_lease_is_told_of_JEOPARDY_though_the_answer_comes_in_the_same_turn()
    {
        SessionKey key = _test.Hold();
        Assert.True(_test.Life.WatchLease(key.Epoch));
        FallIntoJeopardyAndComeBack(key);

        Assert.Single(_test.All<LifeNews.LeaseWent>());
        Assert.True(_test.Life.WatchLease(key.Epoch));
    }

    [Fact]
    public void A_JEOPARDY_has_no_deadline_though_the_answer_comes_in_the_same_turn()
    {
        FallIntoJeopardyAndComeBack(_test.Hold());

        Assert.Equal(0, _test.RunAll().Single(callback => callback.Info.State == SessionState.Jeopardy).Info.DeadlineNs);
    }

    [Fact]
    public void Registered_callbacks_see_that_it_was_lost_meanwhile()
    {
        _test.Grant(_test.Wish());
        LifeCallback created = _test.Take(LifeCallbackKind.Created);
        _test.HearEnd(SessionStatus.SessionExpired);

        Assert.Equal(SessionState.Lost, _test.Return(created)!.Info.State);
    }

    [Fact]
    public void At_the_end_of_a_create_no_deadline_is_told_that_is_none_any_more()
    {
        _test.Grant(_test.Wish());
        LifeCallback registered = _test.Return(_test.Take(LifeCallbackKind.Created))!;
        _test.Pass(5500);
        Assert.Equal(SessionState.Jeopardy, _test.Life.State);

        Assert.Equal(0, _test.Return(registered)!.Info.DeadlineNs);
    }

    /// <summary>The answer has waited for the turn in which D_f, 4,709 ms after the grant, is seen to be over.</summary>
    private void FallIntoJeopardyAndComeBack(SessionKey key)
    {
        _test.Pass(2900);
        long sentNs = _test.NowNs;
        _test.Pass(1805);
        _test.Seen.Clear();
        _test.NowNs += 10 * TestLife.Ms;
        Assert.True(_test.NowNs > _test.Life.WordDeadlineNs);
        _test.Do(life => life.Answered(new RenewalAnswer(key, 5, SessionStatus.Ok, TestLife.TermMs), sentNs));
        _test.Turn();
        Assert.Equal(SessionState.Alive, _test.Life.State);
    }
}
