using System.Globalization;

namespace Interop.Sessions;

/// <summary>What a request must show to speak for a session: id, epoch, and the nonce of the connection that holds the session.</summary>
/// <param name="SessionId">Random, unique, never 0.</param>
/// <param name="Epoch">The fencing token: the revision of the change that created the session, so it strictly grows.</param>
/// <param name="Nonce">
/// Chosen by the follower for each create and re-attach; tells the connection from an older one. At masters it is its <see cref="NonceHash"/>.
/// </param>
public readonly record struct SessionKey(ulong SessionId, ulong Epoch, ulong Nonce)
{
    /// <summary>Without the nonce: this may come into a log.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"session {SessionId:x16} of epoch {Epoch}");
}
