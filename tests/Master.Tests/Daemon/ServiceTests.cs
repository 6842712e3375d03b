using System;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>session-master as a service: what it tells systemd, and its log.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Systemd_hears_when_it_serves_and_when_it_stops()
    {
        string path = _directory.File("notify");
        using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        using DaemonProcess daemon = await DaemonProcess.StartUnderSystemdAsync(path, _directory.File("s.db"));

        Assert.Equal("READY=1", await HearAsync(socket));
        await daemon.EndsCleanlyAsync();
        Assert.Equal("STOPPING=1", await HearAsync(socket));
    }

    [Fact]
    public async Task A_log_of_JSON_has_each_attribute_by_its_name()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("s.db"), "--log-format", "json");
        await daemon.EndsCleanlyAsync();

        JsonElement[] lines =
        [
            .. (await daemon.ErrorsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement),
        ];
        JsonElement leads = lines.Single(line => line.GetProperty("EventId").GetInt32() == 1012);
        Assert.Equal("Information", leads.GetProperty("LogLevel").GetString());
        Assert.Equal("Interop.Sessions.Master", leads.GetProperty("Category").GetString());
        Assert.Equal(0, leads.GetProperty("State").GetProperty("Sessions").GetInt32());
        Assert.EndsWith("Z", leads.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_of_warnings_says_nothing_of_what_goes_well()
    {
        using DaemonProcess quiet = await DaemonProcess.StartAsync(_directory.File("quiet.db"), "--log-level", "error");
        using DaemonProcess talks = await DaemonProcess.StartAsync(_directory.File("talks.db"));
        await quiet.EndsCleanlyAsync();
        await talks.EndsCleanlyAsync();

        Assert.Equal("", await quiet.ErrorsAsync());
        Assert.Contains("[1012]", await talks.ErrorsAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--log-level", "loud", "--log-level is loud; it must be one of trace, debug, information, warning, error, critical, none")]
    [InlineData("--log-level", "3", "--log-level is 3; it must be one of trace")]
    [InlineData("--log-format", "xml", "--log-format is xml; it must be one of text, json")]
    public async Task What_the_log_cannot_be_is_named(string flag, string value, string said)
    {
        (int code, string errors) = await DaemonProcess.EndAsync(
            DaemonProcess.Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", _directory.File("s.db"), "--create", flag, value);
        Assert.Equal(1, code);
        Assert.Contains($"INVALID_ARGUMENT: {said}", errors, StringComparison.Ordinal);
    }

    private static async Task<string> HearAsync(Socket socket)
    {
        byte[] heard = new byte[100];
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        return Encoding.UTF8.GetString(heard, 0, await socket.ReceiveAsync(heard, SocketFlags.None, patience.Token)).Trim();
    }
}
