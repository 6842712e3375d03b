using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Interop.Sessions.Master.Hooks;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Master.Writing;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Master.Verbs;

/// <summary>
/// What followers, operators and the host ask of a master: create, keep-alive, items, lists, ends. A partial file each. The
/// master's life (start, resign, stop) is in <see cref="SessionMaster"/>. Every member may be called from any thread.
/// </summary>
/// <param name="accessManager">The host.</param>
/// <param name="hooks">The threads that call the host.</param>
/// <param name="host">Says whether the host leads.</param>
/// <param name="leadership">Says whether this master may act.</param>
/// <param name="metrics">Counts what is done and refused.</param>
/// <param name="logger">Where it is told.</param>
/// <param name="time">By which leases run.</param>
/// <param name="stopping">Cancelled when the master begins to stop.</param>
internal sealed partial class SessionVerbs(
    AccessManager accessManager, HookThreads hooks, HostWatch host, LeadershipLoop leadership, MasterMetrics metrics,
    ILogger logger, BootTime time, CancellationToken stopping)
{
    private readonly LogBudgets _budgets = new();
    private readonly long _madeNs = time.NowNs;

    /// <summary>Streams end on it.</summary>
    internal CancellationToken Stopping => stopping;

    /// <summary>By which leases run.</summary>
    internal BootTime Time => time;

    /// <summary>What is counted.</summary>
    internal MasterMetrics Metrics => metrics;

    /// <inheritdoc cref="SessionMaster.ActingEpoch"/>
    internal ulong? ActingEpoch => leadership.Acting(time.NowNs)?.MasterEpoch;

    /// <summary>
    /// What a caller is told that asks too much of this master: that another leads, if another does. Otherwise the caller would
    /// ask here again and again.
    /// </summary>
    internal SessionException InsteadOf(SessionException overloaded) =>
        leadership.SeemsToLead && !stopping.IsCancellationRequested ? overloaded : Refusal();

    /// <summary>The identity of a session, for who asks whether a caller may act on it; null: there is no such session.</summary>
    /// <exception cref="SessionException">NotLeader.</exception>
    internal string? IdentityOf(ulong sessionId) => RequireLeader().Read(table => table.IdentityOf(sessionId));

    /// <summary>Is there such a session, in the leadership that this master has?</summary>
    internal bool IsLive(ulong sessionId) => leadership.Current?.Read(table => table.IdentityOf(sessionId)) != null;

    /// <summary>The same of each of many keys, and whether it is its holder's; null: this master may not act at that time.</summary>
    internal IReadOnlyList<(string Identity, bool IsHolders)?>? StandingsOf(IReadOnlyList<SessionKey> keys, long nowNs) =>
        leadership.Acting(nowNs)?.Read<(string, bool)?[]>(table => [.. keys.Select(table.StandingOf)]);

    /// <summary>A call has ended that belongs to a trace of its caller's.</summary>
    internal void NoteTraced(string method, string trace, SessionStatus status) =>
        MasterLog.TracedCall(logger, method, trace, status);

    /// <summary>The tenure to act in.</summary>
    private Tenure RequireLeader() =>
        !stopping.IsCancellationRequested && leadership.Acting(time.NowNs) is { } tenure ? tenure : throw Refusal();

    private SessionException Refusal() => stopping.IsCancellationRequested
        ? new SessionException(SessionStatus.Cancelled, "the master stops")
        : leadership.Refusal();

    // Under the table's lock, or when the session has left the table.
    private static SessionRequest RequestOf(Session session, ulong masterEpoch) =>
        new(session.Key.SessionId, session.Key.Epoch, session.Description, session.TermMs)
        {
            MasterEpoch = masterEpoch,
            Flags = session.Flags,
            ItemCount = session.ItemCount,
            CreatedNs = session.CreatedNs,
            RenewedNs = session.RenewedNs,
        };
}
