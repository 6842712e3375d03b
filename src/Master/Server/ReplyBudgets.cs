using Interop.Sessions.Master.Server.Listening;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// Bytes of answers that are being written. An answer of more than a connection's share cannot be split, so it goes out alone; were it
/// counted with the others, a single one would keep everybody else's waiting.
/// </summary>
internal sealed class ReplyBudgets
{
    private readonly SharedBudget _usual = new("answers that are being written", Limits.MaxReplyBytesInProgress);
    private readonly SharedBudget _large = new("large answers that are being written", Limits.MaxReplyBytesInProgress);

    /// <summary>From which an answer of this size is taken.</summary>
    internal (SharedBudget Budget, ByteBudget Share) For(int bytes, ClientConnection connection) =>
        bytes <= Limits.MaxReplyBytesPerConnection ? (_usual, connection.Replies) : (_large, connection.LargeReplies);
}
