using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;
using Interop.Sessions.Hostile.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Hostile.Tests;

/// <summary>Whoever reaches the port sends as much as it can. The honest session is renewed all the while.</summary>
public sealed class FloodTests(ITestOutputHelper output) : IDisposable
{
    private const double Seconds = 4;
    private readonly Siege _siege = Siege.Begin();

    public void Dispose() => _siege.Dispose();

    [Fact]
    public void Creates_that_are_reset_at_once_are_not_carried_out_and_starve_no_renewal()
    {
        double beforeMb = _siege.ResidentMb;
        int sent = 0;

        int connections = Siege.For(Seconds, () =>
        {
            using RawHttp2 attacker = new(_siege.Port);
            while (!attacker.IsClosed && sent % 1000 < 999)
            {
                attacker.Cancel(attacker.Call(Siege.Sessions + "CreateSession", Siege.CreateRequest($"flood-{sent++}")));
            }

            sent++;
            attacker.Flush();
        });

        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        int made = _siege.SessionsOf("flood-");
        output.WriteLine(
            $"{sent} creates over {connections} connections, {made} carried out, {_siege.ResidentMb:F0} MB after {beforeMb:F0}");
        Assert.True(made < sent / 10, $"{made} of {sent} creates were carried out");
        _siege.MemoryReturns(beforeMb);
    }

    [Fact]
    public void Lists_that_nobody_reads_take_no_more_than_their_budget()
    {
        for (int i = 0; i < 15; i++)
        {
            _siege.Honest.SetItem($"large-{i}", Limits.DefaultMaxItemBytes);
        }

        double beforeMb = _siege.ResidentMb;
        byte[] request = new Wire.ListSessionItemsRequest { SessionId = _siege.Honest.SessionId }.ToByteArray();
        List<RawHttp2> attackers = [];
        double mostMb = 0;

        Siege.For(Seconds, () =>
        {
            RawHttp2 attacker = new(_siege.Port, window: 0);
            attackers.Add(attacker);
            for (int i = 0; i < Limits.MaxStreamsPerConnection; i++)
            {
                attacker.Call(Siege.Administration + "ListSessionItems", request);
            }

            attacker.Flush();
            mostMb = Math.Max(mostMb, _siege.ResidentMb);
        });

        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        output.WriteLine($"{attackers.Count} connections, at most {mostMb:F0} MB, {beforeMb:F0} MB before");
        AssertBounded(mostMb, beforeMb, Limits.MaxReplyBytesInProgress);
        attackers.ForEach(attacker => attacker.Dispose());
        _siege.MemoryReturns(beforeMb);
    }

    [Fact]
    public void Lists_of_sessions_by_whoever_holds_one_starve_no_honest_session()
    {
        double beforeMb = _siege.ResidentMb;
        byte[] request = new Wire.ListSessionsRequest { IdentityPrefix = "none", Session = _siege.HeldBy("lister") }.ToByteArray();
        List<RawHttp2> attackers = [];

        Siege.For(Seconds, () =>
        {
            RawHttp2 attacker = new(_siege.Port);
            attackers.Add(attacker);
            for (int i = 0; i < Limits.MaxStreamsPerConnection && !attacker.IsClosed; i++)
            {
                attacker.Call(Siege.Sessions + "ListSessions", request);
            }

            attacker.Flush();
        });

        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        output.WriteLine($"{attackers.Count} connections, {_siege.ResidentMb:F0} MB after {beforeMb:F0}");
        attackers.ForEach(attacker => attacker.Dispose());
        _siege.MemoryReturns(beforeMb);
    }

    [Fact]
    public void Requests_that_never_end_take_no_more_than_their_budget()
    {
        double beforeMb = _siege.ResidentMb;
        byte[] part = new byte[100_000];
        List<RawHttp2> attackers = [];
        double mostMb = 0;

        Siege.For(Seconds, () =>
        {
            RawHttp2 attacker = new(_siege.Port);
            attackers.Add(attacker);
            for (int i = 0; i < Limits.MaxStreamsPerConnection && !attacker.IsClosed; i++)
            {
                attacker.Message(attacker.Open(Siege.Sessions + "SetItem"), part, ends: false, claims: 1_000_000);
            }

            attacker.Flush();
            mostMb = Math.Max(mostMb, _siege.ResidentMb);
        });

        _siege.HonestStaysAlive();
        output.WriteLine($"{attackers.Count} connections, at most {mostMb:F0} MB, {beforeMb:F0} MB before");
        AssertBounded(mostMb, beforeMb, Limits.MaxRequestBytesInProgress);
        attackers.ForEach(attacker => attacker.Dispose());
        _siege.ANewcomerGetsASession("newcomer");
        _siege.MemoryReturns(beforeMb);
    }

    [Fact]
    public void Thousands_of_keep_alive_streams_that_end_at_once_keep_no_renewal_waiting()
    {
        double beforeMb = _siege.ResidentMb;
        byte[] renewal = new Wire.KeepAliveRequest
        {
            BatchId = 1,
            Renewals = { new Wire.SessionKey { SessionId = 1, Epoch = 1, Nonce = 1 } },
        }.ToByteArray();
        int streams = 0;

        int rounds = Siege.For(Seconds, () =>
        {
            RawHttp2[] attackers = [.. Enumerable.Range(0, 20).Select(_ => new RawHttp2(_siege.Port))];
            foreach (RawHttp2 attacker in attackers)
            {
                for (int i = 0; i < Limits.MaxStreamsPerConnection; i++)
                {
                    attacker.Message(attacker.Open(Siege.Sessions + "KeepAlive"), renewal, ends: false);
                    streams++;
                }

                attacker.Flush();
            }

            foreach (RawHttp2 attacker in attackers)
            {
                attacker.Dispose();
            }
        });

        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        output.WriteLine($"{streams} streams in {rounds} rounds, {_siege.ResidentMb:F0} MB after {beforeMb:F0}");
        _siege.MemoryReturns(beforeMb);
    }

    [Fact]
    public void Messages_that_make_no_sense_cost_nothing_but_their_refusal()
    {
        double beforeMb = _siege.ResidentMb;
        int logged = _siege.Log.Length;
        int sent = 0;

        Siege.For(Seconds, () =>
        {
            using RawHttp2 attacker = new(_siege.Port);
            for (int i = 0; i < 500 && !attacker.IsClosed; i++)
            {
                attacker.Call(Siege.Sessions + "CreateSession", [0xff, 0xff, (byte)i]);
                attacker.Message(attacker.Open(Siege.Sessions + "KeepAlive", "grpc-encoding", "gzip"), [1, 2, 3], isCompressed: true);
                sent++;
            }

            attacker.Flush();
            Eventually.IsTrue(() => attacker.IsClosed || attacker.Answered > 0, "answered");
        });

        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        output.WriteLine($"{sent} messages, {_siege.Log.Length - logged} characters logged");
        Assert.True(_siege.Log.Length - logged < 20_000, _siege.Log);
        _siege.MemoryReturns(beforeMb);
    }

    [Theory]
    [InlineData("pings")]
    [InlineData("settings")]
    [InlineData("continuations")]
    public void Frames_without_end_take_no_memory(string kind)
    {
        double beforeMb = _siege.ResidentMb;
        byte[] opaque = new byte[8];
        int sent = 0;

        Siege.For(Seconds, () =>
        {
            using RawHttp2 attacker = new(_siege.Port, reads: kind != "pings");
            if (kind == "continuations")
            {
                attacker.Frame(RawHttp2.Headers, 0, 1, []);
            }

            for (int i = 0; i < 20_000 && !attacker.IsClosed; i++)
            {
                switch (kind)
                {
                    case "pings":
                        attacker.Frame(RawHttp2.Ping, 0, 0, opaque);
                        break;
                    case "settings":
                        attacker.Frame(RawHttp2.Settings, 0, 0, []);
                        break;
                    default:
                        attacker.Frame(RawHttp2.Continuation, 0, 1, []);
                        break;
                }

                sent++;
            }

            attacker.Flush();
        });

        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        output.WriteLine($"{sent} frames, {_siege.ResidentMb:F0} MB after {beforeMb:F0}");
        _siege.MemoryReturns(beforeMb);
    }

    /// <summary>The budget, in messages and in buffers, and what the streams of strangers cost.</summary>
    private static void AssertBounded(double mostMb, double beforeMb, long budget)
    {
        const double MbOfStranger = 4;
        double boundMb = beforeMb + (3 * budget / 1e6) + (Limits.MaxStrangers * MbOfStranger);
        Assert.True(mostMb < boundMb, $"{mostMb:F0} MB, {beforeMb:F0} MB before; the bound is {boundMb:F0} MB");
    }
}
