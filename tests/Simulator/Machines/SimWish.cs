using System;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Simulator.Machines;

/// <summary>A wish on its way to the masters, and what is known of it.</summary>
internal sealed class SimWish : SessionWish
{
    internal SimWish(ServerDescription description, OwnConnection connection, uint timeoutMs)
        : base(description, connection, timeoutMs)
    {
    }

    internal SimWish(ulong sessionId, UInt128 secret, OwnConnection connection, uint timeoutMs)
        : base(sessionId, secret, connection, timeoutMs)
    {
    }

    /// <summary>Its attempts; null: it has not begun.</summary>
    internal SessionAsk? Ask { get; set; }

    /// <summary>Who asks: an answer that comes after its process has crashed finds nobody.</summary>
    internal SessionLife? Asker { get; set; }

    /// <summary>Which attempt is out.</summary>
    internal int Attempt { get; set; }

    /// <summary>Its follower was told what came of it.</summary>
    internal bool IsOver { get; set; }

    /// <summary>Its host was told so.</summary>
    internal bool IsEnded { get; set; }
}
