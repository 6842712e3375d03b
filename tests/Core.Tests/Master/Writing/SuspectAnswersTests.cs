using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Writing;

/// <summary>What waits on one stream until the store has forgotten marks.</summary>
public sealed class SuspectAnswersTests
{
    private readonly SuspectAnswers<string, string> _answers = new();

    [Fact]
    public void Of_each_session_the_latest_renewal_is_answered()
    {
        Assert.True(_answers.Add("change", "first", Renewed(7)));
        Assert.False(_answers.Add("change", "second", Renewed(7)));
        Assert.True(_answers.Add("other change", "first", Renewed(8)));
        Assert.Empty(_answers.TakeReady());

        _answers.Done(7, "change", SessionStatus.Ok);
        _answers.Done(8, "other change", SessionStatus.StoreFailed);

        Assert.Equal([("first", 8UL, SessionStatus.StoreFailed, 0U), ("second", 7UL, SessionStatus.Ok, 1000U)], Ready().Order());
        Assert.Equal(0, _answers.Count);
        Assert.Empty(_answers.TakeReady());
    }

    /// <summary>The mark that a later renewal has met may have been set after an earlier change was decided.</summary>
    [Fact]
    public void A_renewal_is_not_answered_by_a_change_that_came_before_it()
    {
        Assert.True(_answers.Add("decided", "first", Renewed(7)));
        Assert.True(_answers.Add("later", "second", Renewed(7)));

        _answers.Done(7, "decided", SessionStatus.Ok);
        Assert.Empty(_answers.TakeReady());
        _answers.Done(7, "later", SessionStatus.Ok);
        Assert.Equal([("second", 7UL, SessionStatus.Ok, 1000U)], Ready());
    }

    [Fact]
    public void However_often_and_for_however_many_sessions_is_asked_no_more_wait_than_there_is_place_for()
    {
        for (int message = 0; message < 5; message++)
        {
            for (ulong session = 1; session <= Limits.MaxSuspectsPerStream + 10UL; session++)
            {
                _answers.Add($"change of {session}", $"message {message}", Renewed(session));
            }

            Assert.Equal(Limits.MaxSuspectsPerStream, _answers.Count);
            Assert.Equal(10, Ready().Count(answer => answer.Status == SessionStatus.Overloaded && answer.TermMs == 0));
        }
    }

    private static AnsweredRenewal Renewed(ulong sessionId) => new(new SessionKey(sessionId, 1, 1), SessionStatus.Ok, TermMs: 1000);

    private List<(string Batch, ulong SessionId, SessionStatus Status, uint TermMs)> Ready() =>
    [
        .. _answers.TakeReady().SelectMany(
            ready => ready.Value.Select(answer => (ready.Key, answer.Key.SessionId, answer.Status, answer.TermMs))),
    ];
}
