using System;
using System.IO;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control.Tests;

/// <summary>An operator shows a name by a token, to a master that has rules.</summary>
[SupportedOSPlatform("linux")]
public sealed class TokenTests : IDisposable
{
    /// <summary>Longer than a few programs take on a busy machine.</summary>
    private const uint LongTermMs = 600_000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_the_rules_give_a_name_its_token_may_do()
    {
        Write("rules", "allow cs1 serve cs/{name}\nallow watcher read\nallow operator administer\n");
        Write("tokens", $"{Line("cs1")}\n{Line("watcher")}\n{Line("operator")}\n");
        using DaemonProcess master = await DaemonProcess.StartAsync(
            _directory.File("sessions.db"), "--authorization-file", _directory.File("rules"), "--tokens-file", _directory.File("tokens"),
            "--max-term-ms", $"{LongTermMs}");
        string address = $"127.0.0.1:{master.Port}";
        using MasterClient holder = new(master.Port, TokenOf("cs1"));
        Wire.SessionKey key = await holder.CreateKeyAsync("cs/cs1", LongTermMs);
        string id = key.SessionId.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

        await Sessionctl.FailAsync(["list", .. To(address)], "UNAUTHENTICATED: the caller has shown no name");
        Assert.Equal(2, (await Sessionctl.LinesAsync(["list", .. To(address), "--token-file", FileOf("watcher")])).Length);
        await Sessionctl.FailAsync(
            ["revoke", id, .. To(address), "--token-file", FileOf("watcher")],
            "PERMISSION_DENIED: 'watcher' (token) may not administer: no rule gives it that right");
        await Sessionctl.LinesAsync(["revoke", id, .. To(address), "--token-file", FileOf("operator")]);
        Assert.Single(await Sessionctl.LinesAsync(["masters", .. To(address), "--token-file", FileOf("operator")]));
    }

    [Fact]
    public async Task A_file_of_a_token_that_others_may_read_is_refused()
    {
        File.SetUnixFileMode(FileOf("operator"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        await Sessionctl.FailAsync(
            ["list", "--token-file", _directory.File("operator.token")], $"--token-file '{_directory.File("operator.token")}' has mode 0440");
    }

    [Fact]
    public async Task A_daemon_with_rules_that_make_no_sense_does_not_start()
    {
        Write("rules", "allow cs1 hold\n");
        (int exitCode, string errors) = await DaemonProcess.EndAsync(
            DaemonProcess.Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", _directory.File("sessions.db"), "--create", "--authorization-file",
            _directory.File("rules"));
        Assert.NotEqual(0, exitCode);
        Assert.Contains(
            $"file of rules '{_directory.File("rules")}', line 1: 'hold' lacks its prefix", errors, StringComparison.Ordinal);
    }

    private static string[] To(string address) => ["--masters", address, "--timeout-ms", "60000"];

    private static string TokenOf(string name) => $"the-token-of-{name}-which-nobody-guesses";

    private static string Line(string name) => $"{name} {Convert.ToHexStringLower(BearerToken.HashOf(TokenOf(name)))}";

    private string FileOf(string name)
    {
        string path = Write($"{name}.token", TokenOf(name));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private string Write(string name, string content)
    {
        File.WriteAllText(_directory.File(name), content);
        return _directory.File(name);
    }
}
