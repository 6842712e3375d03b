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
/// <param name="budget">What all requests share; null: it is bounded by the count of streams.</param>
/// <param name="insteadOf">What a caller is told instead of that there is no more room.</param>
internal sealed class CountedBody(
    PipeReader body, RequestKind kind, SharedBudget? budget, Func<SessionException, SessionException> insteadOf)
    : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    /// <summary>gRPC's own five bytes before a message: whether it is compressed, and its length.</summary>
    private const int PrefixBytes = 5;

    private long _held;

    public PipeReader Reader => this;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Count(await body.ReadAsync(cancellationToken).ConfigureAwait(false));

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

    /// <summary>The request is over.</summary>
    public void Dispose() => budget?.Return(Interlocked.Exchange(ref _held, 0));

    private ReadResult Count(ReadResult result)
    {
        long bytes = result.Buffer.Length;
        if (budget != null && bytes > _held)
        {
            if (!budget.TryTake(bytes - _held, _held))
            {
                throw Refuse(result, insteadOf(SessionException.Overloaded(
                    $"requests of {budget.Held} bytes are being received, as many as may be", Limits.WireRetryMs)));
            }

            _held = bytes;
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
