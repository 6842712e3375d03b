using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Follower;

/// <summary>
/// The nonces under which a master may have made sessions that nobody of this process holds: creates that were given up,
/// and sessions that were lost or closed. The next create of the identity names them, so that sessions which those made do not
/// stand in its way. A nonce whose session is held, or may still be served under, is never named.
/// </summary>
public sealed class AbandonedCreates
{
    private readonly Dictionary<string, List<(ulong Nonce, long FromNs)>> _byIdentity = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _order = new();

    /// <summary>Nobody holds what this nonce made.</summary>
    /// <param name="identity">Of the create.</param>
    /// <param name="nonce">Of the create.</param>
    /// <param name="fromNs">From when on: effects that had begun when the data path was refused need their time.</param>
    public void Add(string identity, ulong nonce, long fromNs)
    {
        if (!_byIdentity.TryGetValue(identity, out List<(ulong Nonce, long FromNs)>? nonces))
        {
            if (_byIdentity.Count >= Limits.MaxFollowers)
            {
                _byIdentity.Remove(_order.First!.Value);
                _order.RemoveFirst();
            }

            _byIdentity.Add(identity, nonces = []);
            _order.AddLast(identity);
        }

        nonces.RemoveAll(known => known.Nonce == nonce);
        nonces.Add((nonce, fromNs));
        if (nonces.Count > Limits.MaxAbandonedNonces)
        {
            nonces.RemoveAt(0);
        }
    }

    /// <summary>What the next create of an identity names.</summary>
    public IReadOnlyList<ulong> Of(string identity, long nowNs) =>
        _byIdentity.TryGetValue(identity, out List<(ulong Nonce, long FromNs)>? nonces)
            ? [.. nonces.Where(known => known.FromNs <= nowNs).Select(known => known.Nonce)]
            : [];
}
