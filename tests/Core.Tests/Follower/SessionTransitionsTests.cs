using System;
using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>Every cell of the table of moves.</summary>
public sealed class SessionTransitionsTests
{
    [Theory]
    [InlineData(SessionState.None, SessionCause.Granted, SessionState.Alive)]
    [InlineData(SessionState.Alive, SessionCause.Answered, SessionState.Alive)]
    [InlineData(SessionState.Alive, SessionCause.Silent, SessionState.Suspect)]
    [InlineData(SessionState.Alive, SessionCause.RanOut, SessionState.Jeopardy)]
    [InlineData(SessionState.Alive, SessionCause.Paused, SessionState.Jeopardy)]
    [InlineData(SessionState.Alive, SessionCause.Ended, SessionState.Lost)]
    [InlineData(SessionState.Suspect, SessionCause.Answered, SessionState.Alive)]
    [InlineData(SessionState.Suspect, SessionCause.Silent, SessionState.Suspect)]
    [InlineData(SessionState.Suspect, SessionCause.RanOut, SessionState.Jeopardy)]
    [InlineData(SessionState.Suspect, SessionCause.Paused, SessionState.Jeopardy)]
    [InlineData(SessionState.Suspect, SessionCause.Ended, SessionState.Lost)]
    [InlineData(SessionState.Jeopardy, SessionCause.Answered, SessionState.Alive)]
    [InlineData(SessionState.Jeopardy, SessionCause.Silent, SessionState.Jeopardy)]
    [InlineData(SessionState.Jeopardy, SessionCause.RanOut, SessionState.Jeopardy)]
    [InlineData(SessionState.Jeopardy, SessionCause.Paused, SessionState.Jeopardy)]
    [InlineData(SessionState.Jeopardy, SessionCause.Ended, SessionState.Lost)]
    public void A_cause_leads_where_the_table_says(SessionState from, SessionCause cause, SessionState to) =>
        Assert.Equal(to, SessionTransitions.Next(from, cause));

    [Fact]
    public void Lost_is_final() =>
        Assert.All(
            Enum.GetValues<SessionCause>().Where(cause => cause != SessionCause.Granted),
            cause => Assert.Equal(SessionState.Lost, SessionTransitions.Next(SessionState.Lost, cause)));

    [Fact]
    public void A_session_is_granted_once() =>
        Assert.All(
            Enum.GetValues<SessionState>().Where(state => state != SessionState.None),
            state => Assert.Throws<InvalidOperationException>(
                () => SessionTransitions.Next(state, SessionCause.Granted)));

    [Fact]
    public void Nothing_but_a_grant_happens_to_no_session() =>
        Assert.All(
            Enum.GetValues<SessionCause>().Where(cause => cause != SessionCause.Granted),
            cause => Assert.Throws<InvalidOperationException>(
                () => SessionTransitions.Next(SessionState.None, cause)));
}
