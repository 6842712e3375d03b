using System;
using System.Threading;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Failover.Load;

/// <summary>A session of the load: its key, and a counter that it keeps in an item.</summary>
internal sealed class SwarmSession(string identity, Wire.SessionKey key, long createdNs)
{
    private long _renewedNs = createdNs;

    internal string Identity => identity;

    internal Wire.SessionKey Key => key;

    /// <summary>The last value that a master was asked to store; one writer has it.</summary>
    internal long Attempted { get; set; }

    /// <summary>The last value that was acknowledged.</summary>
    internal long Acknowledged { get; set; }

    /// <summary>Since when nobody renews it; null: it lives.</summary>
    internal long? DeadSinceNs { get; set; }

    /// <summary>When its last granted renewal was sent.</summary>
    internal long RenewedNs => Interlocked.Read(ref _renewedNs);

    internal void NoteRenewal(long sentNs) => Interlocked.Exchange(ref _renewedNs, Math.Max(sentNs, RenewedNs));
}
