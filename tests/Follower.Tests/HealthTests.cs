using System;
using System.Linq;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>The health gate.</summary>
public sealed class HealthTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RunningMaster _master;
    private readonly TestFollower _test;

    public HealthTests()
    {
        _master = new RunningMaster(new History(), time: _time);
        _test = new TestFollower(_master.Address, _time);
    }

    [Fact]
    public void A_host_that_reports_no_more_loses_its_session_though_its_runtime_is_well()
    {
        SessionInfo session = _test.CreateAndRenew();

        _test.Follower.ReportHealth(healthyForMs: 300);

        _test.Becomes(() => _master.Sessions.Length == 0, () => "expired");
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
        _test.Becomes(() => _test.State is SessionState.Alive or SessionState.Lost, () => "decided");
    }

    [Fact]
    public void A_renewal_that_waits_for_a_connection_is_not_sent_once_the_host_is_not_well()
    {
        using LyingMaster master = new();
        using TcpProxy proxy = new(master.Port);
        using TestFollower test = new(proxy.Address);
        SessionInfo session = test.CreateAndRenew();
        proxy.Cut();
        test.HearsOf($"Suspect {session.Epoch}");

        test.Follower.ReportHealth(0);
        int renewals = master.KeepAlives.Sum(request => request.Renewals.Count);
        proxy.Restore();

        // In JEOPARDY it asks how its session stands.
        Eventually.IsTrue(() => master.KeepAlives.Any(request => request.Inquiries.Count > 0), "asked");
        Assert.Equal(renewals, master.KeepAlives.Sum(request => request.Renewals.Count));
    }

    public void Dispose()
    {
        _test.Dispose();
        _master.Dispose();
        _time.Dispose();
    }
}
