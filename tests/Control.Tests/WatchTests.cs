using System;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control.Tests;

/// <summary>sessionctl watch, which runs until it is interrupted.</summary>
public sealed class WatchTests : OneMaster
{
    [Fact]
    public async Task Says_all_that_there_is_and_what_changes_until_it_is_interrupted()
    {
        Wire.SessionKey key = await Client.CreateKeyAsync("rack1-a");
        await Client.CreateKeyAsync("rack2-b");
        using Process watch = Start("rack1-", "--json");
        Assert.Equal("STATE_BEGINS", Event(await LineAsync(watch)));
        JsonElement created = Parse(await LineAsync(watch));
        Assert.Equal(
            ("CREATED", "rack1-a", $"{key.SessionId:x16}"),
            (Event(created), created.GetProperty("identity").GetString(), created.GetProperty("session_id").GetString()));
        Assert.Equal(["STATE_ENDS", "PROGRESS"], [Event(await LineAsync(watch)), Event(await LineAsync(watch))]);

        ulong revision = await Client.SetItemAsync(key, "k", [1, 2]);
        JsonElement set = Parse(await LineAsync(watch, "PROGRESS"));
        Assert.Equal(
            ("ITEM_SET", "k", "AQI=", revision),
            (Event(set), set.GetProperty("key").GetString(), set.GetProperty("value_base64").GetString(), set.GetProperty("revision").GetUInt64()));
        using Process later = Start("--after", $"{revision}", "--kinds", "items,sessions");
        await Client.CloseAsync(key);
        Assert.Contains("ENDED", await LineAsync(later), StringComparison.Ordinal);

        Signals.Send(watch.Id, Signals.Interrupt);
        await Eventually.Ends(watch.WaitForExitAsync());
        Assert.Equal(130, watch.ExitCode);
        later.Kill();
    }

    [Fact]
    public async Task What_makes_no_sense_or_finds_no_leader_is_told_in_a_line()
    {
        await Sessionctl.FailAsync(["watch", "--kinds", "items,all", "--masters", Address], "--kinds is 'items,all'", "access-points");
        await Sessionctl.FailAsync(["watch", "--masters", "127.0.0.1:1", "--timeout-ms", "200"], "NO_MASTER");
    }

    private Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Built.Value("SessionctlProgram"), ["watch", .. arguments, "--masters", Address, "--insecure", "loopback", "--timeout-ms", "30000"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task<string> LineAsync(Process watch, string passedOver = "none")
    {
        string line;
        do
        {
            line = await NextLineAsync(watch);
        }
        while (line.Contains(passedOver, StringComparison.Ordinal));
        return line;
    }

    private static async Task<string> NextLineAsync(Process watch)
    {
        try
        {
            string? line = await Eventually.Ends(watch.StandardOutput.ReadLineAsync());
            return line ?? throw new InvalidOperationException("it has ended");
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            bool hasEnded = watch.HasExited;
            watch.Kill();
            throw new InvalidOperationException(
                $"no line has come: {error.Message}; ended: {hasEnded}; it said: {await watch.StandardError.ReadToEndAsync()}", error);
        }
    }

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;

    private static string Event(string line) => Event(Parse(line));

    private static string Event(JsonElement line) => line.GetProperty("event").GetString()!;
}
