using System;
using System.Threading;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

public sealed class AccessPointTests : IDisposable
{
    private const AccessPointKind Nfs = AccessPointKind.Nfs;

    // A term that no busy machine outlasts: these tests are about no lease.
    private readonly RunningMaster _master = new(
        new History(), options => (options.TermMs, options.MaxTermMs) = (30_000, 30_000));

    private readonly TcpProxy _network;
    private readonly TestFollower _test;
    private readonly ulong _epoch;

    public AccessPointTests()
    {
        _network = new TcpProxy(_master.Port);
        _test = new TestFollower(_network.Address);
        _epoch = _test.Follower.CreateSession(
            TestFollower.Description with { Endpoints = [new(Nfs, "192.0.2.1:2049")] }, 10_000, CancellationToken.None).Epoch;
    }

    public void Dispose()
    {
        _test.Dispose();
        _network.Dispose();
        _master.Dispose();
    }

    [Fact]
    public void What_is_released_is_assigned_anew_and_a_copy_takes_nothing_newer_away()
    {
        AccessPoint former = Find();
        Assert.Equal("192.0.2.1:2049", former.Endpoint);

        _test.Follower.ReleaseAccessPoint(_epoch, Nfs, "volume", former);
        AccessPoint newer = Find();
        _test.Follower.ReleaseAccessPoint(_epoch, Nfs, "volume", former);

        Assert.True(newer.Revision > former.Revision);
        Assert.Equal(newer, Find());
        _test.Follower.ReleaseAccessPoint(_epoch, Nfs, "volume");
        Assert.True(Find().Revision > newer.Revision);
    }

    [Fact]
    public void A_release_without_blocking_completes_once()
    {
        AccessPoint former = Find();
        using ManualResetEventSlim completed = new();
        SessionException? told = null;

        BeginRelease(_epoch, former, failure =>
        {
            told = failure;
            completed.Set();
        });

        Eventually.IsSet(completed, "completed");
        Assert.Null(told);
        Assert.NotEqual(former, Find());
        Assert.Equal(
            SessionStatus.WrongEpoch,
            Assert.Throws<SessionException>(() => BeginRelease(_epoch + 1, former, _ => { })).Status);
    }

    [Fact]
    public void A_release_that_names_what_was_found_is_repeated_on_another_connection()
    {
        AccessPoint former = Find();
        _network.AbandonConnections();

        _test.Follower.ReleaseAccessPoint(_epoch, Nfs, "volume", former, timeoutMs: 30_000);

        Assert.True(Find().Revision > former.Revision);
    }

    [Fact]
    public void A_release_of_whichever_assignment_there_is_is_made_once()
    {
        Find();
        _network.AbandonConnections();

        Assert.Equal(
            SessionStatus.NoMaster,
            Assert.Throws<SessionException>(
                () => _test.Follower.ReleaseAccessPoint(_epoch, Nfs, "volume", found: null, timeoutMs: 30_000)).Status);
    }

    private void BeginRelease(ulong epoch, AccessPoint former, Action<SessionException?> completion) =>
        _test.Follower.Begin(
            epoch, 10_000,
            ending => _test.Follower.ReleaseAccessPointAsync(epoch, Nfs, "volume", former, cancellationToken: ending), completion);

    private AccessPoint Find() => _test.Follower.FindAccessPoint(_epoch, Nfs, "volume", timeoutMs: 30_000);
}
