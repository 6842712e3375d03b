using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Verbs;

namespace Interop.Sessions.Master;

/// <content>What a host asks of its own master, in its own process.</content>
public sealed partial class SessionMaster
{
    /// <summary>Sessions in order of id.</summary>
    /// <param name="fromSessionId">The first id that may come; 0: from the start.</param>
    /// <param name="limit">How many at most; 0: <see cref="Limits.DefaultSessionsPerPage"/>.</param>
    /// <exception cref="SessionException">InvalidArgument: the limit; NotLeader: another master may have them.</exception>
    public SessionPage ListSessions(ulong fromSessionId = 0, uint limit = 0) =>
        Verbs.ListSessions(fromSessionId, limit);

    /// <summary>How many sessions the list shows.</summary>
    /// <exception cref="SessionException">NotLeader.</exception>
    public int CountSessions() => Verbs.CountSessions();

    /// <summary>What the list shows of one session.</summary>
    /// <exception cref="SessionException">UnknownSession or how it ended, NotLeader.</exception>
    public SessionRow GetSession(ulong sessionId) => Verbs.GetSession(sessionId);

    /// <summary>The same of the session that an identity holds.</summary>
    /// <exception cref="SessionException">UnknownSession, NotLeader.</exception>
    public SessionRow FindSession(string identity) => Verbs.FindSession(identity);

    /// <summary>The items of a session whose key begins with a prefix, in byte order of the keys.</summary>
    /// <exception cref="SessionException">UnknownSession or how it ended, NotLeader.</exception>
    public IReadOnlyList<Item> ListItems(ulong sessionId, string prefix) => Verbs.ListItems(sessionId, prefix);

    /// <summary>One item of a session.</summary>
    /// <exception cref="SessionException">UnknownSession or how it ended, ItemNotFound, InvalidArgument, TooLong, NotLeader.</exception>
    public Item GetItem(ulong sessionId, string key) => Verbs.GetItem(sessionId, key);

    /// <summary>
    /// Takes a session away. Durable when the call returns; the holder is told at its next keep-alive, stops, and acknowledges.
    /// SessionEnded(Revoked) runs at that acknowledgement or when the lease runs out.
    /// </summary>
    /// <exception cref="SessionException">
    /// UnknownSession or how it ended, WrongEpoch, NotLeader, Store*; TimedOut: it may still be done.
    /// </exception>
    public void RevokeSession(ulong sessionId, ulong epoch, string reason, uint timeoutMs = Limits.DefaultCallTimeoutMs) =>
        HostCall.Wait(awaited => Verbs.RevokeSessionAsync(sessionId, epoch, reason, awaited), timeoutMs);

    /// <summary>As <see cref="RevokeSession"/>, without a thread that waits.</summary>
    /// <exception cref="SessionException">As <see cref="RevokeSession"/>, and Cancelled.</exception>
    public Task RevokeSessionAsync(ulong sessionId, ulong epoch, string reason, uint timeoutMs, CancellationToken cancellation) =>
        HostCall.WaitAsync(awaited => Verbs.RevokeSessionAsync(sessionId, epoch, reason, awaited), timeoutMs, cancellation);
}
