using System;
using System.Buffers.Binary;

namespace Interop.Sessions;

/// <summary>
/// What masters know and store of the nonce that names a holder's connection: enough to recognize the nonce, and no way to show it.
/// Whoever reads a store or an export speaks for no session. The hash is the first 64 bits of SHA-256 over the nonce's bytes, least
/// significant first: a nonce has 64 random bits, so to find one from its hash is to try them all, within the life of a session.
/// </summary>
public static class NonceHash
{
    /// <summary>The hash of a nonce.</summary>
    public static ulong Of(ulong nonce)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, nonce);
        return BinaryPrimitives.ReadUInt64LittleEndian(Sha256.Of(bytes));
    }
}
