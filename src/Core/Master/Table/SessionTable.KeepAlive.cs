using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <content>Keep-alive: memory only, O(1).</content>
public sealed partial class SessionTable
{
    /// <summary>Renews a session's lease, or says why not. Never throws: renewals come in thousands.</summary>
    /// <param name="key">The session that is renewed, and its connection.</param>
    /// <param name="receivedNs">p: the clock after the request was received.</param>
    /// <param name="peer">From where; empty: that is not known.</param>
    public KeepAliveVerdict KeepAlive(SessionKey key, long receivedNs, string peer = "")
    {
        SessionStatus status = Check(key, out Session? session);
        if (status != SessionStatus.Ok)
        {
            return new KeepAliveVerdict(status, 0, IsSuspect: false)
            {
                Text = TextOf(status, session),
            };
        }

        long leftNs = session!.DeadlineNs - receivedNs;
        Extend(session, receivedNs);
        session.PeerAddress = peer.Length > 0 ? peer : session.PeerAddress;
        bool isSuspect = session.SuspectMs != null;
        return new KeepAliveVerdict(status, session.PromisedTermMs, isSuspect) { LeftNs = leftNs, Drain = session.Drain };
    }

    /// <summary>A holder that refuses its data path asks how its session stands; nothing is extended.</summary>
    public SessionStatus Inquire(SessionKey key) => Check(key, out _);

    /// <summary>The same, with what a person has said of it.</summary>
    /// <param name="key">The session, and its connection.</param>
    /// <param name="isGateClosed">The holder does not renew because its host does not vouch for itself: that is remembered for its end.</param>
    /// <param name="text">Why it was revoked; else empty.</param>
    public SessionStatus Inquire(SessionKey key, bool isGateClosed, out string text)
    {
        SessionStatus status = Check(key, out Session? session);
        if (isGateClosed && status is SessionStatus.Ok or SessionStatus.SessionRevoked && session != null)
        {
            session.IsGateClosed = true;
        }

        text = TextOf(status, session);
        return status;
    }

    private static string TextOf(SessionStatus status, Session? session) =>
        status == SessionStatus.SessionRevoked ? session?.RevokeReason ?? "" : "";

    /// <summary>A suspect was heard of: the store forgets its mark. Durable.</summary>
    /// <exception cref="SessionException">Its end, WrongEpoch or WrongNonce.</exception>
    public void ClearSuspect(SessionKey key)
    {
        Session session = Require(key);
        if (session.SuspectMs != null && _clearedInBatch.Add(session))
        {
            // The clearing counts from Accept on: until then a successor may find the mark.
            RecordMark(session);
        }
    }

    /// <summary>
    /// The term at which all sessions together renew as often as the master wants to be asked (Chubby lengthens its leases
    /// for the same reason: Burrows 2006, section 4.1).
    /// </summary>
    private uint WishedTermMs => (uint)Math.Min(
        (ulong)_byId.Count * Limits.RenewalsPerTerm * 1000 / _settings.MaxRenewalsPerSecond, _settings.MaxTermMs);

    private void Extend(Session session, long receivedNs)
    {
        uint termMs = _lengthened.Promise(session.TermMs, WishedTermMs);
        session.PromisedTermMs = termMs;
        session.IsGateClosed = false;
        session.RenewedNs = Math.Max(session.RenewedNs, receivedNs);
        session.DeadlineNs = Math.Max(session.DeadlineNs, LeaseArithmetic.MasterDeadlineNs(receivedNs, termMs));
        session.MarkDueNs = Math.Max(session.MarkDueNs, receivedNs + HalfOf(termMs));
    }

    private static long HalfOf(uint termMs) => Ns.FromMs(termMs) / 2;
}

/// <summary>What a renewal is answered.</summary>
/// <param name="Status">Ok, or why not.</param>
/// <param name="TermMs">T: what the holder may count on from before it sent the request.</param>
/// <param name="IsSuspect">
/// The answer must wait until <see cref="SessionTable.ClearSuspect"/> is durable: a successor that found the mark would
/// expire the session earlier than the answer promises.
/// </param>
public readonly record struct KeepAliveVerdict(SessionStatus Status, uint TermMs, bool IsSuspect)
{
    /// <summary>Why not, where a person has given a reason; else empty.</summary>
    public string Text { get; init; } = "";

    /// <summary>With Ok: that the identity is drained, durably; null: it is not.</summary>
    public Drain? Drain { get; init; }

    /// <summary>With Ok: what was left of the lease when the renewal came.</summary>
    public long LeftNs { get; init; }
}
