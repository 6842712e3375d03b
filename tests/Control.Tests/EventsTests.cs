using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control.Tests;

/// <summary>"Who died in the last hour, and why?", asked of a real master.</summary>
public sealed class EventsTests : OneMaster
{
    private protected override string[] Options => ["--min-term-ms", "200"];

    [Fact]
    public async Task Each_end_has_a_line_with_its_cause_and_a_master_that_was_killed_at_once_forgets_none()
    {
        Assert.StartsWith("TIME (UTC)", Assert.Single(await EventsAsync()), StringComparison.Ordinal);
        Wire.SessionKey closed = await Client.CreateKeyAsync("closed");
        Wire.SessionKey revoked = await Client.CreateKeyAsync("revoked");
        await Client.CloseAsync(closed);
        await Sessionctl.LinesAsync("revoke", Id(revoked), "--reason", "rack 7 goes down", "--masters", Address, "--timeout-ms", "60000");
        await Client.CloseAsync(revoked);
        await Client.CreateKeyAsync("expired", termMs: 200);
        await Eventually.IsTrueAsync(async () => (await EventsAsync()).Length == 4, "it has expired");
        await Master.KillAsync();
        Master.Dispose();
        Master = await DaemonProcess.StartAsync(Store);

        string[] lines = await EventsAsync("--since", "1h");

        Assert.Matches(Line("CLOSED", closed.Epoch, "closed", "the session was given back"), lines[1]);
        Assert.Matches(Line("REVOKED", revoked.Epoch, "revoked", "rack 7 goes down"), lines[2]);
        Assert.Matches(Line("EXPIRED", null, "expired", "the session was not renewed within its term"), lines[3]);
        Assert.Equal(lines[2], Assert.Single((await EventsAsync("--identity", "rev")).Skip(1)));
    }

    [Fact]
    public async Task In_JSON_an_end_says_everything()
    {
        Wire.SessionKey key = await Client.CreateKeyAsync("server", termMs: 3000);
        using (RenewalStream stream = Client.OpenStream())
        {
            Wire.KeepAliveRequest word = new() { Inquiries = { key }, GateClosed = { key.SessionId } };
            Assert.Equal(0u, Assert.Single((await stream.AskAsync(word)).Renewals).TermMs);
        }

        string[] lines = [];
        await Eventually.IsTrueAsync(async () => (lines = await EventsAsync("--json")).Length == 1, "it has expired");

        JsonElement end = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(Id(key), end.GetProperty("session_id").GetString());
        Assert.Equal(key.Epoch, end.GetProperty("epoch").GetUInt64());
        Assert.Equal("server", end.GetProperty("identity").GetString());
        Assert.Equal("host-of-server", end.GetProperty("host_name").GetString());
        Assert.Equal(4711, end.GetProperty("process_id").GetInt32());
        Assert.Matches("^127\\.0\\.0\\.1:[0-9]+$", end.GetProperty("peer_address").GetString()!);
        Assert.Equal("EXPIRED", end.GetProperty("reason").GetString());
        Assert.Equal("the session was not renewed within its term", end.GetProperty("text").GetString());
        Assert.True(end.GetProperty("is_gate_closed").GetBoolean());
        long silentMs = end.GetProperty("silent_ms").GetInt64();
        Assert.InRange(silentMs, 3000, 300_000);
        long endedMs = end.GetProperty("ended_unix_ms").GetInt64();
        Assert.InRange(endedMs, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 300_000, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1);
        Assert.Equal(endedMs - silentMs, end.GetProperty("renewed_unix_ms").GetInt64());
        Assert.EndsWith("; its health gate was closed", (await EventsAsync())[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_for_wrongly_is_named_with_its_limit()
    {
        await Sessionctl.FailAsync(["events", "--since", "soon"], "INVALID_ARGUMENT: --since is 'soon'; it must be a number and s, m, h or d");
        await Sessionctl.FailAsync(["events", "--since", "8d"], "--since is '8d'", "1s to 7d");
        await Sessionctl.FailAsync(["events", "--identity", new string('i', 129)], "INVALID_ARGUMENT: --identity has 129 bytes; the limit is 128");
    }

    [Fact]
    public async Task A_list_goes_on_past_a_page_and_a_terminal_obeys_nothing_in_it()
    {
        int ends = (int)Limits.MaxEndsPerPage + 50;
        foreach (int[] some in Enumerable.Range(0, ends).Chunk(150))
        {
            Wire.SessionKey[] keys = await Task.WhenAll(some.Select(i => Client.CreateKeyAsync($"server-{i}\u001b[2J", termMs: 30_000)));
            await Task.WhenAll(keys.Select(Client.CloseAsync));
        }

        string[] lines = await EventsAsync("--identity", "server-");

        Assert.Equal(ends + 1, lines.Length);
        Assert.Equal(ends + 1, lines.Distinct().Count());
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    private async Task<string[]> EventsAsync(params string[] more) =>
        await Sessionctl.LinesAsync(["events", "--masters", Address, "--timeout-ms", "60000", .. more]);

    private static string Line(string reason, ulong? epoch, string identity, string text) =>
        $@"^\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{{3}} {reason} +{epoch?.ToString(CultureInfo.InvariantCulture) ?? "[0-9]+"} +[0-9]+  {identity} " +
        $@"\(host-of-{identity}, 4711, 127\.0\.0\.1:[0-9]+\): {text}$";

    private static string Id(Wire.SessionKey key) => key.SessionId.ToString("x16", CultureInfo.InvariantCulture);
}
