using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <content>Leading, for the first time or again after an interruption.</content>
public sealed partial class SessionTable
{
    private readonly LengthenedTerm _lengthened;
    private readonly StorePast _past;

    /// <summary>
    /// A session that this store has never made, and whose holder lives: the store went back. Null: none was heard of.
    /// </summary>
    public SessionKey? Stranger => _past.Stranger;

    /// <summary>T_max: the longest term that is promised to anybody from now on.</summary>
    public uint LongestTermMs => _settings.MaxTermMs;

    /// <summary>ρ of this master, which holders go by if it is larger than their own; 0: not said.</summary>
    public uint ClockRateBoundPpm => _settings.ClockRateBoundPpm;

    /// <summary>
    /// Nobody could renew for a while: every session gets the term that it may have been promised, from now, and a suspect
    /// the time that it had left. Deadlines do not move back.
    /// </summary>
    public void ExtendAll(long nowNs)
    {
        _lengthened.Resume(nowNs);
        _past.Resume(nowNs);
        foreach (Session session in _byId.Values)
        {
            Resume(session, nowNs);
        }
    }

    private void Resume(Session session, long nowNs)
    {
        uint promisedMs = Math.Max(session.TermMs, _lengthened.StoredMs);
        session.PromisedTermMs = promisedMs;

        // Since an export was made anything may have been promised; a mark is of a leadership after the import, which knew.
        uint unmarkedMs = _past.IsRestored ? Math.Max(promisedMs, _past.LongestTermMs) : promisedMs;
        long deadlineNs = LeaseArithmetic.MasterDeadlineNs(nowNs, session.SuspectMs ?? unmarkedMs);
        session.DeadlineNs = Math.Max(session.DeadlineNs, deadlineNs);
        session.MarkDueNs = Math.Max(session.MarkDueNs, nowNs + HalfOf(promisedMs));
    }

    /// <summary>What belongs to no session and is to be stored: a term that grows or is forgotten, a past that is over.</summary>
    private void ChangeState(long nowNs)
    {
        uint? levelMs = _lengthened.Change(WishedTermMs, _settings.MinTermMs, _settings.MaxTermMs, nowNs);
        if (levelMs != null || _past.IsOver(nowNs))
        {
            _stateInBatch = new StoreChange.PutState(
                levelMs ?? _lengthened.StoredMs, _past.IsRestored && !_past.IsOver(nowNs));
            Record(_stateInBatch, () => { });
        }
    }

    private void AcceptState()
    {
        if (_stateInBatch is { } state)
        {
            _lengthened.Accept(state.LengthenedTermMs);
            _past.Accept(state.IsRestored);
        }
    }
}
