using System;
using System.Threading.Tasks;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests;

/// <summary>Access points over the wire.</summary>
public sealed class AccessPointsTests : IDisposable
{
    private readonly RunningMaster _running = new(options => options.MaxAccessPointsPerIdentity = 3);

    public void Dispose() => _running.Dispose();

    [Fact]
    public async Task An_access_point_stays_until_its_server_goes()
    {
        Wire.SessionKey[] servers =
            [await _running.Client.CreateKeyAsync("one"), await _running.Client.CreateKeyAsync("two")];
        Wire.FindAccessPointReply first = await _running.Client.FindNfsAsync(servers[0], "volume");
        Assert.Equal($"{first.Identity}:2049", first.Endpoint);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(first, await _running.Client.FindNfsAsync(servers[i % 2], "volume"));
        }

        int chosen = Array.FindIndex(servers, server => server.SessionId == first.SessionId);
        await _running.Client.CloseAsync(servers[chosen]);

        Wire.FindAccessPointReply next = await _running.Client.FindNfsAsync(servers[1 - chosen], "volume");
        Assert.Equal(servers[1 - chosen].SessionId, next.SessionId);
    }

    [Fact]
    public async Task Without_a_server_of_the_kind_there_is_no_access_point()
    {
        Wire.CreateSessionRequest request = MasterClient.RequestFor("server");
        request.Description.Endpoints.RemoveAt(0);
        Wire.SessionKey key = MasterClient.KeyOf(await _running.Client.Sessions.CreateSessionAsync(request));
        await MasterClient.AssertRefusedAsync(
            SessionStatus.NoAccessPoint, () => _running.Client.FindNfsAsync(key, "volume"), "volume");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument,
            async () => await _running.Client.Sessions.FindAccessPointAsync(
                new Wire.FindAccessPointRequest { Session = key, Object = "volume" }),
            "kind");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooLong, () => _running.Client.FindNfsAsync(key, new string('v', 257)), "257", "256");
    }

    [Fact]
    public async Task A_release_names_what_was_found_and_takes_nothing_newer_away()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        Wire.FindAccessPointReply former = await _running.Client.FindNfsAsync(key, "volume");

        await ReleaseAsync(key, former);
        Wire.FindAccessPointReply newer = await _running.Client.FindNfsAsync(key, "volume");
        await ReleaseAsync(key, former);

        Assert.NotEqual(former.Revision, newer.Revision);
        Assert.Equal(newer, await _running.Client.FindNfsAsync(key, "volume"));
        await ReleaseAsync(key, found: null);
        Assert.NotEqual(newer.Revision, (await _running.Client.FindNfsAsync(key, "volume")).Revision);
    }

    [Fact]
    public async Task A_release_is_durable()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        Wire.FindAccessPointReply kept = await _running.Client.FindNfsAsync(key, "kept");
        await _running.Client.FindNfsAsync(key, "volume");
        await ReleaseAsync(key, found: null);

        _running.Restart();

        Assert.Equal(
            new Wire.FindAccessPointReply(kept) { Revision = 0 }, await _running.Client.FindNfsAsync(key, "kept"));
        Assert.NotEqual(0UL, (await _running.Client.FindNfsAsync(key, "volume")).Revision);
    }

    [Fact]
    public async Task One_caller_does_not_take_all_places()
    {
        Wire.SessionKey greedy = await _running.Client.CreateKeyAsync("greedy");
        Wire.SessionKey other = await _running.Client.CreateKeyAsync("other");
        for (int i = 0; i < 3; i++)
        {
            await _running.Client.FindNfsAsync(greedy, $"volume-{i}");
        }

        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooManyObjects, () => _running.Client.FindNfsAsync(greedy, "volume"),
            "3", "max_access_points_per_identity");
        await _running.Client.FindNfsAsync(other, "volume");
        await ReleaseAsync(other, found: null);

        // A release of what others asked for gives nobody else a place.
        await MasterClient.AssertRefusedAsync(
            SessionStatus.TooManyObjects, () => _running.Client.FindNfsAsync(greedy, "volume"));
    }

    [Fact]
    public async Task A_release_by_a_stranger_is_refused()
    {
        Wire.SessionKey key = await _running.Client.CreateKeyAsync("server");
        Wire.FindAccessPointReply found = await _running.Client.FindNfsAsync(key, "volume");

        await MasterClient.AssertRefusedAsync(
            SessionStatus.WrongNonce, () => ReleaseAsync(new(key) { Nonce = key.Nonce + 1 }, found: null));
        await MasterClient.AssertRefusedAsync(
            SessionStatus.InvalidArgument,
            async () => await _running.Client.Sessions.ReleaseAccessPointAsync(new() { Session = key, Object = "volume" }),
            "kind");

        Assert.Equal(found, await _running.Client.FindNfsAsync(key, "volume"));
    }

    private async Task ReleaseAsync(Wire.SessionKey caller, Wire.FindAccessPointReply? found) =>
        await _running.Client.Sessions.ReleaseAccessPointAsync(new Wire.ReleaseAccessPointRequest
        {
            Session = caller,
            Kind = (uint)AccessPointKind.Nfs,
            Object = "volume",
            ServerSessionId = found?.SessionId ?? 0,
            ServerEpoch = found?.Epoch ?? 0,
            Revision = found?.Revision ?? 0,
        });
}
