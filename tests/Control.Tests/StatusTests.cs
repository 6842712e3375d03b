using System;
using System.Text.Json;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control.Tests;

/// <summary>A cell on one screen, and who leads it, against real masters.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_master_that_leads_shows_what_it_has_and_what_it_has_done()
    {
        using DaemonProcess master = await DaemonProcess.StartAsync(_directory.File("sessions.db"));
        using MasterClient client = new(master.Port);
        Wire.SessionKey key = await client.CreateKeyAsync("server-1", termMs: 60_000);
        Wire.SessionKey gone = await client.CreateKeyAsync("server-2");
        await client.CloseAsync(gone);
        using RenewalStream stream = client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));

        string address = $"127.0.0.1:{master.Port}";
        string[] lines = await Sessionctl.LinesAsync("status", "--masters", address);
        Assert.Matches($"^{address}  leads, master epoch [0-9]+$", lines[0]);
        Assert.Contains(lines, line => line.EndsWith("1; 2 granted, 1 ended", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("1 answered, 0 refused", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" 0 failed; the last took ", StringComparison.Ordinal));
        Assert.Equal("ended in the last hour: 1 CLOSED", lines[^1]);

        JsonElement shown = JsonDocument.Parse(Assert.Single(
            await Sessionctl.LinesAsync("status", "--json", "--masters", address))).RootElement;
        Assert.Equal((1, 1, false), (
            shown.GetProperty("sessions").GetInt32(), shown.GetProperty("renewed").GetInt32(), shown.GetProperty("is_elected").GetBoolean()));
        Assert.NotEqual("", shown.GetProperty("version").GetString());
        await Sessionctl.FailAsync(["resign", "--masters", address], "INVALID_ARGUMENT", "nobody else can lead");
    }

    [Fact]
    public async Task Of_two_masters_one_stands_by_until_the_other_resigns()
    {
        using EtcdCluster etcd = new();
        using DaemonProcess first = await DaemonProcess.StartOnEtcdAsync(etcd.Endpoints, "--leader-term-ms", "30000");
        string firstAddress = $"127.0.0.1:{first.Port}";
        await Eventually.IsTrueAsync(
            async () => (await Sessionctl.RunAsync("status", "--masters", firstAddress)).ExitCode == 0, "the first leads");
        using DaemonProcess second = await DaemonProcess.StartOnEtcdAsync(etcd.Endpoints, "--leader-term-ms", "30000");
        string secondAddress = $"127.0.0.1:{second.Port}";
        string both = $"{secondAddress},{firstAddress}";

        string[] lines = await Sessionctl.LinesAsync("status", "--masters", both);
        Assert.StartsWith($"{secondAddress}  stands by: this master does not lead", lines[0], StringComparison.Ordinal);
        Assert.Single(lines, line => line.StartsWith($"{firstAddress}  leads, master epoch ", StringComparison.Ordinal));
        await Sessionctl.LinesAsync("resign", "--masters", both, "--timeout-ms", "60000");

        await Eventually.IsTrueAsync(
            async () => (await Sessionctl.RunAsync("status", "--masters", secondAddress)).ExitCode == 0, "the second leads");
        await Sessionctl.FailAsync(["status", "--masters", firstAddress], "none of them leads");
    }

    [Fact]
    public async Task One_that_does_not_answer_is_named_and_the_others_are_shown()
    {
        using DaemonProcess master = await DaemonProcess.StartAsync(_directory.File("sessions.db"));
        string nowhere = $"127.0.0.1:{Ports.Free(1)[0]}";
        string[] lines = await Sessionctl.LinesAsync("status", "--masters", $"{nowhere},127.0.0.1:{master.Port}");
        Assert.StartsWith($"{nowhere}  gave no answer: NO_MASTER", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"127.0.0.1:{master.Port}  leads", lines[1], StringComparison.Ordinal);
        await Sessionctl.FailAsync(["status", "--masters", nowhere], "none of them leads");
    }
}
