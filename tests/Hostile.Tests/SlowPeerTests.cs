using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Google.Protobuf;
using Interop.Sessions.Hostile.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Hostile.Tests;

/// <summary>Whoever takes an answer, or sends a request, as slowly as it is let.</summary>
public sealed class SlowPeerTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>What a busy machine adds to a time of the master's.</summary>
    private const int GraceMs = 8000;

    private readonly Siege _siege = Siege.Begin("--max-item-bytes", $"{Limits.MaxItemBytes}", "--max-session-bytes", $"{Limits.MaxSessionBytes}");

    public void Dispose() => _siege.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(2000)]
    public void Who_reads_a_large_list_slowly_goes_away_in_seconds_and_leaves_room_for_others(int bytesAtATime)
    {
        const int Items = 6;
        for (int i = 0; i < Items; i++)
        {
            _siege.Honest.SetItem($"large-{i}", Limits.MaxItemBytes);
        }

        double beforeMb = _siege.ResidentMb;
        byte[] request = new Wire.ListSessionItemsRequest { SessionId = _siege.Honest.SessionId }.ToByteArray();
        using RawHttp2 slow = new(_siege.Port, window: 0);
        Stopwatch watch = Stopwatch.StartNew();
        uint stream = slow.Call(Siege.Administration + "ListSessionItems", request);
        slow.Flush();
        while (!slow.IsClosed && slow.WasReset == 0)
        {
            Assert.True(watch.ElapsedMilliseconds < Limits.MaxReplyPatienceMs + GraceMs, $"it is still written after {watch.Elapsed}");
            if (bytesAtATime > 0)
            {
                slow.Grant(stream, bytesAtATime);
                slow.Grant(0, bytesAtATime);
                slow.Flush();
            }

            Assert.Equal(1, _siege.SessionsOf("cs1"));
            Thread.Sleep(100);
        }

        output.WriteLine($"gone after {watch.Elapsed}");
        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        _siege.MemoryReturns(beforeMb);
    }

    [Fact]
    public void Requests_that_are_sent_byte_by_byte_go_away_in_seconds_and_keep_nobodys_place()
    {
        double beforeMb = _siege.ResidentMb;
        Stopwatch watch = Stopwatch.StartNew();
        List<(RawHttp2 Connection, uint[] Streams)> attackers =
        [
            .. Enumerable.Range(0, (Limits.MaxCreatesInProgress / Limits.MaxStreamsPerConnection) + 1).Select(_ =>
            {
                RawHttp2 attacker = new(_siege.Port);
                return (attacker, Enumerable.Range(0, Limits.MaxStreamsPerConnection).Select(_ =>
                {
                    uint stream = attacker.Open(Siege.Sessions + "CreateSession");
                    attacker.Message(stream, new byte[1], ends: false, claims: 10_000);
                    return stream;
                }).ToArray());
            }),
        ];

        // Kestrel lets a connection be that sends 240 bytes a second.
        while (attackers.Any(attacker => !attacker.Connection.IsClosed && attacker.Connection.WasReset < attacker.Streams.Length))
        {
            Assert.True(watch.ElapsedMilliseconds < Limits.RequestPatienceMs + GraceMs, $"they are still awaited after {watch.Elapsed}");
            foreach ((RawHttp2 connection, uint[] streams) in attackers)
            {
                foreach (uint stream in streams)
                {
                    connection.Frame(RawHttp2.Data, 0, stream, [0]);
                }

                connection.Flush();
            }

            Thread.Sleep(100);
        }

        output.WriteLine($"gone after {watch.Elapsed}");
        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        attackers.ForEach(attacker => attacker.Connection.Dispose());
        _siege.MemoryReturns(beforeMb);
    }
}
