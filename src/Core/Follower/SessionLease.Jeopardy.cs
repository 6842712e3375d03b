using System;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Follower;

/// <content>
/// JEOPARDY: the data path refuses, and the session may still come back. A holder that refuses must not keep its session alive
/// forever, since no other server gets its work; and the holder must not wait forever for a session that is gone.
/// </content>
/// <remarks>
/// <para>
/// For a term it goes on renewing. After that, and at once while its host does not vouch for itself or its term leaves it too little
/// to serve, the holder only asks how the session stands: if nothing of its own is heard at the master any more, the session ends there
/// after its term. That the session lives is answered by one renewal, if the host is well: the answer to that makes it ALIVE.
/// </para>
/// <para>
/// LOST by itself, EXPIRED: no master was heard, and the session is over at the master by all that was promised. Counted from
/// when the session last may have been renewed (the last renewal that was given to the stream, and the intervals that it may
/// have waited there; or an answer that the session lived): the longest term that was heard of for that renewal being on its
/// way; T_max that it was good for, since its answer, which got lost, may have promised the longest term there is; and T_max
/// again for masters that were away in between, or the successor of a master that was, which keeps what was promised. All of
/// this by a clock that may run fast while the master's runs slow. Masters that follow each other without ever hearing of the
/// holder could keep the session for longer, and so could a renewal that a network delivers after more than a term. That is
/// safe: the holder has stopped before, and its next create names what it has abandoned.
/// </para>
/// <para>
/// LOST by itself, UNKNOWN: a master of a lower epoch answers, and goes on to, for a term. An answer of a lower master
/// epoch never extends a lease, since a deposed master may not promise anything. But such a master falls silent within its own
/// lease, so a master that goes on answering leads, over a store that went back to an older state. Only answers to requests
/// that were sent after the higher epoch was heard count: others are merely late.
/// </para>
/// </remarks>
public sealed partial class SessionLease
{
    /// <summary>When the data path was refused; counts in JEOPARDY only.</summary>
    private long _refusedSinceNs;

    /// <summary>When <see cref="MasterEpoch"/> was first heard of.</summary>
    private long _epochSeenNs;

    /// <summary>The session lived at the master then, or a renewal may have reached it.</summary>
    private long _livedNs;

    /// <summary>The longest term that this session was promised.</summary>
    private uint _longestPromiseMs;

    /// <summary>T_max, as the last master said.</summary>
    private uint _longestTermMs;

    /// <summary>Since when, and until when, masters of a lower epoch have answered, and no other.</summary>
    private long? _lowerSinceNs;
    private long _lowerUntilNs;
    private ulong _lowerEpoch;

    /// <summary>When it last began a renewal.</summary>
    private long _renewalSentNs;

    /// <summary>The last word was said, and the host has not vouched for itself since.</summary>
    private bool _isLastWordSaid;

    /// <summary>The master said that it lives: one renewal.</summary>
    private bool _isWorthRenewing;

    /// <summary>The lower master epoch that ended it; null: something else did.</summary>
    public ulong? EndedByLowerEpoch { get; private set; }

    private long OverNs => _livedNs + LeaseArithmetic.PatienceNs(
        _longestPromiseMs + (2 * Math.Max(_longestTermMs, _longestPromiseMs)), _bounds.ClockRateBoundPpm);

    /// <summary>When time alone may end it.</summary>
    private long NextVerdictNs
    {
        get
        {
            long termOverNs = _refusedSinceNs + TermNs;
            return _lastTickNs < termOverNs ? termOverNs : Math.Max(OverNs, _lastTickNs + 1);
        }
    }

    /// <summary>
    /// A term that was lengthened under load, and was usable, may have become one that is not: the holder would refuse for the most of it
    /// and keep the session alive all the same.
    /// </summary>
    private bool CanServe => IsUsable(TermMs, _bounds);

    private Asking WhatToAsk(long nowNs)
    {
        bool isWell = nowNs < HealthyUntilNs;
        bool isFirst = !isWell && !_isLastWordSaid;
        _isLastWordSaid = !isWell;
        if (isFirst || (!isWell && State == SessionState.Jeopardy))
        {
            return Asking.LastWord;
        }

        if (State == SessionState.Jeopardy &&
            !(isWell && CanServe && (_isWorthRenewing || nowNs - _refusedSinceNs < TermNs)))
        {
            return Asking.Inquiry;
        }

        if (!isWell)
        {
            return Asking.Nothing;
        }

        _isWorthRenewing = false;
        _renewalSentNs = nowNs;
        _livedNs = Math.Max(_livedNs, nowNs + (Limits.RenewalWaitIntervals * _intervalNs));
        return Asking.Renewal;
    }

    /// <summary>The session lives, and was not renewed: if the host is well, it is renewed at once.</summary>
    private void NoteLife(long sentNs, long nowNs)
    {
        _livedNs = Math.Max(_livedNs, sentNs);

        // Answers that come together, after a pause, are worth one renewal and not one each.
        if (State == SessionState.Jeopardy && nowNs < HealthyUntilNs && CanServe && sentNs > _renewalSentNs)
        {
            _isWorthRenewing = true;
            _nextSendNs = nowNs;
        }
    }

    private void NotePromise(uint longestTermMs)
    {
        _longestPromiseMs = Math.Max(_longestPromiseMs, TermMs);
        _longestTermMs = longestTermMs == 0 ? _longestTermMs : GrantedTimes.TermMs(longestTermMs);
    }

    private void NoteLower(RenewalAnswer answer, long sentNs, long nowNs)
    {
        if (sentNs < _epochSeenNs)
        {
            return;
        }

        if (_lowerSinceNs == null || nowNs - _lowerUntilNs > TermNs)
        {
            _lowerSinceNs = nowNs;
        }

        _lowerUntilNs = nowNs;
        _lowerEpoch = answer.MasterEpoch;
        Judge(nowNs);
    }

    /// <summary>In JEOPARDY for a term: is it over?</summary>
    private void Judge(long nowNs)
    {
        if (State != SessionState.Jeopardy || nowNs - _refusedSinceNs < TermNs)
        {
            return;
        }

        if (_lowerSinceNs is { } sinceNs && nowNs - sinceNs >= TermNs && nowNs - _lowerUntilNs <= HalfTermNs)
        {
            EndedByLowerEpoch = _lowerEpoch;
            End(SessionEndReason.Unknown);
        }
        else if (nowNs >= OverNs)
        {
            End(SessionEndReason.Expired);
        }
    }
}
