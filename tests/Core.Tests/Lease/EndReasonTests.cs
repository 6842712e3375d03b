using System;
using System.Linq;
using Xunit;

namespace Interop.Sessions.Core.Tests.Lease;

/// <summary>What a master says of an end, and what a holder makes of it.</summary>
public sealed class EndReasonTests
{
    public static TheoryData<SessionEndReason> Reasons => [.. Enum.GetValues<SessionEndReason>().Where(reason => reason != SessionEndReason.None)];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_holder_hears_the_reason_by_the_status(SessionEndReason reason) => Assert.Equal(reason, reason.Status().EndReason());

    [Theory]
    [InlineData(SessionStatus.Ok)]
    [InlineData(SessionStatus.NotLeader)]
    [InlineData(SessionStatus.PermissionDenied)]
    [InlineData(SessionStatus.Unsupported)]
    public void What_says_nothing_of_the_session_is_no_end(SessionStatus status) => Assert.Null(status.EndReason());

    [Fact]
    public void A_former_epoch_is_one_that_nobody_remembers() =>
        Assert.Equal(SessionEndReason.Unknown, SessionStatus.WrongEpoch.EndReason());
}
