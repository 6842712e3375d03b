using System;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Drains, and which server answers for which object, as operators ask and are told over the wire.</summary>
public sealed class DrainsOnTheWireTests : IDisposable
{
    private readonly RunningMaster _running = new();

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task A_drain_is_told_to_the_holder_keeps_creates_out_and_outlives_the_master()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        await DrainAsync(new Wire.DrainRequest { Identity = "a", Reason = "rack 7 goes down" });

        Assert.Equal((true, "rack 7 goes down"), await ToldAsync(key));
        Assert.Equal(
            (uint)SessionFlags.Draining,
            Assert.Single((await _running.Client.Administration.ListSessionsAsync(new Wire.ListSessionsRequest())).Sessions).Flags);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Draining, () => _running.Client.CreateAsync("a"), "'a' is drained", "rack 7 goes down");

        _running.Restart();

        Assert.Equal((true, "rack 7 goes down"), await ToldAsync(key));
        await _running.Client.CloseAsync(key);
        await MasterClient.AssertRefusedAsync(SessionStatus.Draining, () => _running.Client.CreateAsync("a"), "rack 7 goes down");
        await _running.Client.Administration.UndrainAsync(new Wire.UndrainRequest { Identity = "a" });
        await _running.Client.Administration.UndrainAsync(new Wire.UndrainRequest { Identity = "a" });
        Assert.Equal((false, ""), await ToldAsync(await _running.Client.CreateKeyAsync("a")));
    }

    [Fact]
    public async Task Objects_move_and_then_the_session_is_revoked_with_the_reason()
    {
        Wire.SessionKey drained = await _running.Client.CreateKeyAsync("a");
        Wire.FindAccessPointReply before = await _running.Client.FindNfsAsync(drained, "volume");
        await DrainAsync(new Wire.DrainRequest { Identity = "a", Reason = "rack 7", Move = true, Revoke = true });
        Wire.DrainRow row = Assert.Single((await ListAsync(new())).Drains);
        Assert.Equal(("a", "rack 7", true, true, drained.SessionId, 1u), (row.Identity, row.Reason, row.Move, row.Revoke, row.SessionId, row.ObjectCount));
        Assert.InRange(row.SinceUnixMs, 1UL, (ulong)DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        Assert.Equal(before.Revision, Assert.Single((await WhereIsAsync("volume")).AccessPoints).Revision);

        // Until there is a server that can take it.
        await _running.Client.CreateKeyAsync("b");
        await Eventually.IsTrueAsync(
            async () => (await WhereIsAsync("volume")).AccessPoints.Single().Identity == "b", "it moves before anybody asks");

        using RenewalStream stream = _running.Client.OpenStream();
        await Eventually.IsTrueAsync(
            async () => Assert.Single((await stream.AskAsync(new Wire.KeepAliveRequest { Renewals = { drained } })).Renewals) is
            { Status: Wire.Status.SessionRevoked, Text: "rack 7" },
            "its session is revoked");
        await _running.Client.CloseAsync(drained);
        Assert.Equal((0UL, 0u), ((await ListAsync(new())).Drains.Single().SessionId, (await ListAsync(new())).Drains.Single().ObjectCount));
    }

    [Fact]
    public async Task Access_points_are_listed_by_server_kind_and_name_and_the_question_assigns_nothing()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("a");
        foreach (string name in (string[])["y", "x", "xy"])
        {
            await _running.Client.FindNfsAsync(key, name);
        }

        Wire.ListAccessPointsReply first = await WhereAsync(new() { Limit = 2 });
        Assert.Equal(["x", "xy"], first.AccessPoints.Select(row => row.Object));
        Wire.ListAccessPointsReply second = await WhereAsync(new() { Limit = 2, From = first.Next });
        Assert.Equal("y", Assert.Single(second.AccessPoints).Object);
        Assert.Null(second.Next);
        Wire.AccessPointRow row = first.AccessPoints[0];
        Assert.Equal((key.SessionId, key.Epoch, "a", "a:2049", 1u), (row.SessionId, row.Epoch, row.Identity, row.Endpoint, row.Kind));
        Assert.Equal(["x", "xy"], (await WhereAsync(new() { ObjectPrefix = "x" })).AccessPoints.Select(row => row.Object));
        Assert.Empty((await WhereAsync(new() { Kind = (uint)AccessPointKind.Iscsi })).AccessPoints);
        Assert.Empty((await WhereAsync(new() { IdentityPrefix = "b" })).AccessPoints);
        Assert.Empty((await WhereIsAsync("nowhere")).AccessPoints);
        Assert.Equal(3, (await _running.Master.ListAccessPointsAsync(new AccessPointQuery())).Rows.Count);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_its_limit()
    {
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, () => DrainAsync(new Wire.DrainRequest()), "identity");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong, () => DrainAsync(new Wire.DrainRequest { Identity = "a", Reason = new string('r', 256) }), "reason", "255");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, async () => await ListAsync(new() { Limit = 201 }), "limit is 201", "200");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument, async () => await WhereAsync(new() { Limit = 1001 }), "limit is 1001", "1000");
    }

    [Fact]
    public async Task A_host_drains_at_its_own_master()
    {
        await _running.Master.DrainAsync(new Drain { Identity = "a", Reason = "by its host" });
        Assert.Equal("by its host", Assert.Single(_running.Master.ListDrains().Rows).Drain.Reason);
        await MasterClient.AssertRefusedAsync(SessionStatus.Draining, () => _running.Client.CreateAsync("a"), "by its host");
        await _running.Master.UndrainAsync("a", 60_000, default);
        Assert.Empty(_running.Master.ListDrains().Rows);
    }

    private async Task<(bool IsDraining, string Reason)> ToldAsync(Wire.SessionKey key)
    {
        using RenewalStream stream = _running.Client.OpenStream();
        Wire.Renewal renewal = Assert.Single((await stream.AskAsync(new Wire.KeepAliveRequest { Renewals = { key } })).Renewals);
        Assert.Equal(Wire.Status.Ok, renewal.Status);
        return (renewal.IsDraining, renewal.Text);
    }

    private async Task DrainAsync(Wire.DrainRequest request) => await _running.Client.Administration.DrainAsync(request);

    private async Task<Wire.ListDrainsReply> ListAsync(Wire.ListDrainsRequest request) =>
        await _running.Client.Administration.ListDrainsAsync(request);

    private Task<Wire.ListAccessPointsReply> WhereIsAsync(string objectName) =>
        WhereAsync(new Wire.ListAccessPointsRequest { Object = objectName });

    private async Task<Wire.ListAccessPointsReply> WhereAsync(Wire.ListAccessPointsRequest request) =>
        await _running.Client.Administration.ListAccessPointsAsync(request);
}
