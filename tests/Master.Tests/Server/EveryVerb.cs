using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server;

/// <summary>Every verb of both services, asked of a session in a way that succeeds.</summary>
internal static class EveryVerb
{
    private static long _last;

    internal static (string Verb, Func<MasterClient, Target, Task> Call)[] All { get; } =
    [
        ("Sessions.CreateSession", async (client, of) => await client.CreateAsync(of.FreeIdentity)),
        ("Sessions.ReattachSession", async (client, of) => await client.Sessions.ReattachSessionAsync(
            MasterClient.Reattach(of.Key, of.Identity))),
        ("Sessions.KeepAlive", RenewAsync),
        ("Sessions.CloseSession", (client, of) => client.CloseAsync(of.Key)),
        ("Sessions.SetItem", (client, of) => client.SetItemAsync(of.Key, "k", [1])),
        ("Sessions.RemoveItem", async (client, of) => await client.Sessions.RemoveItemAsync(
            new Wire.RemoveItemRequest { Session = of.Key, Key = "a" })),
        ("Sessions.ApplyItems", async (client, of) => await client.Sessions.ApplyItemsAsync(
            new Wire.ApplyItemsRequest { Session = of.Key, Changes = { new Wire.ItemChange { Kind = 2, Key = "a" } } })),
        ("Sessions.GetItem", async (client, of) => await client.Sessions.GetItemAsync(
            new Wire.GetItemRequest { Session = of.Key, Key = "a" })),
        ("Sessions.ListItems", async (client, of) => await client.ListItemsAsync(of.Key)),
        ("Sessions.FindAccessPoint", async (client, of) => await client.FindNfsAsync(of.Key, "volume")),
        ("Sessions.ReleaseAccessPoint", async (client, of) => await client.Sessions.ReleaseAccessPointAsync(
            new Wire.ReleaseAccessPointRequest { Session = of.Key, Kind = (uint)AccessPointKind.Nfs, Object = "volume" })),
        ("Sessions.ReportData", async (client, of) => await client.Sessions.ReportDataAsync(
            new Wire.ReportDataRequest { Session = of.Key, Window = new Wire.ReportWindow { ReportSize = 1 } })),
        // Of a follower: with the key of a session that it may hold.
        ("Sessions.ListSessions", async (client, of) => await client.Sessions.ListSessionsAsync(
            new Wire.ListSessionsRequest { Session = of.Key })),
        ("Sessions.FindSession", async (client, of) => await client.Sessions.FindSessionAsync(
            new Wire.FindSessionRequest { Session = of.Key, Identity = of.Identity })),
        ("Sessions.ListSessionItems", async (client, of) => await client.Sessions.ListSessionItemsAsync(
            new Wire.ListSessionItemsRequest { Session = of.Key, SessionId = of.Key.SessionId })),
        ("Administration.GetStatus", async (client, _) => await client.Administration.GetStatusAsync(new Wire.GetStatusRequest())),
        // Whoever may is told that this master has nobody to resign for.
        ("Administration.Resign", (client, _) => ResignAsync(client)),
        ("Sessions.Watch", (client, of) => WatchAsync(client, new Wire.WatchRequest { Session = of.Key })),
        ("Administration.Watch", (client, _) => WatchAsync(client, new Wire.WatchRequest())),
        ("Administration.ListSessions", async (client, _) => await client.Administration.ListSessionsAsync(
            new Wire.ListSessionsRequest())),
        ("Administration.ListEnds", async (client, _) => await client.Administration.ListEndsAsync(
            new Wire.ListEndsRequest())),
        ("Administration.ListSessionItems", async (client, of) => await client.Administration.ListSessionItemsAsync(
            new Wire.ListSessionItemsRequest { SessionId = of.Key.SessionId })),
        ("Administration.ListDrains", async (client, _) => await client.Administration.ListDrainsAsync(new Wire.ListDrainsRequest())),
        ("Administration.ListAccessPoints", async (client, _) => await client.Administration.ListAccessPointsAsync(
            new Wire.ListAccessPointsRequest())),
        ("Administration.Drain", async (client, of) => await client.Administration.DrainAsync(
            new Wire.DrainRequest { Identity = of.Identity, Reason = "test" })),
        ("Administration.Undrain", async (client, of) => await client.Administration.UndrainAsync(
            new Wire.UndrainRequest { Identity = of.Identity })),
        ("Administration.RevokeSession", async (client, of) => await client.Administration.RevokeSessionAsync(
            new Wire.RevokeSessionRequest { SessionId = of.Key.SessionId, Epoch = of.Key.Epoch, Reason = "test" })),
    ];

    internal static string[] Names { get; } = [.. All.Select(verb => verb.Verb)];

    internal static Task CallAsync(string verb, MasterClient client, Target of) => All.Single(one => one.Verb == verb).Call(client, of);

    /// <summary>A session of an identity below "cs/cs1", with what verbs ask for.</summary>
    internal static async Task<Target> MakeAsync(MasterClient holder)
    {
        string identity = $"cs/cs1/{Interlocked.Increment(ref _last)}";
        Wire.SessionKey key = MasterClient.KeyOf(await holder.CreateAsync(identity));
        await holder.SetItemAsync(key, "a", [7]);
        await holder.FindNfsAsync(key, "volume");
        return new Target(key, identity);
    }

    internal static async Task RenewAsync(MasterClient client, Target of)
    {
        using RenewalStream stream = client.OpenStream();
        SessionStatus status = await stream.StatusOfAsync(of.Key);
        if (status != SessionStatus.Ok)
        {
            throw StatusOnTheWire.ToRpc(new SessionException(status, "the verdict"));
        }
    }

    private static async Task WatchAsync(MasterClient client, Wire.WatchRequest request)
    {
        using WatchReader watch = WatchReader.Open(client, request);
        await watch.NextAsync();
    }

    /// <summary>It lives and has what it had.</summary>
    internal static async Task AssertUntouchedAsync(MasterClient holder, Target target)
    {
        Assert.Equal(["a"], (await holder.ListItemsAsync(target.Key)).Items.Select(item => item.Key));
        await RenewAsync(holder, target);
    }

    internal sealed record Target(Wire.SessionKey Key, string Identity)
    {
        internal string FreeIdentity => Identity + "/new";
    }

    private static async Task ResignAsync(MasterClient client)
    {
        try
        {
            await client.Administration.ResignAsync(new Wire.ResignRequest());
        }
        catch (RpcException refusal) when (StatusOnTheWire.FromRpc(refusal).Status == SessionStatus.InvalidArgument)
        {
        }
    }
}
