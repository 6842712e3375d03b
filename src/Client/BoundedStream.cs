using System;
using System.Buffers.Binary;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Client;

/// <summary>An answer's bytes as they come, up to a message that is larger than its kind ever is, or compressed.</summary>
/// <param name="inner">Where they come from.</param>
/// <param name="name">What its messages are called.</param>
/// <param name="mostBytes">How large one may be.</param>
internal sealed class BoundedStream(Stream inner, string name, int mostBytes) : Stream
{
    /// <summary>gRPC's own before a message: whether it is compressed, and its length.</summary>
    private const int PrefixBytes = 5;

    private readonly byte[] _prefix = new byte[PrefixBytes];
    private int _ofPrefix;
    private uint _ofMessage;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        Look(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = inner.Read(buffer, offset, count);
        Look(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int size = (int)Math.Min(_ofMessage, (uint)bytes.Length);
            _ofMessage -= (uint)size;
            bytes = bytes[size..];
            size = Math.Min(PrefixBytes - _ofPrefix, bytes.Length);
            bytes[..size].CopyTo(_prefix.AsSpan(_ofPrefix));
            _ofPrefix += size;
            bytes = bytes[size..];
            if (_ofPrefix == PrefixBytes)
            {
                _ofPrefix = 0;
                _ofMessage = Accept();
            }
        }
    }

    private uint Accept()
    {
        uint length = BinaryPrimitives.ReadUInt32BigEndian(_prefix.AsSpan(1));
        string? fault = _prefix[0] != 0 ? "is compressed"
            : length > mostBytes ? $"has {length} bytes, of {mostBytes} at most"
            : null;
        if (fault != null)
        {
            throw StatusOnTheWire.ToRpc(new SessionException(SessionStatus.NoMaster, $"{name} {fault}: no master answers so") { IsOutcomeUnknown = true });
        }

        return length;
    }
}
