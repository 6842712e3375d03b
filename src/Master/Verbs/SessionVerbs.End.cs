using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Writing;

namespace Interop.Sessions.Master.Verbs;

/// <content>Close and revoke, and what the host hears of every end; when the dead are expired the writer decides.</content>
internal sealed partial class SessionVerbs
{
    internal async Task<bool> RevokeSessionAsync(ulong sessionId, ulong epoch, string reason, CancellationToken awaited)
    {
        await RevokeSessionAsync(RequireLeader(), sessionId, epoch, reason, awaited).ConfigureAwait(false);
        MasterLog.SessionRevoked(logger, sessionId, epoch, reason);
        return true;
    }

    internal Task CloseSessionAsync(SessionKey key) => CloseSessionAsync(RequireLeader(), key);

    private static Task<bool> CloseSessionAsync(Tenure tenure, SessionKey key) => tenure.WriteAsync(table => table.Close(key));

    private static Task<bool> RevokeSessionAsync(
        Tenure tenure, ulong sessionId, ulong epoch, string reason, CancellationToken awaited) =>
        tenure.WriteAsync(table => table.Revoke(sessionId, epoch, reason), awaited);

    /// <summary>Tells the host, after the durable removal. The method is called on the thread of the writer, so it only posts.</summary>
    internal void OnEnded(Tenure tenure, EndedSession end)
    {
        Session session = end.Session;
        metrics.NoteEnded(end.Reason);
        MasterLog.SessionEnded(
            logger, session.Description.Identity, session.Key.SessionId, session.Key.Epoch, end.Reason, end.End.Text, end.End.HostName,
            end.End.ProcessId, end.End.PeerAddress, end.End.SilentMs, end.End.IsGateClosed);
        hooks.PostEnd(session.Description.Identity, nameof(AccessManager.SessionEnded), () =>
        {
            CreateFlow.EndIsTold(session);
            try
            {
                accessManager.SessionEnded(RequestOf(session, tenure.MasterEpoch) with { EndText = end.End.Text }, end.Reason);
            }
            catch (Exception error)
            {
                MasterLog.HookThrew(logger, _budgets, nameof(AccessManager.SessionEnded), session.Description.Identity, error);
            }
        }, tenure.HookNumber);
    }
}
