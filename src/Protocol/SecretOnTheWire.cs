using System;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Interop.Sessions.Protocol;

/// <summary>A session's secret as 16 bytes, least significant first.</summary>
public static class SecretOnTheWire
{
    /// <summary>How many bytes it has.</summary>
    public const int Bytes = 16;

    /// <summary>As the wire has it.</summary>
    public static ByteString ToWire(UInt128 secret)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, secret);
        return ByteString.CopyFrom(bytes);
    }

    /// <summary>From the wire.</summary>
    /// <exception cref="SessionException">InvalidArgument: it has another length.</exception>
    public static UInt128 FromWire(ByteString wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return wire.Length == Bytes ? BinaryPrimitives.ReadUInt128LittleEndian(wire.Span) : throw new SessionException(
            SessionStatus.InvalidArgument, $"secret has {wire.Length} bytes; it must have {Bytes}");
    }
}
