using System;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Hooks;

/// <summary>What a hook has refused.</summary>
public sealed class HookWayTests
{
    [Fact]
    public void The_hosts_own_refusal_is_told_as_it_is()
    {
        SessionException refusal = new(SessionStatus.Overloaded, "later") { RetryAfterMs = 7 };
        Assert.Same(refusal, HookWays.RefusalOf("SessionCreated", refusal));
    }

    [Fact]
    public void Whatever_else_a_hook_throws_refuses_and_names_the_hook()
    {
        InvalidOperationException thrown = new("no disk");
        SessionException refusal = HookWays.RefusalOf("SessionCreated", thrown);
        Assert.Equal(
            (SessionStatus.Refused, "the master's SessionCreated failed: no disk", false),
            (refusal.Status, refusal.Message, refusal.IsOutcomeUnknown));
        Assert.Equal(SessionStatus.ReportRefused, HookWays.RefusalOf("DataReport", thrown, SessionStatus.ReportRefused).Status);
    }
}
