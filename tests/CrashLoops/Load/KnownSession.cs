using System.Collections.Generic;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.CrashLoops.Load;

/// <summary>What is known of whether a session is there.</summary>
internal enum Standing
{
    /// <summary>Its create was not answered: it may be.</summary>
    Asked,

    /// <summary>It is.</summary>
    Alive,

    /// <summary>Its close was not answered, or nobody renews it: it may have ended.</summary>
    Ending,

    /// <summary>It is not, and never again.</summary>
    Gone,
}

/// <summary>An item as it was acknowledged.</summary>
internal readonly record struct KnownItem(byte[] Value, ulong Revision);

/// <summary>A session as its only client knows it.</summary>
internal sealed class KnownSession(string identity, ulong nonce, bool isMortal)
{
    internal string Identity { get; } = identity;

    internal ulong Nonce { get; } = nonce;

    /// <summary>Does nobody renew it?</summary>
    internal bool IsMortal { get; } = isMortal;

    internal Standing Standing { get; set; } = Standing.Asked;

    /// <summary>Null: its create was not answered.</summary>
    internal Wire.SessionKey? Key { get; set; }

    internal Dictionary<string, KnownItem> Items { get; } = [];

    /// <summary>The number of its last write.</summary>
    internal ulong Writes { get; set; }

    /// <summary>It is there, as an answer or a list says.</summary>
    internal void Begin(ulong sessionId, ulong epoch)
    {
        Key = new Wire.SessionKey { SessionId = sessionId, Epoch = epoch, Nonce = Nonce };
        Standing = IsMortal ? Standing.Ending : Standing.Alive;
    }
}
