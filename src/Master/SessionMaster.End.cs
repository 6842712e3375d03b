using System.Threading.Tasks;
using Interop.Sessions.Master.Leadership;

namespace Interop.Sessions.Master;

/// <content>Close and revoke; expiry is the CommitQueue's.</content>
public sealed partial class SessionMaster
{
    /// <summary>
    /// Takes a session away. Durable when it returns; the holder is told at its next keep-alive, stops, and acknowledges.
    /// SessionExpired(Revoked) runs at that acknowledgement or when the lease runs out.
    /// </summary>
    /// <exception cref="SessionException">UnknownSession or how it ended, WrongEpoch, NotLeader, Store*.</exception>
    public void RevokeSession(ulong sessionId, ulong epoch, string reason) =>
        RevokeSessionAsync(sessionId, epoch, reason).GetAwaiter().GetResult();

    internal async Task RevokeSessionAsync(ulong sessionId, ulong epoch, string reason)
    {
        await RevokeSessionAsync(RequireLeader(), sessionId, epoch).ConfigureAwait(false);
        MasterLog.SessionRevoked(_logger, sessionId, epoch, reason);
    }

    internal Task CloseSessionAsync(SessionKey key) => CloseSessionAsync(RequireLeader(), key);

    private static Task<bool> CloseSessionAsync(Tenure tenure, SessionKey key) => tenure.WriteAsync(table =>
    {
        table.Close(key);
        return true;
    });

    private static Task<bool> RevokeSessionAsync(Tenure tenure, ulong sessionId, ulong epoch) => tenure.WriteAsync(table =>
    {
        table.Revoke(sessionId, epoch);
        return true;
    });
}
