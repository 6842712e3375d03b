using System;
using System.Threading.Tasks;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master;

/// <content>ReattachSession: a follower's process was restarted within its term.</content>
public sealed partial class SessionMaster
{
    /// <summary>CheckLeader, persist, and what SessionCreated once granted; a master that was restarted asks it again.</summary>
    internal async Task<CreatedSession> ReattachSessionAsync(
        ulong sessionId, string identity, UInt128 secret, ulong nonce)
    {
        Tenure tenure = await CheckLeaderAsync(identity).ConfigureAwait(false);
        Session session = await tenure
            .WriteAsync(table => table.Reattach(sessionId, identity, secret, nonce, BootClock.NowNs)).ConfigureAwait(false);
        MasterLog.SessionReattached(_logger, identity, sessionId, session.Key.Epoch);
        return await GrantAsync(tenure, session).ConfigureAwait(false);
    }
}
