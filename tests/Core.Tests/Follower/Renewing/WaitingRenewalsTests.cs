using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower.Renewing;

/// <summary>Renewals that wait for a stream.</summary>
public sealed class WaitingRenewalsTests
{
    private const long Ms = 1_000_000;
    private const long AskedNs = 5_000 * Ms;

    private static readonly PendingRenewal _renewal = new(new SessionKey(1, 1, 11), 100, AskedNs, AskedNs + (900 * Ms));
    private readonly WaitingRenewals _waiting = new();

    [Fact]
    public void One_that_waited_until_its_host_vouched_no_more_is_not_sent()
    {
        _waiting.Add(_renewal with { Health = new HostHealth { UntilNs = AskedNs + (50 * Ms) } });
        PutBack(_waiting.Take(AskedNs + (50 * Ms) - 1));

        Assert.Empty(_waiting.Take(AskedNs + (50 * Ms)));
        Assert.Null(_waiting.LeastLeftMs(AskedNs));
    }

    [Fact]
    public void One_that_waits_while_its_host_says_that_it_is_not_well_is_not_sent()
    {
        HostHealth health = new();
        _waiting.Add(_renewal with { Health = health });

        health.UntilNs = 0;

        Assert.Empty(_waiting.Take(AskedNs));
    }

    [Fact]
    public void A_last_word_that_waited_until_its_host_vouched_again_is_not_sent()
    {
        HostHealth health = new() { UntilNs = AskedNs };
        _waiting.Add(_renewal with { IsInquiry = true, IsGateClosed = true, Health = health });
        PutBack(_waiting.Take(AskedNs));

        health.UntilNs = long.MaxValue;

        Assert.Empty(_waiting.Take(AskedNs));
    }

    [Fact]
    public void One_whose_follower_has_stopped_asking_is_not_sent()
    {
        _waiting.Add(_renewal);
        PutBack(_waiting.Take(AskedNs + (200 * Ms)));

        Assert.Empty(_waiting.Take(AskedNs + (200 * Ms) + 1));
    }

    [Fact]
    public void The_latest_of_a_session_goes_and_as_many_as_fit_into_a_message()
    {
        for (ulong session = 0; session < Limits.MaxRenewalsPerMessage + 1; session++)
        {
            _waiting.Add(_renewal with { Key = new SessionKey(session, 1, 1) });
            _waiting.Add(_renewal with { Key = new SessionKey(session, 1, 1), IsInquiry = true });
        }

        Assert.Equal(Limits.MaxRenewalsPerMessage, _waiting.Take(AskedNs).Count(renewal => renewal.IsInquiry));
        Assert.Single(_waiting.Take(AskedNs));
        Assert.Empty(_waiting.Take(AskedNs));
    }

    [Fact]
    public void What_is_left_is_that_of_the_lease_that_ends_first_of_those_that_run()
    {
        _waiting.Add(_renewal with { Key = new SessionKey(1, 1, 1), DeadlineNs = AskedNs + (700 * Ms) });
        _waiting.Add(_renewal with { Key = new SessionKey(2, 1, 1), DeadlineNs = AskedNs + (400 * Ms) });
        _waiting.Add(_renewal with { Key = new SessionKey(3, 1, 1), DeadlineNs = 0 });

        Assert.Equal(400, _waiting.LeastLeftMs(AskedNs));
        Assert.Equal(200, _waiting.LeastLeftMs(AskedNs + (500 * Ms)));
        Assert.Equal(0, _waiting.LeastLeftMs(AskedNs + (800 * Ms)));
    }

    /// <summary>There was one to be put back.</summary>
    private void PutBack(List<PendingRenewal> taken) => _waiting.PutBack(Assert.Single(taken));
}
