using System;
using System.Globalization;

namespace Interop.Sessions;

/// <summary>
/// What a follower chooses, of random numbers that cannot be guessed, for the connection that is to hold a session. The secret stays with the
/// follower and its host until a restarted process shows it, once, to take the session up.
/// </summary>
/// <param name="Nonce">Names the connection.</param>
/// <param name="Secret">Whoever shows it may take the session over.</param>
public readonly record struct OwnConnection(ulong Nonce, UInt128 Secret)
{
    /// <summary>What masters are told.</summary>
    public ToldConnection Told => new(Nonce, SecretHash.Of(Secret));

    /// <summary>By which masters know it: this may come into a log.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"connection {NonceHash.Of(Nonce):x16}");
}

/// <summary>What a master is told of the connection that is to hold a session, with a create or a re-attach.</summary>
/// <param name="Nonce">Names the connection; a master's server puts its <see cref="NonceHash"/> in its place.</param>
/// <param name="SecretHash">By which the master will know whoever takes the session up after it.</param>
public readonly record struct ToldConnection(ulong Nonce, SecretHash SecretHash);
