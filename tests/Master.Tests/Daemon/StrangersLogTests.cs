using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
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
    /// <summary>Calls in progress: fewer than one connection may have.</summary>
    private const int AtOnce = 80;

    private const string Item = "item";

    /// <summary>A call of a trace is a line of the log at debug, each time: there is none that costs less.</summary>
    private static readonly Metadata s_traced = new() { { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_log_that_nobody_reads_stops_no_call_and_no_renewal_and_counts_what_it_drops()
    {
        // The rest does not fit into the pipe: 64 KiB, some 400 lines.
        const int Calls = Limits.MaxWaitingLogLines + (30 * AtOnce);
        string pipe = _directory.File("pipe");
        using DaemonProcess daemon = await DaemonProcess.StartUnreadAsync(pipe, _directory.File("sessions.db"), "--log-level", "debug");
        using MasterClient client = new(daemon.Port);
        Wire.SessionKey honest = await client.CreateKeyAsync("honest");
        await client.SetItemAsync(honest, Item, [1]);
        using RenewalStream stream = client.OpenStream();

        for (int said = 0; said < Calls; said += AtOnce)
        {
            await SayAsync(client, honest, AtOnce);
            Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(honest));
        }

        await client.CreateAsync("another");

        // Somebody reads at last. What was dropped is told with the next line that finds room.
        List<string> log = [];
        Task reading = Eventually.OnOwnThread(() => Read(pipe, log));
        int more = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                more++;
                await SayAsync(client, honest, 1);
                Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(honest));
                return Dropped(log) > 0;
            },
            "told what was dropped");
        await daemon.EndsCleanlyAsync();
        await Eventually.Ends(reading);

        int read = log.Count(line => line.Contains("Master[1084]", StringComparison.Ordinal));
        Assert.True(read >= Limits.MaxWaitingLogLines, $"{read} lines were kept");
        // Other lines are few, and may have been dropped too.
        Assert.InRange(read + Dropped(log), Calls + more, Calls + more + 20);
    }

    [Fact]
    public async Task A_log_that_nobody_reads_stops_no_end()
    {
        using DaemonProcess daemon = await DaemonProcess.StartUnreadAsync(
            _directory.File("pipe"), _directory.File("sessions.db"), "--log-level", "debug");
        using MasterClient client = new(daemon.Port);
        Wire.SessionKey honest = await client.CreateKeyAsync("honest");
        await client.SetItemAsync(honest, Item, [1]);
        // More than the pipe takes: who writes the log hangs in it.
        await SayAsync(client, honest, 12 * AtOnce);
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

    /// <summary>So many lines, by so many calls.</summary>
    private static async Task SayAsync(MasterClient client, Wire.SessionKey session, int lines)
    {
        for (int said = 0; said < lines; said += AtOnce)
        {
            await Eventually.Ends(Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, lines - said)).Select(_ => SayAsync(client, session))));
        }
    }

    private static async Task SayAsync(MasterClient client, Wire.SessionKey session) =>
        await client.Sessions.GetItemAsync(new Wire.GetItemRequest { Session = session, Key = Item }, s_traced);

    /// <summary>Until everybody who writes into the pipe has gone.</summary>
    private static void Read(string pipe, List<string> log)
    {
        foreach (string line in File.ReadLines(pipe))
        {
            lock (log)
            {
                log.Add(line);
            }
        }
    }

    /// <summary>How many lines the log says that it has dropped, all together; the words are .NET's.</summary>
    private static int Dropped(List<string> log)
    {
        const string Told = " message(s) dropped because of queue size limit";
        lock (log)
        {
            return log.Where(line => line.Contains(Told, StringComparison.Ordinal))
                .Sum(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
        }
    }
}
