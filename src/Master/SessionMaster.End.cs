using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Leadership;

namespace Interop.Sessions.Master;

/// <content>Close and revoke; expiry is the CommitQueue's.</content>
public sealed partial class SessionMaster
{
    /// <summary>
    /// Takes a session away. Durable when it returns; the holder is told at its next keep-alive, stops, and acknowledges.
    /// SessionEnded(Revoked) runs at that acknowledgement or when the lease runs out.
    /// </summary>
    /// <exception cref="SessionException">
    /// UnknownSession or how it ended, WrongEpoch, NotLeader, Store*; TimedOut: it may still be done.
    /// </exception>
    public void RevokeSession(ulong sessionId, ulong epoch, string reason, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        HostCall.Wait(awaited => RevokeSessionAsync(sessionId, epoch, reason, awaited), timeoutMs);

    /// <summary>As <see cref="RevokeSession"/>, without a thread that waits.</summary>
    /// <exception cref="SessionException">As <see cref="RevokeSession"/>, and Cancelled.</exception>
    public Task RevokeSessionAsync(ulong sessionId, ulong epoch, string reason, uint timeoutMs, CancellationToken cancellation) =>
        HostCall.WaitAsync(awaited => RevokeSessionAsync(sessionId, epoch, reason, awaited), timeoutMs, cancellation);

    internal async Task<bool> RevokeSessionAsync(ulong sessionId, ulong epoch, string reason, CancellationToken awaited)
    {
        await RevokeSessionAsync(RequireLeader(), sessionId, epoch, reason, awaited).ConfigureAwait(false);
        MasterLog.SessionRevoked(_logger, sessionId, epoch, reason);
        return true;
    }

    internal Task CloseSessionAsync(SessionKey key) => CloseSessionAsync(RequireLeader(), key);

    private static Task<bool> CloseSessionAsync(Tenure tenure, SessionKey key) => tenure.WriteAsync(table =>
    {
        table.Close(key);
        return true;
    });

    private static Task<bool> RevokeSessionAsync(
        Tenure tenure, ulong sessionId, ulong epoch, string reason, CancellationToken awaited) =>
        tenure.WriteAsync(
            table =>
            {
                table.Revoke(sessionId, epoch, reason);
                return true;
            },
            awaited);
}
