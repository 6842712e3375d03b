using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A master that lies, and takes a follower's memory by one answer.</summary>
public sealed class LargeAnswerTests : IDisposable
{
    /// <summary>As large as the largest list, which is the answer to no other call.</summary>
    private const int Huge = Limits.MaxMessageBytes - 1;

    /// <summary>What both masters and the follower need beside it is a fraction of it.</summary>
    private const long MostBytes = Huge / 2;

    private readonly LyingMaster _liar = new();
    private readonly RunningMaster _master = new(new History());

    public void Dispose()
    {
        _liar.Dispose();
        _master.Dispose();
    }

    [Theory]
    [InlineData("CreateSession")]
    [InlineData("KeepAlive")]
    public void An_answer_that_says_that_it_will_be_huge_is_refused_and_another_master_is_asked(string call) =>
        AssertRefused(call, Prefix(isCompressed: false, Huge));

    [Theory]
    [InlineData("CreateSession")]
    [InlineData("KeepAlive")]
    public void An_answer_that_would_be_huge_if_it_were_decompressed_is_refused_and_another_master_is_asked(string call)
    {
        using MemoryStream bomb = new();
        using (GZipStream gzip = new(bomb, CompressionLevel.Optimal, leaveOpen: true))
        {
            // Renewals of nobody: each becomes an object.
            gzip.Write([.. Enumerable.Repeat<byte[]>([0x12, 0], 1 << 20).SelectMany(pair => pair)]);
        }

        AssertRefused(call, [.. Prefix(isCompressed: true, (int)bomb.Length), .. bomb.ToArray()]);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(7, 1000)]
    public async Task Each_message_of_an_answer_is_looked_at_in_whatever_pieces_it_comes(int most, int piece)
    {
        byte[] answer =
        [
            .. Message(0), .. Message(most), .. Message(0), .. Message(most), .. Message(1), .. Prefix(isCompressed: false, most + 1),
        ];
        using BoundedPieces read = new(answer, piece, most);

        Grpc.Core.RpcException refusal = await Assert.ThrowsAsync<Grpc.Core.RpcException>(read.AllAsync);

        Assert.Equal(SessionStatus.NoMaster, StatusOnTheWire.FromRpc(refusal).Status);
        Assert.Contains($"has {most + 1} bytes, of {most} at most", refusal.Status.Detail, StringComparison.Ordinal);
        Assert.True(read.Bytes >= answer.Length - piece - 5, $"{read.Bytes} of {answer.Length}");
    }

    private void AssertRefused(string call, byte[] sent)
    {
        int asked = 0;
        _liar.OnRequest = request => !request.Request.Path.Value!.EndsWith(call, StringComparison.Ordinal) ? null : AnswerAsync(request);
        using TestFollower test = new(_liar.Address, _master.Address);
        long before = GC.GetTotalAllocatedBytes();

        SessionInfo session = test.Create();
        if (call == "KeepAlive")
        {
            // The other has never heard of it.
            test.HearsOf($"lost {session.Epoch} Unknown");
        }

        long taken = GC.GetTotalAllocatedBytes() - before;
        Assert.True(asked > 0);
        Assert.True(taken < MostBytes, $"{taken} bytes");

        async Task AnswerAsync(HttpContext context)
        {
            asked++;
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-encoding"] = sent[0] == 0 ? "identity" : "gzip";
            await context.Response.Body.WriteAsync(sent);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static byte[] Message(int bytes) => [.. Prefix(isCompressed: false, bytes), .. Enumerable.Repeat((byte)0xff, bytes)];

    private static byte[] Prefix(bool isCompressed, int bytes)
    {
        byte[] prefix = new byte[5];
        prefix[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), bytes);
        return prefix;
    }

    private sealed class BoundedPieces(byte[] answer, int piece, int most) : IDisposable
    {
        private readonly Interop.Sessions.Client.BoundedStream _stream = new(new MemoryStream(answer), "the answer", most);

        internal int Bytes { get; private set; }

        public void Dispose() => _stream.Dispose();

        internal async Task AllAsync()
        {
            byte[] buffer = new byte[piece];
            while (await _stream.ReadAsync(buffer) is > 0 and int read)
            {
                Bytes += read;
            }
        }
    }
}
