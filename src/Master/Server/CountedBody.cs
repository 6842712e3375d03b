using System;
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Http.Features;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// A request's bytes, counted as they come: gRPC holds a message until all of it is there, and a client that sends thousands
/// that never end must not take the memory of all others.
/// </summary>
/// <param name="body">Kestrel's.</param>
/// <param name="kind">How large a message may be.</param>
/// <param name="holding">Holds the bytes; null: they are bounded by the count of streams.</param>
/// <param name="insteadOf">What a caller is told instead of that there is no more room.</param>
internal sealed class CountedBody(
    PipeReader body, RequestKind kind, RequestHolding? holding, Func<SessionException, SessionException> insteadOf)
    : PipeReader, IRequestBodyPipeFeature
{
    /// <summary>gRPC's own five bytes before a message: whether it is compressed, and its length.</summary>
    private const int PrefixBytes = 5;

    public PipeReader Reader => this;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<ReadResult> reading = body.ReadAsync(cancellationToken);
        if (!reading.IsCompleted)
        {
            holding?.Await();
        }

        return CountAsync(reading);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!body.TryRead(out result))
        {
            return false;
        }

        Count(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => body.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => body.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    private async ValueTask<ReadResult> CountAsync(ValueTask<ReadResult> reading) => Count(await reading.ConfigureAwait(false));

    private ReadResult Count(ReadResult result)
    {
        if (holding?.Hold(result.Buffer.Length) is { } full)
        {
            throw Refuse(result, insteadOf(full));
        }

        if (result.IsCompleted)
        {
            holding?.HasCome();
        }

        // gRPC takes whole messages, so one begins here; behind it, of a stream, may be others.
        uint length = LengthOf(result.Buffer);
        return length <= kind.MostBytes ? result : throw Refuse(result, new SessionException(
            SessionStatus.TooLong, $"{kind.Message} has {length} bytes; the limit is {kind.MostBytes}"));
    }

    /// <summary>What the first message says of its own length; 0: not known yet.</summary>
    private static uint LengthOf(ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length < PrefixBytes)
        {
            return 0;
        }

        Span<byte> length = stackalloc byte[sizeof(uint)];
        bytes.Slice(PrefixBytes - length.Length, length.Length).CopyTo(length);
        return BinaryPrimitives.ReadUInt32BigEndian(length);
    }

    private RpcException Refuse(ReadResult result, SessionException refusal)
    {
        body.AdvanceTo(result.Buffer.End);
        return StatusOnTheWire.ToRpc(refusal);
    }
}
