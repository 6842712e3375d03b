using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Verbs;

/// <content>ReattachSession: a follower's process was restarted within its term.</content>
internal sealed partial class SessionVerbs
{
    /// <summary>CheckLeader, persist, and what SessionCreated once granted; a master that was restarted asks it again.</summary>
    internal Task<GrantedAnswer> ReattachSessionAsync(
        ulong sessionId, string identity, UInt128 secret, ToldConnection connection, string peer, CancellationToken awaited) =>
        RunAsync(new CreateFlow(sessionId, identity, secret, connection, accessManager.CreateHooks) { Peer = peer }, awaited);
}
