using System;

namespace Interop.Sessions.Boundary;

/// <summary>What stands behind an interop_sessions_registration: a kind of its own, so that no other handle is taken for one.</summary>
internal sealed class Registration(IDisposable callback) : IDisposable
{
    /// <summary>Removes the callback.</summary>
    public void Dispose() => callback.Dispose();
}
