using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master.Verbs;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master;

/// <content>What a host asks of its own master, in its own process.</content>
public sealed partial class SessionMaster
{
    /// <summary>Sessions in order of id.</summary>
    /// <param name="fromSessionId">The first id that may come; 0: from the start.</param>
    /// <param name="limit">How many at most; 0: <see cref="Limits.DefaultSessionsPerPage"/>.</param>
    /// <exception cref="SessionException">InvalidArgument: the limit; NotLeader: another master may have them.</exception>
    public SessionPage ListSessions(ulong fromSessionId = 0, uint limit = 0) =>
        Verbs.ListSessions(fromSessionId, limit, "");

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

    /// <summary>Sessions that have ended, in the order of their ends: those of the last day that there is room for.</summary>
    /// <param name="fromRevision">The first that may come; 0: from the oldest.</param>
    /// <param name="limit">How many at most; 0: <see cref="Limits.MaxEndsPerPage"/>.</param>
    /// <param name="identityPrefix">What their identity begins with.</param>
    /// <param name="sinceMs">Of so long ago at most, by the wall clock; 0: all.</param>
    /// <exception cref="SessionException">InvalidArgument: the limit; NotLeader.</exception>
    public EndPage ListEnds(ulong fromRevision = 0, uint limit = 0, string identityPrefix = "", ulong sinceMs = 0) =>
        Verbs.ListEnds(fromRevision, limit, identityPrefix, sinceMs, out _);

    /// <summary>
    /// Takes a session away. Durable when the call returns; the holder is told at its next keep-alive, stops, and acknowledges.
    /// SessionEnded(Revoked) runs at that acknowledgement or when the lease runs out.
    /// </summary>
    /// <param name="sessionId">Whose.</param>
    /// <param name="epoch">Of the session that is meant.</param>
    /// <param name="reason">For people: at most <see cref="Limits.MaxReasonBytes"/> bytes of UTF-8.</param>
    /// <param name="timeoutMs">1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what is being committed may still be done.</param>
    /// <exception cref="SessionException">
    /// InvalidArgument, TooLong, UnknownSession or how it ended, WrongEpoch, NotLeader, Store*; TimedOut: it may still be done.
    /// </exception>
    public Task RevokeSessionAsync(
        ulong sessionId, ulong epoch, string reason, uint timeoutMs = Limits.DefaultCallTimeoutMs,
        CancellationToken cancellationToken = default) =>
        HostCall.WaitAsync(awaited => RevokeTracedAsync(sessionId, epoch, reason, awaited), timeoutMs, _time, cancellationToken);

    /// <summary>
    /// Drains an identity until <see cref="UndrainAsync"/>, over sessions and leaderships: its server gets no new objects, and a create is
    /// refused with Draining once the identity holds no session. The session that it holds goes on; its holder is told, and what else
    /// becomes of the session the drain says. Draining what is drained changes what was asked for. Durable when the task ends.
    /// </summary>
    /// <param name="drain">Since when, the master fills in.</param>
    /// <param name="timeoutMs">1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what is being committed may still be done.</param>
    /// <exception cref="SessionException">
    /// InvalidArgument, TooLong, TooManyObjects, NotLeader, Store*; TimedOut: it may still be done.
    /// </exception>
    public Task DrainAsync(
        Drain drain, uint timeoutMs = Limits.DefaultCallTimeoutMs, CancellationToken cancellationToken = default) =>
        HostCall.WaitAsync(awaited => Verbs.DrainAsync(drain, awaited), timeoutMs, _time, cancellationToken);

    /// <summary>Takes a drain back; what is not drained may be undrained, too.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="timeoutMs">1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what is being committed may still be done.</param>
    /// <exception cref="SessionException">InvalidArgument, TooLong, NotLeader, Store*; TimedOut: it may still be done.</exception>
    public Task UndrainAsync(
        string identity, uint timeoutMs = Limits.DefaultCallTimeoutMs, CancellationToken cancellationToken = default) =>
        HostCall.WaitAsync(awaited => Verbs.UndrainAsync(identity, awaited), timeoutMs, _time, cancellationToken);

    /// <summary>Identities that are drained, in their order.</summary>
    /// <param name="fromIdentity">The first that may come; empty: from the start.</param>
    /// <param name="limit">How many at most; 0: <see cref="Limits.MaxDrainsPerPage"/>.</param>
    /// <param name="identityPrefix">What they begin with.</param>
    /// <exception cref="SessionException">InvalidArgument: the limit; NotLeader.</exception>
    public DrainPage ListDrains(string fromIdentity = "", uint limit = 0, string identityPrefix = "") =>
        Verbs.ListDrains(fromIdentity, limit, identityPrefix, out _);

    /// <summary>Which server answers for which object; the question assigns nothing.</summary>
    /// <param name="asked">Which, and from where on.</param>
    /// <param name="timeoutMs">1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionException">InvalidArgument: the limit; NotLeader, Store*, TimedOut.</exception>
    public async Task<AccessPointPage> ListAccessPointsAsync(
        AccessPointQuery asked, uint timeoutMs = Limits.DefaultCallTimeoutMs, CancellationToken cancellationToken = default) =>
        (await HostCall.WaitAsync(
            awaited => Verbs.ListAccessPointsAsync(asked, awaited), timeoutMs, _time, cancellationToken).ConfigureAwait(false)).Page;

    // What comes over the wire names its trace at the wire.
    private async Task<bool> RevokeTracedAsync(ulong sessionId, ulong epoch, string reason, CancellationToken awaited)
    {
        string? trace = TraceOnTheWire.Current;
        SessionStatus status = SessionStatus.Ok;
        try
        {
            return await Verbs.RevokeSessionAsync(sessionId, epoch, reason, awaited).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            status = error is OperationCanceledException ? SessionStatus.Cancelled : SessionException.Of(error).Status;
            throw;
        }
        finally
        {
            if (trace != null)
            {
                Verbs.NoteTraced("RevokeSession", trace, status);
            }
        }
    }
}
