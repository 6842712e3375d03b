using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master;

/// <content>ReattachSession: a follower's process was restarted within its term.</content>
public sealed partial class SessionMaster
{
    /// <summary>CheckLeader, persist, and what SessionCreated once granted; a master that was restarted asks it again.</summary>
    internal async Task<CreatedSession> ReattachSessionAsync(
        ulong sessionId, string identity, UInt128 secret, ulong nonce, CancellationToken awaited)
    {
        Tenure tenure = await CheckLeaderAsync(identity, awaited).ConfigureAwait(false);
        StoredSession stored = await tenure.WriteAsync(
            table => new StoredSession(table.Reattach(sessionId, identity, secret, nonce, BootClock.NowNs), tenure), awaited)
            .ConfigureAwait(false);
        MasterLog.SessionReattached(_logger, identity, sessionId, stored.Key.Epoch);
        return await GrantAsync(stored, [], awaited).ConfigureAwait(false);
    }
}
