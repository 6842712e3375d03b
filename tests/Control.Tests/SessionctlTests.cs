using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control.Tests;

/// <summary>What an operator sees and does, against a real master.</summary>
public sealed class SessionctlTests : OneMaster
{
    [Fact]
    public async Task A_list_has_a_line_for_each_session()
    {
        Assert.Single(await Sessionctl.LinesAsync("list", "--masters", Address));
        Wire.SessionKey first = await Client.CreateKeyAsync("server-1");
        Wire.SessionKey second = await Client.CreateKeyAsync("server-2", termMs: 20_000);
        await Client.SetItemAsync(second, "rack", [1]);
        string[] lines = await Sessionctl.LinesAsync("list", "--masters", Address);
        Assert.Equal(3, lines.Length);
        Assert.Contains(lines, line => line.StartsWith(Id(first), StringComparison.Ordinal) && line.Contains("server-1 (host-of-server-1, 4711)", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith(Id(second), StringComparison.Ordinal) && line.Contains(" 20000 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_in_JSON_says_everything()
    {
        Wire.SessionKey key = await Client.CreateKeyAsync("server", termMs: 20_000);
        await Client.SetItemAsync(key, "rack", [1]);
        string line = Assert.Single(await Sessionctl.LinesAsync("list", "--json", "--masters", Address));
        JsonElement row = JsonDocument.Parse(line).RootElement;
        Assert.Equal(Id(key), row.GetProperty("session_id").GetString());
        Assert.Equal(key.Epoch, row.GetProperty("epoch").GetUInt64());
        Assert.Equal("server", row.GetProperty("identity").GetString());
        Assert.Equal(
            """[{"kind":"NFS","address":"server:2049"},{"kind":"ISCSI","address":"iqn.2026-01.test:server"}]""",
            row.GetProperty("endpoints").GetRawText());
        Assert.Equal(20_000u, row.GetProperty("term_ms").GetUInt32());
        Assert.InRange(row.GetProperty("remaining_ms").GetUInt32(), 1u, 20_000u);
        Assert.Equal(1u, row.GetProperty("item_count").GetUInt32());
    }

    [Fact]
    public async Task A_list_says_who_is_being_revoked_who_is_suspect_and_who_was_taken_up_again()
    {
        const string Suspects = "suspect,SUSPECT";
        Wire.SessionKey revoked = await Client.CreateKeyAsync("revoked", termMs: 60_000);
        await Client.CreateKeyAsync("plain", termMs: 60_000);
        await Client.CreateKeyAsync("suspect", termMs: 10_000);
        Wire.CreateSessionReply former = await Client.CreateAsync("taken", termMs: 60_000);
        await Client.Sessions.ReattachSessionAsync(MasterClient.Reattach(MasterClient.KeyOf(former), "taken"));
        await Sessionctl.LinesAsync("revoke", Id(revoked), "--masters", Address);

        string[] rows = [];
        await Eventually.IsTrueAsync(
            async () =>
            {
                rows = [.. (await Sessionctl.LinesAsync("list", "--json", "--masters", Address)).Select(Flags)];
                return rows.Contains(Suspects);
            },
            "one is suspect");

        Assert.Equal(["plain,", "revoked,REVOKING", Suspects, "taken,REATTACHED"], rows.Order(StringComparer.Ordinal));
        string[] lines = await Sessionctl.LinesAsync("list", "--masters", Address);
        Assert.Contains(lines, line => line.Contains(" - ", StringComparison.Ordinal) && line.Contains(" plain (", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" REVOKING   revoked (", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" REATTACHED taken (", StringComparison.Ordinal));
    }

    private static string Flags(string row)
    {
        JsonElement read = JsonDocument.Parse(row).RootElement;
        return $"{read.GetProperty("identity").GetString()},{string.Join(',', read.GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()))}";
    }

    [Fact]
    public async Task A_list_goes_on_past_a_page()
    {
        int sessions = (int)Limits.DefaultSessionsPerPage + 50;
        foreach (int[] some in Enumerable.Range(0, sessions).Chunk(100))
        {
            await Task.WhenAll(some.Select(i => Client.CreateKeyAsync($"server-{i}", termMs: 30_000)));
        }

        string[] lines = await Sessionctl.LinesAsync("list", "--masters", Address);
        Assert.Equal(sessions, lines.Skip(1).Select(line => line[..16]).Distinct().Count());
        Assert.Equal(sessions + 1, lines.Length);
    }

    [Fact]
    public async Task Items_are_shown_as_text_or_bytes()
    {
        Wire.SessionKey key = await Client.CreateKeyAsync("server");
        ulong revision = await Client.SetItemAsync(key, "disk/a", Encoding.UTF8.GetBytes("größe=7"));
        await Client.SetItemAsync(key, "disk/b", [0, 255]);
        await Client.SetItemAsync(key, "rack", Encoding.UTF8.GetBytes("\u001b[2J"));
        string[] lines = await Sessionctl.LinesAsync("items", Id(key), "--masters", Address, "--prefix", "disk/");
        Assert.Equal(3, lines.Length);
        Assert.Equal($"{revision,10} {9,8}  disk/a = größe=7", lines[1]);
        Assert.EndsWith(" 2  disk/b = base64:AP8=", lines[2], StringComparison.Ordinal);
        string[] json = await Sessionctl.LinesAsync("items", Id(key), "--masters", Address, "--json");
        Assert.Equal([.. "\u001b[2J"u8], JsonDocument.Parse(json[2]).RootElement.GetProperty("value_base64").GetBytesFromBase64());
    }

    [Fact]
    public async Task A_terminal_obeys_nothing_that_a_server_chose()
    {
        await Client.CreateKeyAsync("\u001b]0;owned\u0007");
        string[] lines = await Sessionctl.LinesAsync("list", "--masters", Address);
        Assert.Contains("\\u001b]0;owned\\u0007 (", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_session_hears_it_with_its_next_renewal()
    {
        Wire.SessionKey key = await Client.CreateKeyAsync("server");
        string line = Assert.Single(await Sessionctl.LinesAsync("revoke", Id(key), "--reason", "moved", "--masters", Address));
        Assert.StartsWith($"revoked {Id(key)} of server", line, StringComparison.Ordinal);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.SessionRevoked, () => Client.SetItemAsync(key, "rack", [1]));
    }

    [Fact]
    public async Task What_is_not_there_or_no_id_is_named()
    {
        foreach (string command in (string[])["revoke", "items", "show"])
        {
            await Sessionctl.FailAsync([command, "0000000000000abc", "--masters", Address], "UNKNOWN_SESSION", "0000000000000abc");
            await Sessionctl.FailAsync([command, "server-1", "--masters", Address], "UNKNOWN_SESSION: 'server-1' is no session's id");
            await Sessionctl.FailAsync([command, "", "--masters", Address], "a session is named by its id");
        }

        await Sessionctl.FailAsync(["list", "--masters", "nowhere"], "--masters[0] 'nowhere'");
        await Sessionctl.FailAsync(["list", "--masters", "127.0.0.1:1", "--timeout-ms", "300"], "NO_MASTER", "127.0.0.1:1");
    }

    [Fact]
    public async Task A_flag_that_is_wrong_is_named_with_its_limit_before_anybody_is_asked()
    {
        await Sessionctl.FailAsync(["list", "--timeout-ms", "0"], "INVALID_ARGUMENT: --timeout-ms is 0; it must be 1 to 3600000");
        await Sessionctl.FailAsync(["list", "--timeout-ms", "soon"], "INVALID_ARGUMENT: --timeout-ms is 'soon'; it must be a number, 1 to 3600000");
        await Sessionctl.FailAsync(["items", "1", "--prefix", new string('k', 257)], "INVALID_ARGUMENT: --prefix has 257 bytes; the limit is 256");
        await Sessionctl.FailAsync(["revoke", "1", "--reason", new string('r', 256)], "INVALID_ARGUMENT: --reason has 256 bytes; the limit is 255");
        string masters = string.Join(',', Enumerable.Repeat(Address, 17));
        await Sessionctl.FailAsync(["masters", "--masters", masters], "INVALID_ARGUMENT: --masters has 17 entries; it must have 1 to 16");
    }

    [Fact]
    public async Task A_master_that_is_down_is_passed_over()
    {
        await Client.CreateKeyAsync("server");
        Assert.Equal(2, (await Sessionctl.LinesAsync("list", "--masters", $"127.0.0.1:1,{Address}")).Length);
    }

    [Fact]
    public async Task Each_master_says_whether_it_leads()
    {
        string[] lines = await Sessionctl.LinesAsync("masters", "--masters", $"127.0.0.1:1,{Address}", "--timeout-ms", "2000");
        Assert.StartsWith("127.0.0.1:1  gave no answer: NO_MASTER", lines[0], StringComparison.Ordinal);
        Assert.Matches($"^{Address}  leads, master epoch [0-9]+$", lines[1]);
        await Sessionctl.FailAsync(["masters", "--masters", "127.0.0.1:1", "--timeout-ms", "500"], "none of them leads");
    }

    private static string Id(Wire.SessionKey key) => key.SessionId.ToString("x16", CultureInfo.InvariantCulture);
}
