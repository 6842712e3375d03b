using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server.Rows;

/// <summary>Of which session a call was that a holder made, and that has ended well.</summary>
internal static class HeldSession
{
    /// <summary>Its id; 0: it was of none.</summary>
    internal static ulong Of(object request, object answer) => answer is CreateSessionReply made ? made.SessionId
        : request is IOfSession { Session: { } key } ? key.SessionId
        : 0;
}
