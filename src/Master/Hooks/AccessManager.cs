using System;

namespace Interop.Sessions.Master;

/// <summary>
/// The behaviour of a master, supplied by its host. The master only calls it, on its hook threads: hooks about one identity run
/// one after the other, hooks of different identities may run at the same time; CheckLeader may run at the same time as any of
/// them. Hooks may block: no keep-alive waits for a hook, and SessionEnded, which has threads of its own and runs before hooks
/// of its identity that wait, waits for no hook of another identity. To refuse, throw a <see cref="SessionException"/>; its
/// message reaches the follower.
/// </summary>
public class AccessManager
{
    /// <summary>
    /// The hooks that creates and re-attaches wait for, asked at each. A hook that is left out is not called by them, and saves
    /// them a turn on the hook threads: for a class that overrides none of the three, or only some. A class that derives from
    /// such a class and overrides another hook names it here. CheckLeader is asked every 250 ms all the same.
    /// </summary>
    public virtual CreateHooks CreateHooks => GetType() == typeof(AccessManager) ? CreateHooks.None : CreateHooks.All;

    /// <summary>
    /// Is this host the leader? Asked at each create and re-attach, and every 250 ms; a yes counts for 2 s after it was asked, or for
    /// less if it says so: a host that hangs stops leading.
    /// </summary>
    public virtual LeaderAnswer CheckLeader() => new(true);

    /// <summary>
    /// This master begins to lead, or no longer leads: called once each for every leadership, as the first of its hooks and as
    /// the last. Where a hook of the old leadership still runs, the call for the end of that leadership waits for that hook;
    /// the next leadership does not wait, so its beginning may be told before. A host that hangs here when a leadership begins
    /// keeps all hooks of that leadership waiting, but no renewal. Where four such calls hang, leaderships that begin and end
    /// meanwhile are not told, nor is any hook of theirs run. That the master may not act for a moment
    /// (<see cref="SessionMaster.Leads"/>) is not told.
    /// </summary>
    public virtual void LeadershipChanged(LeadershipInfo leadership)
    {
    }

    /// <summary>
    /// Before a session is persisted: may refuse or amend. Once for each attempt of a create, of which one is persisted or none, so what
    /// it reserves is to be reserved by identity.
    /// </summary>
    public virtual void SessionInitialize(SessionRequest request, SessionAmendment amendment)
    {
    }

    /// <summary>
    /// After a session is persisted: fills the reply, or refuses. A session that is refused here is ended again: closed, or
    /// revoked where a follower may hold it. The hook runs once more for the same session if, under a later leadership, the
    /// create is repeated or the session is re-attached.
    /// </summary>
    public virtual void SessionCreated(SessionRequest request, SessionGrant grant)
    {
    }

    /// <summary>
    /// After a session's durable removal: its work may be given to another server. Called once within a leadership; an end
    /// under an earlier leadership, or in the moment when a leadership was lost, or one that still waits two seconds after a
    /// stop began, is not told: a host that begins to lead (<see cref="LeadershipChanged"/>) takes the list for the truth. The
    /// hook may run for a session whose SessionCreated was never called.
    /// </summary>
    public virtual void SessionEnded(SessionRequest request, SessionEndReason reason)
    {
    }

    /// <summary>A data report came in.</summary>
    /// <returns>The window to report next; report size 0 ends the report.</returns>
    public virtual ReportWindow DataReport(DataReport report) =>
        throw new SessionException(SessionStatus.ReportRefused, "this master takes no data reports");

    /// <summary>Called once, the very last: the master has stopped, and what its hooks use may go.</summary>
    public virtual void Released()
    {
    }
}

/// <summary>What the host is told of a leadership of its master.</summary>
/// <param name="Leads">True: the leadership begins. False: it has ended.</param>
/// <param name="MasterEpoch">Its number.</param>
/// <param name="Reason">Why the leadership has ended, for people; empty when it begins.</param>
public sealed record LeadershipInfo(bool Leads, ulong MasterEpoch, string Reason);

/// <summary>What the hooks hear of a session.</summary>
/// <param name="SessionId">0 in SessionInitialize.</param>
/// <param name="Epoch">0 in SessionInitialize.</param>
/// <param name="Description">What the server says of itself.</param>
/// <param name="TermMs">Wished; after SessionInitialize: granted.</param>
public sealed record SessionRequest(ulong SessionId, ulong Epoch, ServerDescription Description, uint TermMs)
{
    /// <summary>The number of the leadership that asks; 0 in SessionInitialize.</summary>
    public ulong MasterEpoch { get; init; }

    /// <summary>Is the session being revoked, is it suspect, was it re-attached? None in SessionInitialize, as all that follows.</summary>
    public SessionFlags Flags { get; init; }

    /// <summary>How many items it carries.</summary>
    public int ItemCount { get; init; }

    /// <summary>When it was created, in CLOCK_BOOTTIME nanoseconds of this master; 0: under an earlier leadership.</summary>
    public long CreatedNs { get; init; }

    /// <summary>When it was last heard of, in the same: its create, its re-attach, a renewal; 0: not in this leadership.</summary>
    public long RenewedNs { get; init; }

    /// <summary>In SessionEnded: what happened, or the reason that a revocation was given; for people.</summary>
    public string EndText { get; init; } = "";
}

/// <summary>A data report.</summary>
/// <param name="SessionId">The session that reports.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Identity">Of its server.</param>
/// <param name="Window">What was asked for.</param>
/// <param name="Pids">Those that exist within the window, in any order.</param>
public sealed record DataReport(
    ulong SessionId, ulong Epoch, string Identity, ReportWindow Window, ReadOnlyMemory<ulong> Pids);
