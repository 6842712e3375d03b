using System.Collections.Generic;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>The hashes of nonces that one keep-alive stream has shown: a renewal is to cost no hash.</summary>
/// <remarks>The caller keeps calls of this class from overlapping.</remarks>
internal sealed class KnownNonces
{
    private readonly Dictionary<ulong, ulong> _hashes = [];

    /// <summary>How many it knows, at most <see cref="Limits.MaxKnownNonces"/>.</summary>
    internal int Count => _hashes.Count;

    /// <summary>As the master knows it.</summary>
    internal ulong HashOf(ulong nonce)
    {
        if (_hashes.TryGetValue(nonce, out ulong known))
        {
            return known;
        }

        if (_hashes.Count == Limits.MaxKnownNonces)
        {
            // Whoever shows more holds more sessions than a process may, or makes them up.
            _hashes.Clear();
        }

        return _hashes[nonce] = NonceHash.Of(nonce);
    }
}
