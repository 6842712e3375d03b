namespace Interop.Sessions;

/// <summary>Why a session ended, on both sides.</summary>
public enum SessionEndReason
{
    /// <summary>It has not ended.</summary>
    None = 0,

    /// <summary>It was not renewed within its term.</summary>
    Expired = 1,

    /// <summary>The master took it away.</summary>
    Revoked = 2,

    /// <summary>Its holder gave it back.</summary>
    Closed = 3,

    /// <summary>Follower only: the master has no memory of it.</summary>
    Unknown = 4,

    /// <summary>Follower only: a newer process of this server has re-attached it.</summary>
    Superseded = 5,
}
