using System;
using System.Collections.Generic;
using System.Diagnostics;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Follower;

/// <summary>
/// One session at its holder: the core that decides when to renew, what an answer means, and when to stop. This class has no
/// clock, thread or I/O; times are CLOCK_BOOTTIME nanoseconds that the caller passes in.
/// </summary>
public sealed partial class SessionLease
{
    private HolderBounds _bounds;
    private long _intervalNs;
    private readonly List<SessionState> _moves = [];
    private long _nextSendNs;
    private long _lastSendNs;
    private long _lastTickNs;
    private long _lastAnswerNs;

    /// <summary>Answers to requests sent before count for nothing: the holder was away in between.</summary>
    private long _freshAfterNs = long.MinValue;

    /// <summary>Takes up a granted session.</summary>
    /// <param name="granted">The master's answer.</param>
    /// <param name="bounds">The holder's bounds.</param>
    /// <param name="sentNs">s: the clock before the create was built.</param>
    /// <param name="nowNs">The clock now.</param>
    public SessionLease(GrantedSession granted, HolderBounds bounds, long sentNs, long nowNs)
    {
        Debug.Assert(sentNs <= nowNs, "it was asked for later than it is granted");
        _bounds = bounds.Beside(granted.ClockRateBoundPpm);
        Key = granted.Key;
        MasterEpoch = granted.MasterEpoch;
        TermMs = GrantedTimes.TermMs(granted.TermMs);
        uint intervalMs = GrantedTimes.IntervalMs(granted.RenewalIntervalMs, TermMs);
        _intervalNs = Ns.FromMs(intervalMs);
        _lastSendNs = nowNs;
        _nextSendNs = nowNs + Ns.FromMs(GrantedTimes.PhaseMs(granted.RenewalPhaseMs, intervalMs));
        _lastTickNs = nowNs;
        _lastAnswerNs = nowNs;
        _epochSeenNs = sentNs;
        _livedNs = nowNs;
        NotePromise(granted.LongestTermMs);
        DeadlineNs = LeaseArithmetic.HolderDeadlineNs(
            sentNs, TermMs, _bounds.ClockRateBoundPpm, _bounds.EffectDelayMs);
        State = SessionTransitions.Next(SessionState.None, SessionCause.Granted);
    }

    /// <summary>The session, its epoch, and the connection that holds it.</summary>
    public SessionKey Key { get; }

    /// <summary>The highest leadership that was heard of.</summary>
    public ulong MasterEpoch { get; private set; }

    /// <summary>The term of the last answer.</summary>
    public uint TermMs { get; private set; }

    /// <summary>How often it is renewed; an answer must come within.</summary>
    public uint RenewalIntervalMs => (uint)Ns.ToMs(_intervalNs);

    /// <summary>The state.</summary>
    public SessionState State { get; private set; }

    /// <summary>Why it is lost, once it is.</summary>
    public SessionEndReason EndReason { get; private set; }

    /// <summary>The same for people: what the master was told, or what happened.</summary>
    public string EndText { get; private set; } = "";

    /// <summary>D_f: effects may begin while the clock is below. The lease word shows this deadline; 0 while the word must refuse.</summary>
    public long DeadlineNs { get; private set; }

    /// <summary>
    /// Until when the host vouches for itself: after that no renewal is sent, so that a server that hangs loses its lease
    /// although its runtime is well. For ever, unless the host says otherwise.
    /// </summary>
    public long HealthyUntilNs { get; set; } = long.MaxValue;

    /// <summary>When <see cref="Tick"/> has something to do next.</summary>
    public long NextWakeNs
    {
        get
        {
            long wakeNs = _nextSendNs;
            if (State == SessionState.Alive)
            {
                wakeNs = Math.Min(wakeNs, _lastAnswerNs + HalfTermNs);
            }

            return State == SessionState.Jeopardy ? Math.Min(wakeNs, NextVerdictNs)
                : DeadlineNs == 0 ? wakeNs
                : Math.Min(wakeNs, DeadlineNs);
        }
    }

    private long TermNs => Ns.FromMs(TermMs);

    private long HalfTermNs => TermNs / 2;

    /// <summary>A term of which less than a third is usable would be lost at the first hiccup; refuse it at once.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the bounds.</exception>
    public static void RequireUsable(uint termMs, HolderBounds bounds)
    {
        if (termMs is < Limits.MinTermMs or > Limits.MaxTermMs)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument,
                $"the master granted a term of {termMs} ms; one has {Limits.MinTermMs} to {Limits.MaxTermMs} ms");
        }

        long usableMs = UsableMs(termMs, bounds);
        if (!IsUsable(termMs, bounds))
        {
            throw new SessionException(
                SessionStatus.InvalidArgument,
                $"effect_delay_ms {bounds.EffectDelayMs} and clock_rate_bound_ppm {bounds.ClockRateBoundPpm} (the larger of this side's and " +
                $"the master's) leave " +
                $"{usableMs} ms of a term of {termMs} ms; at least a third must remain");
        }
    }

    private static bool IsUsable(uint termMs, HolderBounds bounds) => UsableMs(termMs, bounds) * 3 >= termMs;

    private static long UsableMs(uint termMs, HolderBounds bounds) =>
        Ns.ToMs(LeaseArithmetic.UsableTermNs(termMs, bounds.ClockRateBoundPpm)) - bounds.EffectDelayMs;

    /// <summary>Lets time pass: states that follow from it alone.</summary>
    public void Tick(long nowNs)
    {
        bool wasAway = nowNs - _lastTickNs > HalfTermNs;
        _lastTickNs = nowNs;
        if (State == SessionState.Lost)
        {
            return;
        }

        if (wasAway)
        {
            _freshAfterNs = nowNs;
            Refuse(SessionCause.Paused);

            // The master is asked for the session's standing only after a term in which the session could be renewed.
            _refusedSinceNs = nowNs;
        }
        else if (nowNs >= DeadlineNs)
        {
            Refuse(SessionCause.RanOut);
        }
        else if (nowNs - _lastAnswerNs >= HalfTermNs)
        {
            Move(SessionCause.Silent);
        }

        Judge(nowNs);
    }

    /// <summary>Is it time to renew?</summary>
    public bool IsRenewalDue(long nowNs) => State != SessionState.Lost && nowNs >= _nextSendNs;

    /// <summary>
    /// The renewal's time has come: what should be sent? The schedule is fixed: what a stall missed is skipped and not
    /// caught up, or a thousand stalled followers would storm the master together.
    /// </summary>
    public Asking BeginRenewal(long nowNs)
    {
        _lastSendNs = nowNs;
        long missed = Math.Max(0, (nowNs - _nextSendNs) / _intervalNs);
        _nextSendNs += (missed + 1) * _intervalNs;
        return WhatToAsk(nowNs);
    }

    /// <summary>
    /// Takes an answer; one that is not for this session, epoch and connection, is stale, or could be of no master, changes nothing.
    /// </summary>
    /// <param name="answer">What the master said.</param>
    /// <param name="sentNs">s of the request that it answers.</param>
    /// <param name="nowNs">The clock now.</param>
    public void Accept(RenewalAnswer answer, long sentNs, long nowNs)
    {
        Debug.Assert(sentNs <= nowNs, "it was asked for later than it is answered");
        if (State == SessionState.Lost || answer.Key != Key || !answer.IsOfAMaster)
        {
            return;
        }

        SessionEndReason? end = answer.Status.EndReason();
        if (end == null && answer.Status != SessionStatus.Ok)
        {
            // A master that cannot say.
            return;
        }

        if (answer.MasterEpoch < MasterEpoch)
        {
            NoteLower(answer, sentNs, nowNs);
        }
        else if (end is { } reason)
        {
            Believe(answer, nowNs);
            End(reason, answer.Text);
        }
        else if (answer.TermMs == 0)
        {
            Believe(answer, nowNs);
            NoteLife(sentNs, nowNs);
        }
        else if (sentNs >= _freshAfterNs)
        {
            Believe(answer, nowNs);
            TermMs = GrantedTimes.TermMs(answer.TermMs);
            NotePromise(answer.LongestTermMs);
            Reschedule(answer.IntervalMs);
            Renew(sentNs, nowNs);
        }
    }

    /// <summary>The end, by the holder's own will or the master's word. The first reason stays.</summary>
    public void End(SessionEndReason reason, string text = "")
    {
        if (State != SessionState.Lost)
        {
            EndReason = reason;
            EndText = text.Length == 0 ? reason.Text() : text;
            Refuse(SessionCause.Ended);
        }
    }

    /// <summary>The first state moved to that was not <see cref="MoveTold"/>; null: all were.</summary>
    public SessionState? NextMove => _moves.Count > 0 ? _moves[0] : null;

    /// <summary>That of <see cref="NextMove"/> was.</summary>
    public void MoveTold() => _moves.RemoveAt(0);

    /// <summary>A master under load asks for fewer renewals of a longer term, and later for more again.</summary>
    private void Reschedule(uint intervalMs)
    {
        uint wishedMs = intervalMs == 0 ? RenewalIntervalMs : intervalMs;
        long intervalNs = Ns.FromMs(GrantedTimes.IntervalMs(wishedMs, TermMs));
        if (intervalNs != _intervalNs)
        {
            _intervalNs = intervalNs;
            _nextSendNs = Math.Min(_nextSendNs, _lastSendNs + intervalNs);
        }
    }

    private void Believe(RenewalAnswer answer, long nowNs)
    {
        if (answer.MasterEpoch > MasterEpoch)
        {
            _epochSeenNs = nowNs;
        }

        MasterEpoch = answer.MasterEpoch;
        _bounds = _bounds.Beside(answer.ClockRateBoundPpm);
        _lowerSinceNs = null;
    }

    private void Renew(long sentNs, long nowNs)
    {
        _livedNs = Math.Max(_livedNs, sentNs);
        long deadlineNs = LeaseArithmetic.HolderDeadlineNs(
            sentNs, TermMs, _bounds.ClockRateBoundPpm, _bounds.EffectDelayMs);
        if (deadlineNs <= nowNs)
        {
            // The answer took as long as the lease; the next one decides.
            return;
        }

        DeadlineNs = Math.Max(DeadlineNs, deadlineNs);
        _lastAnswerNs = nowNs;
        Move(SessionCause.Answered);
    }

    private void Refuse(SessionCause cause)
    {
        DeadlineNs = 0;
        Move(cause);
    }

    private void Move(SessionCause cause)
    {
        SessionState next = SessionTransitions.Next(State, cause);
        if (next != State)
        {
            _moves.Add(next);
            State = next;
            if (next == SessionState.Jeopardy)
            {
                _refusedSinceNs = _lastTickNs;
            }
        }
    }
}
