using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Interop.Sessions.Master.Server.Listening;

/// <summary>A connection and what it has in progress; a feature of each of its requests.</summary>
/// <param name="context">The transport's.</param>
/// <param name="local">Who is at its other end, if that is of this machine.</param>
internal sealed class ClientConnection(ConnectionContext context, PeerCredentials? local)
{
    /// <summary>For the gate alone, in its lock.</summary>
    internal CallCounts Calls { get; } = new();

    /// <summary>Its share of the bytes of answers that are being written; for their <see cref="SharedBudget"/> alone.</summary>
    internal ByteBudget Replies { get; } = new(Limits.MaxReplyBytesPerConnection);

    /// <summary>Its share of those of the large ones: one at a time.</summary>
    internal ByteBudget LargeReplies { get; } = new(Limits.MaxReplyBytesPerConnection);

    /// <summary>Its share of the bytes of requests that are being received.</summary>
    internal ByteBudget Requests { get; } = new(Limits.MaxRequestBytesPerConnection);

    /// <summary>Why nothing is answered over it; null: it has shown all that it must.</summary>
    internal SessionException? NotLetIn { get; set; }

    /// <summary>Has it shown that it holds a session, which has not ended since? Set by the gate alone, in its lock.</summary>
    internal bool IsProven { get; set; }

    /// <summary>When it has shown it last; set as the former.</summary>
    internal long ProvenNs { get; set; }

    /// <summary>What may be asked for over it; set before its first request.</summary>
    internal ServedServices Served { get; set; }

    /// <summary>Its peer's address, for people.</summary>
    internal string Peer { get; } = local?.ToString() ?? PeerOf(context.RemoteEndPoint);

    /// <summary>The user of its peer, of whom the kernel says it; null: it came by TCP.</summary>
    internal uint? User => local?.User;

    /// <summary>The name that its peer's certificate has shown; null: it has shown none. Set before its first request.</summary>
    internal string? CertifiedName { get; set; }

    // An IPv4 peer of a socket that takes both looks like an IPv6 one.
    private static string PeerOf(EndPoint? peer)
    {
        string text = peer is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped
            ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port).ToString()
            : peer?.ToString() ?? "";
        return text.Length <= Limits.MaxPeerAddressBytes ? text : text[..Limits.MaxPeerAddressBytes];
    }

    /// <summary>Ends it at once, with all its calls.</summary>
    internal void Abort(string why) => context.Abort(new ConnectionAbortedException(why));
}
