using System;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Interop.Sessions.Protocol;

/// <summary>A session's secret, and the hash of one, as 16 bytes, least significant first.</summary>
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

    /// <summary>As the wire has it.</summary>
    public static ByteString ToWire(SecretHash hash) => ToWire(hash.Value);

    /// <summary>From the wire.</summary>
    /// <exception cref="SessionException">InvalidArgument: it has another length.</exception>
    public static UInt128 FromWire(ByteString wire) => FromWire("secret", wire);

    /// <summary>From the wire; empty: no secret is to be known.</summary>
    /// <exception cref="SessionException">InvalidArgument: it has another length.</exception>
    public static SecretHash HashFromWire(ByteString wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return wire.IsEmpty ? default : new(FromWire("secret_hash", wire));
    }

    private static UInt128 FromWire(string field, ByteString wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        return wire.Length == Bytes ? BinaryPrimitives.ReadUInt128LittleEndian(wire.Span) : throw new SessionException(
            SessionStatus.InvalidArgument, $"{field} has {wire.Length} bytes; it must have {Bytes}");
    }
}
