using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Google.Protobuf;
using Interop.Sessions.Tests.Support;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Hostile.Tests.Support;

/// <summary>The attacks, by what they send.</summary>
internal static class Attacks
{
    private const int CallsAtOnce = 50;

    /// <summary>Renewals of sessions that there are not.</summary>
    private static readonly byte[] s_strangers = Batch(Enumerable.Range(1, Limits.MaxRenewalsPerMessage)
        .Select(i => new Wire.SessionKey { SessionId = (ulong)i, Epoch = 1, Nonce = 1 }));

    private static byte[] s_bomb = [];

    internal static Dictionary<string, Func<Siege, Attack>> All { get; } = new()
    {
        ["gzip bombs"] = siege => Calls(siege, Bomb, isCompressed: true),
        ["messages of many small fields"] = siege => Calls(siege, Fields, isCompressed: false),
        ["headers that are reset at once"] = BareResets,
        ["continuations of 16 KB"] = siege => Blocks(siege, endsHeaders: false),
        ["huge lists of headers"] = siege => Blocks(siege, endsHeaders: true),
        ["renewals whose replies are never read"] = UnreadReplies,
        ["renewals of nobody"] = siege => Renewals(siege, _ => s_strangers),
        ["renewals of suspects, each a thousand times"] = Suspects,
        ["reports of most pids"] = Reports,
        ["a hundred thousand identities"] = Identities,
        ["TLS to a port without"] = siege => Noise(siege, [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3, .. RandomNumberGenerator.GetBytes(512)]),
        ["HTTP/1.1"] = siege => Noise(siege, Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
        ["noise"] = siege => Noise(siege, RandomNumberGenerator.GetBytes(4096)),
    };

    /// <summary>Renewals without anything in them, which repeat: each would be an object.</summary>
    private static byte[] EmptyRenewals(int bytes) => [.. Enumerable.Repeat<byte[]>([0x12, 0], bytes / 2).SelectMany(pair => pair)];

    /// <summary>79 MiB in 80 KB.</summary>
    private static byte[] Bomb(string call)
    {
        if (s_bomb.Length == 0)
        {
            using MemoryStream bomb = new();
            using (GZipStream gzip = new(bomb, CompressionLevel.Optimal, leaveOpen: true))
            {
                byte[] part = EmptyRenewals(1 << 20);
                for (int i = 0; i < 79; i++)
                {
                    gzip.Write(part);
                }
            }

            s_bomb = bomb.ToArray();
        }

        return call == "KeepAlive" ? s_bomb[..(32 * 1024)] : s_bomb[..Math.Min(s_bomb.Length, 100_000)];
    }

    private static byte[] Fields(string call) => EmptyRenewals(call == "KeepAlive" ? 40_000 : 100_000);

    private static Attack Calls(Siege siege, Func<string, byte[]> message, bool isCompressed) => new(_ =>
    {
        using RawHttp2 attacker = new(siege.Port);
        string[] calls = ["KeepAlive", "ReportData", "CreateSession", "SetItem"];
        string[] more = isCompressed ? ["grpc-encoding", "gzip"] : [];
        int sent = 0;
        for (; sent < CallsAtOnce && !attacker.IsClosed; sent++)
        {
            string call = calls[sent % calls.Length];
            attacker.Message(attacker.Open(Siege.Sessions + call, more), message(call), ends: call != "KeepAlive", isCompressed: isCompressed);
        }

        attacker.Flush();
        Eventually.IsTrue(() => attacker.IsClosed || attacker.Answered > 0, "answered");
        return sent;
    });

    private static Attack BareResets(Siege siege) => new(_ =>
    {
        using RawHttp2 attacker = new(siege.Port);
        byte[] headers = RawHttp2.HeadersOf(Siege.Sessions + "GetItem");
        int sent = 0;
        for (; sent < 5000 && !attacker.IsClosed; sent++)
        {
            uint stream = attacker.NextStream();
            attacker.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, stream, headers);
            attacker.Cancel(stream);
        }

        attacker.Flush();
        return sent;
    });

    /// <summary>Headers that go on and on, and end or do not.</summary>
    private static Attack Blocks(Siege siege, bool endsHeaders) => new(_ =>
    {
        using RawHttp2 attacker = new(siege.Port);
        byte[][] blocks =
        [
            .. RawHttp2.HeadersOf(Siege.Sessions + "GetItem", [.. Enumerable.Range(0, 4000).SelectMany(i => new[] { $"x-header-{i}", "1" })])
                .Chunk(16 * 1024),
        ];
        uint stream = attacker.NextStream();
        attacker.Frame(RawHttp2.Headers, 0, stream, blocks[0]);
        int most = endsHeaders ? blocks.Length : 200;
        int sent = 1;
        for (; sent < most && !attacker.IsClosed; sent++)
        {
            bool isLast = endsHeaders && sent == most - 1;
            attacker.Frame(RawHttp2.Continuation, isLast ? RawHttp2.EndHeaders : (byte)0, stream, endsHeaders ? blocks[sent] : blocks[1]);
        }

        attacker.Flush();
        Eventually.IsTrue(() => attacker.IsClosed || attacker.Answered > 0 || attacker.WasReset > 0, "refused");
        return sent;
    });

    private static Attack UnreadReplies(Siege siege) => new(attack =>
    {
        RawHttp2 attacker = attack.Keep(new RawHttp2(siege.Port, window: 0));
        uint[] streams = [.. Enumerable.Range(0, Limits.MaxKeepAliveStreamsPerConnection).Select(_ => attacker.Open(Siege.Sessions + "KeepAlive"))];
        int sent = 0;
        for (; !attacker.IsClosed && SpinWait.SpinUntil(() => attacker.MaySend(s_strangers.Length + 5), 50); sent++)
        {
            attacker.Message(streams[sent % streams.Length], s_strangers, ends: false);
        }

        attacker.Flush();
        return sent;
    });

    private static Attack Renewals(Siege siege, Func<int, byte[]> batch)
    {
        RawHttp2? attacker = null;
        uint[] streams = [];
        int batches = 0;
        return new Attack(attack =>
        {
            if (attacker?.IsClosed != false)
            {
                // All replies are taken: nothing holds the renewals back.
                attacker = attack.Keep(new RawHttp2(siege.Port, window: int.MaxValue));
                attacker.Grant(0, int.MaxValue - ushort.MaxValue);
                streams = [.. Enumerable.Range(0, 4).Select(_ => attacker.Open(Siege.Sessions + "KeepAlive"))];
            }

            int sent = 0;
            for (; sent < 100 && !attacker.IsClosed; sent++)
            {
                attacker.Message(streams[sent % streams.Length], batch(batches++), ends: false);
            }

            attacker.Flush();
            return sent;
        });
    }

    private static Attack Suspects(Siege siege)
    {
        Wire.SessionKey[] silent = [.. Enumerable.Range(0, 50).Select(i => siege.HeldBy($"suspect-{i}"))];
        byte[][] batches = [.. silent.Select(key => Batch(Enumerable.Repeat(key, Limits.MaxRenewalsPerMessage)))];
        Thread.Sleep(Siege.UntilSuspect);
        return Renewals(siege, i => batches[i % batches.Length]);
    }

    private static Attack Reports(Siege siege)
    {
        Wire.SessionKey held = siege.HeldBy("reporter");
        int reports = 0;
        return new Attack(_ =>
        {
            using RawHttp2 attacker = new(siege.Port);
            int sent = 0;
            for (; sent < 20 && !attacker.IsClosed; sent++)
            {
                Wire.ReportDataRequest report = new() { Session = held, Window = new Wire.ReportWindow { StartPid = (ulong)reports++ } };
                report.Pids.AddRange(Enumerable.Range(0, Limits.MaxPidsPerReport).Select(pid => (ulong)pid));
                attacker.Call(Siege.Sessions + "ReportData", report.ToByteArray());
            }

            attacker.Flush();
            Eventually.IsTrue(() => attacker.IsClosed || attacker.Answered > 0, "answered");
            return sent;
        });
    }

    private static Attack Identities(Siege siege)
    {
        int identities = 0;
        return new Attack(_ =>
        {
            using RawHttp2 attacker = new(siege.Port);
            int sent = 0;
            for (; sent < Limits.MaxStreamsPerConnection && !attacker.IsClosed; sent++)
            {
                attacker.Call(Siege.Sessions + "CreateSession", Siege.CreateRequest($"many-{identities++ % 100_000}"));
            }

            attacker.Flush();
            Eventually.IsTrue(() => attacker.IsClosed || attacker.Answered + attacker.WasReset >= sent, "answered");
            return sent;
        })
        {
            // A line for each session that is made and one for each that ends: no more than there may be.
            MostLogged = 2 * 2000 * 400,
            End = () => Eventually.IsTrue(() => siege.SessionsOf("many-") == 0, "nobody renews them"),
        };
    }

    private static Attack Noise(Siege siege, byte[] sent) => new(_ =>
    {
        const int Connections = 20;
        for (int i = 0; i < Connections; i++)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, siege.Port);
            socket.Send(sent);
            Eventually.IsTrue(() => socket.Poll(0, SelectMode.SelectRead), "answered, or closed");
        }

        return Connections;
    });

    private static byte[] Batch(IEnumerable<Wire.SessionKey> keys)
    {
        Wire.KeepAliveRequest request = new() { BatchId = 1 };
        request.Renewals.AddRange(keys);
        return request.ToByteArray();
    }
}
