using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Which server answers for which object, and objects of an ended server that are given on before anybody asks.</summary>
public sealed class AccessPointListTests
{
    private readonly TestTable _test = new(new SessionTableSettings { TermMs = TestTable.TermMs, ReassignsAfterEnd = true });
    private readonly Session _caller;

    public AccessPointListTests() => _caller = _test.Create(TestTable.Server("caller") with { Endpoints = [] });

    private SessionTable Table => _test.Table;

    [Fact]
    public void Pages_go_through_all_once_in_order_whatever_their_size()
    {
        for (int i = 0; i < 5; i++)
        {
            _test.Create($"server-{i}");
        }

        for (int i = 0; i < 200; i++)
        {
            Find(i % 3 == 0 ? AccessPointKind.Iscsi : AccessPointKind.Nfs, $"x{i}");
        }

        AccessPointRow[] all = [.. All(new AccessPointQuery())];
        Assert.Equal(200, all.Length);
        Assert.Equal(
            all, all.OrderBy(row => row.Server.SessionId).ThenBy(row => row.Kind).ThenBy(row => row.ObjectName, StringComparer.Ordinal));
        Assert.All(all, row => Assert.Equal(Find(row.Kind, row.ObjectName), row.Server));
        foreach (uint limit in (uint[])[1, 7, 199, 200, 201])
        {
            Assert.Equal(all, All(new AccessPointQuery { Limit = limit }));
        }

        Assert.Equal(all.Where(row => row.Kind == AccessPointKind.Iscsi), All(new AccessPointQuery { Kind = AccessPointKind.Iscsi, Limit = 3 }));
        Assert.Equal(
            all.Where(row => row.ObjectName.StartsWith("x1", StringComparison.Ordinal)), All(new AccessPointQuery { ObjectPrefix = "x1" }));
        Assert.Equal(all.Where(row => row.Server.Identity == "server-3"), All(new AccessPointQuery { IdentityPrefix = "server-3", Limit = 2 }));
        _test.AssertSound();
    }

    [Fact]
    public void One_object_is_found_by_all_its_kinds_and_not_at_a_server_that_has_ended()
    {
        Session server = _test.Create("a");
        Find(AccessPointKind.Nfs, "x");
        Find(AccessPointKind.Iscsi, "x");
        Find(AccessPointKind.Nfs, "y");
        AccessPointQuery asked = new() { ObjectName = "x" };
        Assert.Equal([AccessPointKind.Nfs, AccessPointKind.Iscsi], Table.ListAccessPoints(asked).Rows.Select(row => row.Kind));
        Assert.Empty(Table.ListAccessPoints(asked with { IdentityPrefix = "b" }).Rows);
        Assert.Empty(Table.ListAccessPoints(new AccessPointQuery { ObjectName = "nowhere" }).Rows);

        _test.Commit(table => table.Close(server.Key));
        Assert.Empty(Table.ListAccessPoints(asked).Rows);
        Assert.Empty(Table.ListAccessPoints(new AccessPointQuery()).Rows);
        _test.AssertRefused(
            SessionStatus.InvalidArgument, table => table.ListAccessPoints(new AccessPointQuery { Limit = Limits.MaxAccessPointsPerPage + 1 }));
    }

    [Fact]
    public void Objects_of_an_ended_server_are_given_on_before_anybody_asks_if_the_host_wishes_so()
    {
        Session ended = _test.Create("a");
        int objects = Limits.MaxObjectsMovedTogether + 10;
        for (int i = 0; i < objects; i++)
        {
            Find(AccessPointKind.Nfs, $"x{i}");
        }

        Find(AccessPointKind.Iscsi, "nobody else has its kind");
        _test.Create(TestTable.Server("b") with { Endpoints = [new(AccessPointKind.Nfs, "nfs://b")] });
        _test.Commit(table => table.Close(ended.Key));

        // What the store does not take is given on with the next batches, unless somebody asks before.
        Table.Expire(_test.NowNs, most: 10);
        Assert.Equal(Limits.MaxObjectsMovedTogether, Table.Changes.OfType<StoreChange.PutAssignment>().Count());
        Table.Undo();
        _test.AssertSound();
        Assert.Equal("b", Find(AccessPointKind.Nfs, "x0").Identity);

        _test.Expire();
        _test.Expire();
        Assert.Equal(objects, Table.ListAccessPoints(new AccessPointQuery()).Rows.Count);
        Assert.Empty(ended.Assignments);
        _test.AssertSound();
    }

    private IEnumerable<AccessPointRow> All(AccessPointQuery asked)
    {
        AccessPointPage page;
        do
        {
            page = Table.ListAccessPoints(asked);
            foreach (AccessPointRow row in page.Rows)
            {
                yield return row;
            }

            asked = asked with { From = page.Next };
        }
        while (page.Next != null);
    }

    private AccessPoint Find(AccessPointKind kind, string objectName) =>
        _test.Commit(table => table.FindAccessPoint(_caller.Key, kind, objectName));
}
