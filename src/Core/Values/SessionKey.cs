namespace Interop.Sessions;

/// <summary>Who speaks for a session: its id, its epoch, and the connection that holds it.</summary>
/// <param name="SessionId">Random, unique, never 0.</param>
/// <param name="Epoch">The fencing token: the revision of the change that created the session, so it strictly grows.</param>
/// <param name="Nonce">Chosen by the follower for each create; tells its connection from an older one's.</param>
public readonly record struct SessionKey(ulong SessionId, ulong Epoch, ulong Nonce);
