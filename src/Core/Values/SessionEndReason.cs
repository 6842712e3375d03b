using System;

namespace Interop.Sessions;

/// <summary>Why a session ended, on both sides.</summary>
public enum SessionEndReason
{
    /// <summary>The session has not ended.</summary>
    None = 0,

    /// <summary>The session was not renewed within its term.</summary>
    Expired = 1,

    /// <summary>The master took it away.</summary>
    Revoked = 2,

    /// <summary>The holder gave the session back.</summary>
    Closed = 3,

    /// <summary>Follower only: the master has no memory of it.</summary>
    Unknown = 4,

    /// <summary>Follower only: a newer process of this server has re-attached it.</summary>
    Superseded = 5,
}

/// <summary>The same for people.</summary>
public static class SessionEndReasons
{
    /// <summary>What the holder of a session that ended so is told.</summary>
    public static SessionStatus Status(this SessionEndReason reason) => reason switch
    {
        SessionEndReason.Expired => SessionStatus.SessionExpired,
        SessionEndReason.Revoked => SessionStatus.SessionRevoked,
        SessionEndReason.Closed => SessionStatus.SessionClosed,
        SessionEndReason.Superseded => SessionStatus.WrongNonce,
        _ => SessionStatus.UnknownSession,
    };

    /// <summary>What a master says with it of a session that it was asked to renew; null: nothing about its end.</summary>
    public static SessionEndReason? EndReason(this SessionStatus status) => status switch
    {
        SessionStatus.SessionExpired => SessionEndReason.Expired,
        SessionStatus.SessionRevoked => SessionEndReason.Revoked,
        SessionStatus.SessionClosed => SessionEndReason.Closed,
        SessionStatus.UnknownSession or SessionStatus.WrongEpoch => SessionEndReason.Unknown,
        SessionStatus.WrongNonce => SessionEndReason.Superseded,
        _ => null,
    };

    /// <summary>What happened; empty: nothing has.</summary>
    public static string Text(this SessionEndReason reason) => reason switch
    {
        SessionEndReason.None => "",
        SessionEndReason.Expired => "the session was not renewed within its term",
        SessionEndReason.Revoked => "the session was taken away",
        SessionEndReason.Closed => "the session was given back",
        SessionEndReason.Unknown => "the master has no memory of the session",
        SessionEndReason.Superseded => "a newer process of this server has taken the session up",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "no reason for an end"),
    };
}
