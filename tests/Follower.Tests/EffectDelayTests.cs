using System;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A host whose effects follow their check by up to δ: until they are over no master hears that the session ended.</summary>
public sealed class EffectDelayTests : IDisposable
{
    private const uint EffectDelayMs = 700;

    private readonly LyingMaster _master = new();
    private readonly TestFollower _test;
    private long _givenBackNs;

    public EffectDelayTests()
    {
        _master.OnClose = () => _givenBackNs = BootClock.NowNs;
        _test = new TestFollower(new FollowerManagerOptions { Endpoints = [_master.Address], EffectDelayMs = EffectDelayMs });
    }

    [Fact]
    public void A_close_gives_the_session_back_when_they_are_over()
    {
        _test.Create();
        long beforeNs = BootClock.NowNs;

        _test.Follower.Close();

        AssertGivenBackAfter(beforeNs);
    }

    [Fact]
    public void A_revocation_is_acknowledged_when_they_are_over()
    {
        SessionInfo session = _test.Create();
        long beforeNs = 0;
        _master.OnKeepAlive = reply =>
        {
            beforeNs = BootClock.NowNs;
            reply.Renewals[0].Status = Protocol.V1.Status.SessionRevoked;
        };

        _test.HearsOf($"lost {session.Epoch} Revoked");
        _test.Manager.Close();

        AssertGivenBackAfter(beforeNs);
    }

    [Fact]
    public void A_session_that_the_host_refuses_is_given_back_when_they_are_over()
    {
        long beforeNs = 0;
        _test.Callbacks.OnCreated = _ =>
        {
            beforeNs = BootClock.NowNs;
            return false;
        };

        _test.CreateFails(SessionStatus.RefusedByHost);
        _test.Manager.Close();

        AssertGivenBackAfter(beforeNs);
    }

    public void Dispose()
    {
        _test.Dispose();
        _master.Dispose();
    }

    private void AssertGivenBackAfter(long refusedNs)
    {
        Assert.Single(_master.Closes);
        Assert.True(_givenBackNs - refusedNs >= EffectDelayMs * 1_000_000L, $"after {(_givenBackNs - refusedNs) / 1e6} ms");
    }
}
