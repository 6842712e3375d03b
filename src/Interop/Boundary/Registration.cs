using System;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Boundary;

/// <summary>What stands behind an interop_sessions_registration.</summary>
internal sealed class Registration(IDisposable callback, SessionFollower follower)
{
    internal IDisposable Callback => callback;

    /// <summary>A registration of another follower is a caller's mix-up.</summary>
    internal void RequireOf(SessionFollower expected)
    {
        if (!ReferenceEquals(expected, follower))
        {
            throw new SessionException(
                SessionStatus.InvalidHandle, $"registration belongs to follower '{follower.Identity}'");
        }
    }
}
