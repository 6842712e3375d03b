using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master.Wire;

/// <summary>How many calls may be in progress.</summary>
public sealed class CallAdmissionTests
{
    private readonly CallAdmission _admission = new();

    [Theory]
    [InlineData(CallClass.KeepAlive, Limits.MaxKeepAliveStreamsPerConnection)]
    [InlineData(CallClass.Create, Limits.MaxCreatesPerConnection)]
    [InlineData(CallClass.List, Limits.MaxListsPerConnection)]
    [InlineData(CallClass.Other, Limits.MaxStreamsPerConnection)]
    public void A_connection_has_its_share_of_each_class_and_no_more(CallClass call, int most)
    {
        CallCounts connection = new();
        Begin(call, connection, most);

        SessionException refusal = Assert.IsType<SessionException>(_admission.Begin(call, connection));
        Assert.Equal(SessionStatus.Overloaded, refusal.Status);
        Assert.Contains($"{most}", refusal.Message, System.StringComparison.Ordinal);
        Assert.Equal(Limits.WireRetryMs, refusal.RetryAfterMs);

        Assert.Null(_admission.Begin(call, new CallCounts()));
        _admission.End(call, connection);
        Assert.Null(_admission.Begin(call, connection));
    }

    [Theory]
    [InlineData(CallClass.Create, Limits.MaxCreatesInProgress, Limits.MaxCreatesPerConnection)]
    [InlineData(CallClass.List, Limits.MaxListsInProgress, Limits.MaxListsPerConnection)]
    [InlineData(CallClass.Other, Limits.MaxCallsInProgress, Limits.MaxStreamsPerConnection)]
    public void All_connections_together_have_a_bound_and_keep_alive_is_not_under_it(CallClass call, int most, int ofConnection)
    {
        List<CallCounts> connections = [.. Enumerable.Range(0, (most / ofConnection) + 1).Select(_ => new CallCounts())];
        for (int i = 0; i < most; i++)
        {
            Begin(call, connections[i / ofConnection], 1);
        }

        CallCounts another = new();
        Assert.Equal(SessionStatus.Overloaded, _admission.Begin(call, another)?.Status);
        Assert.Null(_admission.Begin(CallClass.KeepAlive, another));
        _admission.End(call, connections[0]);
        Assert.Null(_admission.Begin(call, another));
    }

    private void Begin(CallClass call, CallCounts connection, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Null(_admission.Begin(call, connection));
        }
    }
}
