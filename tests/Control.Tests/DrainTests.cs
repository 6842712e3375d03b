using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control.Tests;

/// <summary>A server is taken out of service and put back by its operator, against a real master.</summary>
public sealed class DrainTests : OneMaster
{
    [Fact]
    public async Task A_server_is_emptied_and_revoked_switched_off_and_taken_back()
    {
        Wire.SessionKey first = await Client.CreateKeyAsync("cs-1", termMs: 60_000);
        await Client.FindNfsAsync(first, "volume");
        await Client.CreateKeyAsync("cs-2", termMs: 60_000);
        Assert.Equal(["drained cs-1"], await RunAsync("drain", "cs-1", "--move", "--revoke", "--reason", "rack 1 goes down"));
        string[] rows = await RunAsync("drains");
        Assert.Matches($@"^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{{3}} +[01] {first.SessionId:x16} MOVE,REVOKE cs-1: rack 1 goes down$", rows[1]);

        await Eventually.IsTrueAsync(
            async () => (await RunAsync("list")).Any(line => line.Contains("REVOKING,DRAINING cs-1", StringComparison.Ordinal)), "it is revoked");
        Assert.Equal(2, (await RunAsync("where", "volume")).Length);
        Assert.Matches(@"^NFS +volume  cs-2:2049  cs-2 \([0-9a-f]{16}, \d+\)$", (await RunAsync("where", "volume"))[1]);
        await Client.CloseAsync(first);
        Assert.Contains(" 0 -  ", Assert.Single((await RunAsync("drains")).Skip(1)), StringComparison.Ordinal);
        await MasterClient.AssertRefusedAsync(SessionStatus.Draining, () => Client.CreateAsync("cs-1"), "rack 1 goes down");

        Assert.Equal(["undrained cs-1"], await RunAsync("undrain", "cs-1"));
        await Client.CreateKeyAsync("cs-1");
        Assert.Single(await RunAsync("drains"));
    }

    [Fact]
    public async Task In_JSON_they_say_everything_and_what_is_nowhere_fails()
    {
        Wire.SessionKey key = await Client.CreateKeyAsync("cs-1", termMs: 60_000);
        await Client.FindNfsAsync(key, "a/volume");
        await RunAsync("drain", "cs-1");
        JsonElement drain = JsonDocument.Parse(Assert.Single(await RunAsync("drains", "--json"))).RootElement;
        Assert.Equal("cs-1", drain.GetProperty("identity").GetString());
        Assert.Equal("drained by an operator", drain.GetProperty("reason").GetString());
        Assert.Equal(1, drain.GetProperty("object_count").GetInt32());
        Assert.False(drain.GetProperty("move").GetBoolean());
        Assert.Empty(await RunAsync("drains", "--json", "--identity", "cs-2"));

        JsonElement point = JsonDocument.Parse(Assert.Single(await RunAsync("access-points", "--json", "--object", "a/"))).RootElement;
        Assert.Equal("NFS", point.GetProperty("kind").GetString());
        Assert.Equal("a/volume", point.GetProperty("object").GetString());
        Assert.Equal("cs-1:2049", point.GetProperty("address").GetString());
        Assert.Equal($"{key.SessionId:x16}", point.GetProperty("session_id").GetString());
        Assert.Empty(await RunAsync("access-points", "--json", "--kind", "2"));
        await Sessionctl.FailAsync(["where", "nothing", "--masters", Address], "NO_ACCESS_POINT: object 'nothing' is assigned to no server");
        await Sessionctl.FailAsync(["drain", "", "--masters", Address], "INVALID_ARGUMENT");
    }

    private Task<string[]> RunAsync(params string[] arguments) =>
        Sessionctl.LinesAsync([.. arguments, "--masters", Address, "--timeout-ms", "60000"]);
}
