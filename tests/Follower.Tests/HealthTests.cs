using System;
using Interop.Sessions.Follower.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>The health gate.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly RunningMaster _master = new(new History());
    private readonly TestFollower _test;

    public HealthTests() => _test = new TestFollower(_master.Address);

    [Fact]
    public void A_host_that_reports_no_more_loses_its_session_though_its_runtime_is_well()
    {
        SessionInfo session = _test.CreateAndRenew();

        _test.Follower.ReportHealth(healthyForMs: 300);

        Eventually.IsTrue(() => _master.Sessions.Length == 0, "expired");
        Assert.False(LeaseReader.IsValid(_test.Follower.LeaseAddress, session.Epoch));
        _test.HearsOf($"Jeopardy {session.Epoch}");
        _test.HearsOf($"lost {session.Epoch} Expired");
    }

    [Fact]
    public void A_host_that_reports_in_time_keeps_it()
    {
        SessionInfo session = _test.CreateAndRenew();
        for (int i = 0; i < 10; i++)
        {
            _test.Follower.ReportHealth(healthyForMs: 800);
            _test.BecomesRenewed();
        }

        Assert.Equal(session.Epoch, _test.Follower.Session.Epoch);
        Assert.NotEqual(SessionState.Lost, _test.State);
    }

    [Fact]
    public void One_that_is_not_well_from_the_beginning_gets_a_session_and_does_not_renew_it()
    {
        _test.Follower.ReportHealth(0);
        _test.Create();

        _test.BecomesState(SessionState.Jeopardy);
        _test.Follower.ReportHealth(uint.MaxValue);
        Eventually.IsTrue(() => _test.State is SessionState.Alive or SessionState.Lost, "decided");
    }

    public void Dispose()
    {
        _test.Dispose();
        _master.Dispose();
    }
}
