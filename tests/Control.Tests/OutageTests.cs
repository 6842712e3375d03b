using System;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Control.Tests;

/// <summary>What an operator sees of a master whose etcd is away.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly EtcdCluster _etcd = new();

    public void Dispose() => _etcd.Dispose();

    [Fact]
    public async Task A_master_that_may_not_act_any_more_does_not_lead_and_lists_nothing()
    {
        using DaemonProcess master = await DaemonProcess.StartOnEtcdAsync(_etcd.Endpoints, "--leader-term-ms", "2000");
        string address = $"127.0.0.1:{master.Port}";
        using MasterClient client = new(master.Port);
        await Eventually.IsTrueAsync(
            async () => await Record.ExceptionAsync(() => client.CreateKeyAsync("server", 10_000)) == null, "served");
        Assert.EndsWith(
            "leads, master epoch", (await Sessionctl.LinesAsync("masters", "--masters", address))[0].TrimEnd("0123456789 ".ToCharArray()), StringComparison.Ordinal);

        _etcd.Nodes[0].Kill();

        Sessionctl asked = await Sessionctl.RunAsync("masters", "--masters", address);
        await Eventually.IsTrueAsync(
            async () => (asked = await Sessionctl.RunAsync("masters", "--masters", address)).ExitCode != 0, "not leading");
        Assert.Equal(1, asked.ExitCode);
        Assert.StartsWith($"{address}  does not lead: its lease was not renewed", asked.Lines[0], StringComparison.Ordinal);
        await Sessionctl.FailAsync(["list", "--masters", address, "--timeout-ms", "3000"], "does not lead");

        _etcd.Nodes[0].Start();

        await Eventually.IsTrueAsync(
            async () => (await Sessionctl.RunAsync("masters", "--masters", address)).ExitCode == 0, "leading again");
        Assert.Equal(2, (await Sessionctl.LinesAsync("list", "--masters", address)).Length);
    }
}
