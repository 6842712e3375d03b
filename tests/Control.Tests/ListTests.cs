using System;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control.Tests;

/// <summary>Which sessions an operator lists, in which order, and all that there is of one of them, against a real master.</summary>
public sealed class ListTests : OneMaster
{
    [Fact]
    public async Task A_list_has_those_that_are_asked_for()
    {
        await Client.CreateKeyAsync("rack-1/a", termMs: 60_000);
        await Client.CreateKeyAsync("rack-1/b", termMs: 60_000);
        await Client.CreateKeyAsync("rack-2/c", termMs: 60_000);
        await RunAsync("drain", "rack-1/b");
        Assert.Equal(["rack-1/a", "rack-1/b"], await IdentitiesAsync("--identity", "rack-1/", "--sort", "identity"));
        Assert.Equal(["rack-1/b"], await IdentitiesAsync("--flags", "DRAINING"));
        Assert.Empty(await IdentitiesAsync("--flags", "DRAINING,REVOKING"));
        await RunAsync("revoke", "rack-1/b");
        Assert.Equal(["rack-1/b"], await IdentitiesAsync("--flags", "DRAINING,REVOKING"));
        Assert.Equal(["rack-2/c"], await IdentitiesAsync("--identity", "rack-2"));
    }

    [Fact]
    public async Task A_list_is_in_the_order_that_is_asked_for()
    {
        await Client.CreateKeyAsync("b", termMs: 40_000);
        Wire.SessionKey full = await Client.CreateKeyAsync("c", termMs: 60_000);
        await Client.CreateKeyAsync("a", termMs: 50_000);
        await Client.SetItemAsync(full, "rack", [1]);
        Assert.Equal(["a", "b", "c"], await IdentitiesAsync("--sort", "identity"));
        Assert.Equal(["b", "c", "a"], await IdentitiesAsync("--sort", "epoch"));
        Assert.Equal(["b", "a", "c"], await IdentitiesAsync("--sort", "left"));
        Assert.Equal("c", (await IdentitiesAsync("--sort", "items"))[0]);
        string[] ids = [.. (await RunAsync("list")).Skip(1).Select(line => line[..16])];
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        await Sessionctl.FailAsync(
            ["list", "--sort", "size", "--masters", Address], "INVALID_ARGUMENT: --sort is 'size'; it must be one of id, identity, epoch, left, items");
        await Sessionctl.FailAsync(
            ["list", "--flags", "DEAD", "--masters", Address],
            "INVALID_ARGUMENT: --flags is 'DEAD'; it must be of REVOKING,SUSPECT,REATTACHED,DRAINING");
    }

    [Fact]
    public async Task A_wide_list_says_where_servers_are_reached()
    {
        await Client.CreateKeyAsync("server");
        string[] lines = await RunAsync("list", "--wide");
        Assert.EndsWith(" ENDPOINTS", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" server (host-of-server, 4711) NFS server:2049, ISCSI iqn.2026-01.test:server", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_there_is_of_a_session_is_shown_by_its_id_and_by_its_identity()
    {
        await Client.CloseAsync(await Client.CreateKeyAsync("cs-1"));
        Wire.SessionKey key = await Client.CreateKeyAsync("cs-1", termMs: 60_000);
        await Client.CreateKeyAsync("cs-10", termMs: 60_000);
        await Client.SetItemAsync(key, "rack", Encoding.UTF8.GetBytes("7"));
        await Client.FindNfsAsync(key, "volume");
        await RunAsync("drain", "cs-10", "--reason", "of another");
        string server = (await RunAsync("where", "volume"))[1].Contains(" cs-10 (", StringComparison.Ordinal) ? "cs-10" : "cs-1";
        string[] lines = await RunAsync("show", "cs-1");
        Assert.Contains($"session       {key.SessionId:x16}", lines);
        Assert.Contains($"epoch         {key.Epoch}", lines);
        Assert.Contains("process       4711 on host-of-cs-1", lines);
        Assert.Contains(lines, line => line.StartsWith("lease ", StringComparison.Ordinal) && line.EndsWith(" ms left of 60000 ms", StringComparison.Ordinal));
        Assert.Contains("items: 1", lines);
        Assert.Contains(lines, line => line.EndsWith("  rack = 7", StringComparison.Ordinal));
        Assert.Contains(server == "cs-1" ? "objects: 1" : "objects: 0", lines);
        Assert.Contains("earlier sessions that ended: 1", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("drained", StringComparison.Ordinal));

        await RunAsync("drain", "cs-1", "--reason", "rack 1 goes down");
        JsonElement shown = JsonDocument.Parse(Assert.Single(await RunAsync("show", $"{key.SessionId:x16}", "--json"))).RootElement;
        Assert.Equal("cs-1", shown.GetProperty("identity").GetString());
        Assert.Equal("rack 1 goes down", shown.GetProperty("drain").GetProperty("reason").GetString());
        Assert.Equal("rack", Assert.Single(shown.GetProperty("items").EnumerateArray()).GetProperty("key").GetString());
        Assert.Equal(server == "cs-1" ? 1 : 0, shown.GetProperty("access_points").GetArrayLength());
        Assert.Equal("CLOSED", Assert.Single(shown.GetProperty("ends").EnumerateArray()).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task An_identity_that_looks_like_an_id_is_found_and_what_means_two_sessions_is_refused()
    {
        const string Wwn = "5000c500a1b2c3d4";
        Wire.SessionKey key = await Client.CreateKeyAsync(Wwn);
        Assert.Contains($"session       {key.SessionId:x16}", await RunAsync("show", Wwn));
        Wire.SessionKey liar = await Client.CreateKeyAsync($"{key.SessionId:x16}");
        foreach (string command in (string[])["revoke", "show", "items"])
        {
            await Sessionctl.FailAsync(
                [command, $"{key.SessionId:x16}", "--masters", Address], "INVALID_ARGUMENT", $"is the session of '{Wwn}'", $"{liar.SessionId:x16}");
        }

        await RunAsync("revoke", $"{liar.SessionId:x16}");
        Assert.Equal([$"{key.SessionId:x16}"], await IdentitiesAsync("--flags", "REVOKING"));
    }

    [Fact]
    public async Task An_identity_that_begins_like_a_file_of_arguments_is_an_identity()
    {
        await Client.CreateKeyAsync("@rack");
        Assert.Contains("identity      @rack", await RunAsync("show", "@rack"));
    }

    [Fact]
    public async Task Items_and_revocations_take_an_identity_too()
    {
        Wire.SessionKey key = await Client.CreateKeyAsync("server");
        await Client.SetItemAsync(key, "rack", Encoding.UTF8.GetBytes("7"));
        Assert.EndsWith("  rack = 7", Assert.Single((await RunAsync("items", "server")).Skip(1)), StringComparison.Ordinal);
        string line = Assert.Single(await RunAsync("revoke", "server"));
        Assert.StartsWith($"revoked {key.SessionId:x16} of server", line, StringComparison.Ordinal);
    }

    private async Task<string[]> IdentitiesAsync(params string[] arguments) =>
        [.. (await RunAsync(["list", "--json", .. arguments])).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("identity").GetString()!)];

    private Task<string[]> RunAsync(params string[] arguments) => Sessionctl.LinesAsync([.. arguments, "--masters", Address]);
}
