using System;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>The daemon's log, which neither its readers nor strangers may turn against it.</summary>
public sealed class StrangersLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_log_that_nobody_reads_stops_no_create_no_renewal_and_no_end()
    {
        const int Creates = 1500; // Of some 200 bytes each: a pipe takes 64 KiB.
        using DaemonProcess daemon = await DaemonProcess.StartUnreadAsync(
            _directory.File("pipe"), _directory.File("sessions.db"));
        using MasterClient client = new(daemon.Port);
        Wire.SessionKey honest = await client.CreateKeyAsync("honest", Limits.MaxTermMs);

        for (int created = 0; created < Creates; created += 50)
        {
            await Task.WhenAll(Enumerable.Range(created, 50).Select(i => client.CreateAsync($"server-{i}")));
        }

        using RenewalStream stream = client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(honest));
        await daemon.EndsCleanlyAsync();
    }

    [Fact]
    public async Task A_create_is_one_line_that_says_whose_it_is_and_what_others_chose_forges_no_line()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("sessions.db"));
        using MasterClient client = new(daemon.Port);
        await client.CreateAsync("honest");
        await client.CreateAsync("evil\r\n2026-01-01 info: forged\u001b[2J\u202e");
        await daemon.EndsCleanlyAsync();

        string log = await daemon.ErrorsAsync();
        string line = Assert.Single(log.Split('\n'), line => line.Contains("identity honest", StringComparison.Ordinal));
        Assert.Contains("info: Interop.Sessions.Master[1026]", line, StringComparison.Ordinal);
        Assert.Contains("host host-of-honest, process 4711", line, StringComparison.Ordinal);
        Assert.Contains("evil\\u000d\\u000a2026-01-01 info: forged\\u001b[2J\\u202e", log, StringComparison.Ordinal);
        Assert.DoesNotContain(log, c => c is '\r' or '\u001b' or '\u202e');
    }

    [Fact]
    public async Task Creates_that_are_refused_by_the_thousand_cost_some_lines()
    {
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("sessions.db"), "--max-sessions", "1");
        using MasterClient client = new(daemon.Port);
        await client.CreateAsync("first");
        for (int i = 0; i < 200; i++)
        {
            await MasterClient.AssertRefusedAsync(SessionStatus.TooManySessions, () => client.CreateAsync($"server-{i}"));
        }

        await daemon.EndsCleanlyAsync();
        // Three at once, and one in ten seconds.
        Assert.InRange((await daemon.ErrorsAsync()).Split("Master[1007]").Length - 1, 3, 20);
    }

    [Fact]
    public async Task A_message_that_makes_no_sense_costs_no_line_of_the_log()
    {
        Marshaller<byte[]> raw = Marshallers.Create(bytes => bytes, bytes => bytes);
        Method<byte[], byte[]> create = new(MethodType.Unary, Wire.Sessions.Descriptor.FullName, "CreateSession", raw, raw);
        using DaemonProcess daemon = await DaemonProcess.StartAsync(_directory.File("sessions.db"));
        using MasterClient client = new(daemon.Port);
        CallInvoker calls = client.Calls;

        for (int i = 0; i < 20; i++)
        {
            await MasterClient.AssertRefusedAsync(
                SessionStatus.InvalidArgument, async () => await calls.AsyncUnaryCall(create, null, default, [0xff, 0xff]));
        }

        await daemon.EndsCleanlyAsync();
        Assert.DoesNotContain("Exception", await daemon.ErrorsAsync(), StringComparison.Ordinal);
    }
}
