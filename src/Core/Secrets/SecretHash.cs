using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Interop.Sessions;

/// <summary>
/// What masters know and store of a session's secret: enough to recognize the secret, and no way to show it. The hash is the first
/// 128 bits of SHA-256 over the secret's bytes, least significant first: a secret has 128 random bits, so to find one from its hash is
/// to try them all.
/// </summary>
/// <param name="Value">The bits; 0: no secret is known to have them, so nobody takes such a session up.</param>
public readonly record struct SecretHash(UInt128 Value)
{
    /// <summary>How many bytes it has.</summary>
    public const int Bytes = 16;

    /// <summary>The hash of a secret.</summary>
    public static SecretHash Of(UInt128 secret)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, secret);
        return new(BinaryPrimitives.ReadUInt128LittleEndian(Sha256.Of(bytes)));
    }

    /// <summary>Is it the hash of this secret? The comparison takes the same time whatever the answer.</summary>
    public bool IsOf(UInt128 secret) => Matches(Of(secret));

    /// <summary>Is it this hash? The comparison takes the same time whatever the answer.</summary>
    public bool Matches(SecretHash other)
    {
        (UInt128 mine, UInt128 others) = (Value, other.Value);
        return CryptographicOperations.FixedTimeEquals(BytesOf(ref mine), BytesOf(ref others));
    }

    private static ReadOnlySpan<byte> BytesOf(ref UInt128 value) => MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in value));
}
