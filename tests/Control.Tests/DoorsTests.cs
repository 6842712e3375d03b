using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control.Tests;

/// <summary>An operator at the two addresses that a master may have for operators.</summary>
public sealed class DoorsTests : IDisposable
{
    private const uint LongTermMs = 600_000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Over_a_Unix_socket_the_kernel_names_the_operator()
    {
        string path = _directory.File("master.sock");
        File.WriteAllText(_directory.File("rules"), $"allow - serve a\nallow {OwnUser.Name} read\n");
        using DaemonProcess master = await DaemonProcess.StartAsync(
            _directory.File("sessions.db"), "--unix-socket", path, "--authorization-file", _directory.File("rules"),
            "--max-term-ms", $"{LongTermMs}");
        using MasterClient holder = new(master.Port);
        Wire.SessionKey key = await holder.CreateKeyAsync("a", LongTermMs);

        // Without --insecure: it is about TCP.
        string[] to = ["--masters", $"unix:{path}", "--insecure", "no"];
        Assert.Equal(2, (await Sessionctl.LinesAsync(["list", .. to])).Length);
        Assert.StartsWith($"unix:{path}  leads", Assert.Single(await Sessionctl.LinesAsync(["masters", .. to])), StringComparison.Ordinal);
        await Sessionctl.FailAsync(
            ["revoke", IdOf(key), .. to], $"PERMISSION_DENIED: '{OwnUser.Name}' (Unix socket) may not administer: no rule gives it that right");
        await Sessionctl.FailAsync(
            ["list", "--masters", $"unix:{path},127.0.0.1:{master.Port}", "--insecure", "no"], "--tls-ca-file must be given, for TLS, or --insecure");
    }

    [Fact]
    public async Task Administration_that_is_apart_is_answered_there_and_refused_at_the_other_address()
    {
        using DaemonProcess master = await DaemonProcess.StartAsync(
            _directory.File("sessions.db"), "--admin-listen", "127.0.0.1:0", "--max-term-ms", $"{LongTermMs}");
        using MasterClient holder = new(master.Port);
        Wire.SessionKey key = await holder.CreateKeyAsync("a", LongTermMs);

        string[] to = ["--masters", $"127.0.0.1:{master.AdminPort}"];
        Assert.Equal(2, (await Sessionctl.LinesAsync(["list", .. to])).Length);
        await Sessionctl.LinesAsync(["revoke", IdOf(key), .. to]);
        await Sessionctl.FailAsync(
            ["list", "--masters", $"127.0.0.1:{master.Port}"],
            "PERMISSION_DENIED: administration is not served here: this master has another address for it (admin_listen_address)");
    }

    private static string IdOf(Wire.SessionKey key) => key.SessionId.ToString("x16", CultureInfo.InvariantCulture);
}
