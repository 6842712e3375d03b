using System;

namespace Interop.Sessions.Follower;

/// <summary>A session that is wished for: by the host, with a create or a re-attach, or by the follower itself after a loss.</summary>
public class SessionWish
{
    /// <summary>A create.</summary>
    /// <param name="description">What the server says of itself; it must stay as it is.</param>
    /// <param name="connection">The one that will hold it; another for each wish.</param>
    /// <param name="timeoutMs">For everything up to the master's answer.</param>
    public SessionWish(ServerDescription description, OwnConnection connection, uint timeoutMs)
    {
        Description = description;
        Connection = connection;
        TimeoutMs = timeoutMs;
    }

    /// <summary>A re-attach.</summary>
    /// <param name="sessionId">Of the session.</param>
    /// <param name="secret">Of the connection that held it last.</param>
    /// <param name="connection">The one that will hold it; another for each wish.</param>
    /// <param name="timeoutMs">For everything up to the master's answer.</param>
    public SessionWish(ulong sessionId, UInt128 secret, OwnConnection connection, uint timeoutMs)
    {
        Former = (sessionId, secret);
        Connection = connection;
        TimeoutMs = timeoutMs;
    }

    /// <summary>Of a create; null: it is a re-attach.</summary>
    public ServerDescription? Description { get; }

    /// <summary>Of a re-attach: which session.</summary>
    public (ulong SessionId, UInt128 Secret)? Former { get; }

    /// <summary>The connection that will hold the session: the same in all attempts, until their outcome is known.</summary>
    public OwnConnection Connection { get; }

    /// <summary>Of <see cref="Connection"/>.</summary>
    public ulong Nonce => Connection.Nonce;

    /// <summary>For everything up to the master's answer.</summary>
    public uint TimeoutMs { get; }

    /// <summary>
    /// When the last effect is over under a session that is granted now, and that no host here holds. A create's has none; the process that
    /// held that of a re-attach is gone, and may have looked at its lease a moment ago.
    /// </summary>
    public long EffectsOverNs(HolderBounds bounds, long nowNs) =>
        Former == null ? 0 : nowNs + Ns.FromMs(bounds.EffectDelayMs);

    /// <summary>The host has cancelled the wish: a session that is granted now goes back.</summary>
    public bool IsGivenUp { get; internal set; }

    /// <summary>The wish was granted, and the callbacks of the host are on their way.</summary>
    internal bool IsCalled { get; set; }

    /// <summary>The follower's own, after a loss.</summary>
    public bool IsOwn { get; internal set; }
}
