using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>No caller takes all places.</summary>
public sealed class AccessPointQuotaTests
{
    private readonly TestTable _test = new(new SessionTableSettings
    {
        TermMs = TestTable.TermMs,
        MaxAccessPoints = 5,
        MaxAccessPointsPerIdentity = 3,
    });

    private readonly Session _server;
    private Session _greedy;

    public AccessPointQuotaTests()
    {
        _server = _test.Create("server");
        _greedy = _test.Create(Caller("greedy"));
        for (int i = 0; i < 3; i++)
        {
            Find(_greedy, $"greedy-{i}");
        }
    }

    [Fact]
    public void Who_asks_for_ever_more_is_refused_and_others_are_served()
    {
        SessionException refusal = _test.AssertRefused(
            SessionStatus.TooManyObjects,
            table => table.FindAccessPoint(_greedy.Key, AccessPointKind.Nfs, "greedy-3"));

        Assert.Contains("max_access_points_per_identity", refusal.Message, System.StringComparison.Ordinal);
        Assert.Contains("3 objects", refusal.Message, System.StringComparison.Ordinal);
        Assert.Equal("server", Find(_test.Create(Caller("other")), "other").Identity);
    }

    [Fact]
    public void What_has_an_access_point_is_found_by_everybody()
    {
        Session other = _test.Create(Caller("other"));

        Assert.Equal(Find(_greedy, "greedy-0"), Find(other, "greedy-0"));
        Find(other, "other-0");
        Find(other, "other-1");
        Assert.Equal("server", Find(_greedy, "other-0").Identity);
    }

    [Fact]
    public void A_new_session_of_the_same_identity_brings_no_new_places()
    {
        _test.Commit(table => table.Close(_greedy.Key));
        _greedy = _test.Create(Caller("greedy"));

        _test.AssertRefused(
            SessionStatus.TooManyObjects,
            table => table.FindAccessPoint(_greedy.Key, AccessPointKind.Nfs, "greedy-3"));
    }

    [Fact]
    public void A_release_by_anybody_gives_the_place_back()
    {
        Session manager = _test.Create(Caller("manager"));
        _test.Commit(table => table.ReleaseAccessPoint(manager.Key, AccessPointKind.Nfs, "greedy-0", default));

        Assert.Equal("server", Find(_greedy, "greedy-3").Identity);
        _test.AssertSound();
    }

    [Fact]
    public void Neither_limit_refuses_objects_whose_server_ended()
    {
        Session other = _test.Create(Caller("other"));
        Find(other, "other-0");
        Find(other, "other-1");
        _test.Create("next");
        _test.Commit(table => table.Close(_server.Key));

        Assert.All(["greedy-0", "greedy-1", "greedy-2"], name => Assert.Equal("next", Find(_greedy, name).Identity));
        Assert.Equal("next", Find(other, "other-0").Identity);
        _test.AssertRefused(
            SessionStatus.TooManyObjects, table => table.FindAccessPoint(other.Key, AccessPointKind.Nfs, "other-2"));

        // Nobody asked for the last one again: the sweep gives its place back.
        _test.Expire();
        Assert.Equal("next", Find(other, "other-2").Identity);
        _test.AssertSound();
    }

    [Fact]
    public void All_places_together_are_limited()
    {
        Session other = _test.Create(Caller("other"));
        Find(other, "other-0");
        Find(other, "other-1");

        SessionException refusal = _test.AssertRefused(
            SessionStatus.TooManyObjects, table => table.FindAccessPoint(other.Key, AccessPointKind.Nfs, "other-2"));

        Assert.Contains("the limit is 5", refusal.Message, System.StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_failed_counts_for_nobody()
    {
        Session other = _test.Create(Caller("other"));
        foreach (int i in Enumerable.Range(0, 2))
        {
            _test.Table.FindAccessPoint(other.Key, AccessPointKind.Nfs, $"other-{i}");
        }

        _test.Table.Undo();

        _test.AssertSound();
        Find(other, "other-2");
        Find(other, "other-3");
    }

    private static ServerDescription Caller(string identity) =>
        TestTable.Server(identity) with { Endpoints = [] };

    private AccessPoint Find(Session caller, string objectName) =>
        _test.Commit(table => table.FindAccessPoint(caller.Key, AccessPointKind.Nfs, objectName));
}
