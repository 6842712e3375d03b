using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>What an end says of the connection.</summary>
public sealed class ConnectionSignTests
{
    [Theory]
    [InlineData(SessionStatus.NoMaster, true, ConnectionSign.Useless)]
    [InlineData(SessionStatus.NoMaster, false, ConnectionSign.Useless)]
    [InlineData(SessionStatus.Unauthenticated, false, ConnectionSign.Useless)]
    [InlineData(SessionStatus.TimedOut, true, ConnectionSign.None)]
    [InlineData(SessionStatus.TimedOut, false, ConnectionSign.Works)]
    [InlineData(SessionStatus.NotLeader, false, ConnectionSign.Works)]
    [InlineData(SessionStatus.StoreFailed, true, ConnectionSign.Works)]
    public void A_call_that_failed_says_whether_a_master_was_there(SessionStatus status, bool isOutcomeUnknown, ConnectionSign sign) =>
        Assert.Equal(sign, ConnectionSigns.OfCall(status, isOutcomeUnknown));

    [Theory]
    [InlineData(LineEnd.DoesNotLead, ConnectionSign.Works)]
    [InlineData(LineEnd.Broken, ConnectionSign.Useless)]
    [InlineData(LineEnd.Late, ConnectionSign.Lost)]
    [InlineData(LineEnd.Stuck, ConnectionSign.Lost)]
    public void A_stream_that_fell_silent_says_that_the_connection_for_calls_is_lost_too(LineEnd end, ConnectionSign sign) =>
        Assert.Equal(sign, new LineReport(end, new SessionException(SessionStatus.TimedOut, "")).Sign);
}
