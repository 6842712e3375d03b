using System;
using Xunit;

namespace Interop.Sessions.Core.Tests;

/// <summary>Whatever is thrown reaches a caller as a status.</summary>
public sealed class SessionExceptionTests
{
    [Fact]
    public void What_has_a_status_stays_what_it_is()
    {
        SessionException refusal = new(SessionStatus.NotLeader, "another leads");
        Assert.Same(refusal, SessionException.Of(refusal));
    }

    [Fact]
    public void No_memory_is_no_defect_of_the_library() => Assert.True(
        SessionException.Of(new InsufficientMemoryException()) is { Status: SessionStatus.OutOfResources, IsOutcomeUnknown: true });

    [Fact]
    public void A_defect_is_told_with_its_details()
    {
        SessionException defect = SessionException.Of(new InvalidOperationException("never", new ArgumentException("inside")));
        Assert.True(defect is { Status: SessionStatus.Internal, IsOutcomeUnknown: true });
        Assert.Contains("never", defect.Message, StringComparison.Ordinal);
        Assert.Contains("inside", defect.Message, StringComparison.Ordinal);
    }
}
