using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Writing;

/// <summary>Renewals of suspects wait together for the store to forget.</summary>
public sealed class SuspectClearsTests
{
    private readonly TestTable _test = new();
    private readonly SuspectClears<string> _clears = new();

    [Fact]
    public void However_often_a_holder_renews_one_change_of_its_session_waits()
    {
        SuspectClear<string> first = _clears.For(Suspect("a"), out bool isNew);
        Assert.True(isNew);
        Assert.Same(first, _clears.For(first.Key, out isNew));
        Assert.False(isNew);
        Assert.NotSame(first, _clears.For(Suspect("b"), out isNew));
        Assert.True(isNew);
    }

    [Fact]
    public void A_renewal_that_comes_when_the_change_is_decided_waits_for_another()
    {
        SuspectClear<string> first = _clears.For(Suspect("a"), out _);
        _clears.Decide(first, _test.Table);
        Assert.Single(_test.Table.Changes);

        SuspectClear<string> second = _clears.For(first.Key, out bool isNew);
        Assert.True(isNew);
        Assert.NotSame(first, second);
    }

    [Fact]
    public void A_change_that_is_decided_again_leaves_the_next_alone()
    {
        SuspectClear<string> first = _clears.For(Suspect("a"), out _);
        _clears.Decide(first, _test.Table);
        _test.Table.Undo();
        SuspectClear<string> second = _clears.For(first.Key, out _);

        _clears.Decide(first, _test.Table);
        _clears.Forget(first);
        Assert.Same(second, _clears.For(first.Key, out bool isNew));
        Assert.False(isNew);
    }

    [Fact]
    public void What_was_given_up_undecided_keeps_no_renewal_waiting()
    {
        SuspectClear<string> first = _clears.For(Suspect("a"), out _);
        _clears.Forget(first);
        _clears.For(first.Key, out bool isNew);
        Assert.True(isNew);
    }

    [Fact]
    public void A_change_of_a_session_that_has_ended_is_refused_and_does_not_wait_any_more()
    {
        SuspectClear<string> clear = _clears.For(Suspect("a"), out _);
        _test.Commit(table => table.Close(clear.Key));
        Assert.Equal(SessionStatus.SessionClosed, Assert.Throws<SessionException>(() => _clears.Decide(clear, _test.Table)).Status);
        _clears.For(clear.Key, out bool isNew);
        Assert.True(isNew);
    }

    [Fact]
    public void The_answer_of_a_suspect_is_its_renewal_or_why_the_mark_was_not_forgotten()
    {
        SessionKey key = Suspect("a");
        AnsweredRenewal renewed = AnsweredRenewal.Of(key, _test.Table.KeepAlive(key, _test.NowNs));
        Assert.Equal(renewed, renewed.Behind(SessionStatus.Ok));
        Assert.Equal(new AnsweredRenewal(key, SessionStatus.StoreFailed), renewed.Behind(SessionStatus.StoreFailed));
    }

    private SessionKey Suspect(string identity)
    {
        SessionKey key = _test.Create(identity).Key;
        _test.Pass(TestTable.TermMs / 2);
        _test.Expire();
        return key;
    }
}
