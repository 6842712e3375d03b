using Microsoft.AspNetCore.Connections;

namespace Interop.Sessions.Master.Server;

/// <summary>A connection and what it has in progress; a feature of each of its requests.</summary>
/// <param name="context">The transport's.</param>
internal sealed class ClientConnection(ConnectionContext context)
{
    /// <summary>For the gate alone, in its lock.</summary>
    internal CallCounts Calls { get; } = new();

    /// <summary>Has it shown that it holds a session?</summary>
    internal bool IsProven { get; set; }

    /// <summary>Ends it at once, with all its calls.</summary>
    internal void Abort(string why) => context.Abort(new ConnectionAbortedException(why));
}
