using System;
using System.Diagnostics;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Follower;

/// <summary>
/// The attempts to get one session from whichever master leads, from the first to the last: what an answer is worth, when to ask again,
/// and what its end says. All attempts have the nonce of the wish, so that a master which has answered before knows the wish again.
/// </summary>
/// <remarks>It has no clock, thread, lock or I/O. <see cref="RepeatRules"/> says what may be asked again.</remarks>
/// <param name="wish">What is asked for.</param>
/// <param name="bounds">Of the holder.</param>
/// <param name="nowNs">The clock now: the time-out counts from here.</param>
public sealed class SessionAsk(SessionWish wish, HolderBounds bounds, long nowNs)
{
    private bool _wasReached;

    /// <summary>When the time-out is over.</summary>
    public long DeadlineNs { get; } = nowNs + Ns.FromMs(wish.TimeoutMs);

    /// <summary>An attempt may have made a session.</summary>
    public bool MayBeDone { get; private set; }

    /// <summary>Why the last attempt failed; null: none has.</summary>
    public SessionException? Heard { get; private set; }

    /// <summary>The master that the next attempt goes to; null: whichever is next.</summary>
    public string? StayAt { get; private set; }

    /// <summary>Why it was given up; null: it is not.</summary>
    public SessionException? End { get; private set; }

    /// <summary>How long an attempt that begins now may take.</summary>
    public long AttemptEndNs(long sentNs) => Math.Min(DeadlineNs, sentNs + Ns.FromMs(Limits.CreateAttemptMs));

    /// <summary>A master has granted the session.</summary>
    /// <param name="granted">What.</param>
    /// <param name="sentNs">s of the attempt.</param>
    /// <param name="answeredNs">The clock now.</param>
    /// <returns>Null: it is held. Else why the attempt has failed all the same.</returns>
    public SessionException? Judge(GrantedSession granted, long sentNs, long answeredNs)
    {
        Debug.Assert(sentNs <= answeredNs, "it was asked for later than it is granted");
        HolderBounds both = bounds.Beside(granted.ClockRateBoundPpm);
        return answeredNs < LeaseArithmetic.HolderDeadlineNs(sentNs, granted.TermMs, both.ClockRateBoundPpm, both.EffectDelayMs)
            ? null
            : new SessionException(SessionStatus.TimedOut, "the answer took longer than the lease") { IsOutcomeUnknown = true };
    }

    /// <summary>What a failure says of the master that it came from.</summary>
    /// <remarks>Every master knows a create: a server that does not is no master for this follower, though it answers.</remarks>
    public static SessionException SeenAs(SessionException failure) => failure.Status == SessionStatus.Unsupported
        ? new SessionException(SessionStatus.NoMaster, failure.Message, failure)
        : failure;

    /// <inheritdoc cref="EndedAttempt.Explain"/>
    public SessionException Explain(SessionException failure, EndedAttempt attempt) => attempt.Explain(failure, Heard, DeadlineNs);

    /// <summary>The attempt was cut short by the time-out, before it could tell more than was <see cref="Heard"/> before.</summary>
    public bool IsCutShort(SessionException failure) => ReferenceEquals(failure, Heard);

    /// <summary>An attempt has failed: what to do, with <see cref="StayAt"/> or <see cref="End"/>.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="address">The master's.</param>
    /// <param name="next">What <see cref="Endpoints"/> says of that.</param>
    /// <param name="failedNs">The clock now.</param>
    /// <param name="random">As <see cref="RepeatRules.After"/>.</param>
    public Repeat Failed(SessionException failure, string address, NextMaster next, long failedNs, double random)
    {
        bool wasCutShort = IsCutShort(failure);
        _wasReached |= failure.Status != SessionStatus.NoMaster;
        MayBeDone |= wasCutShort || failure.IsOutcomeUnknown;

        long leftMs = RepeatRules.LeftMs(DeadlineNs, failedNs);
        Repeat repeat = wasCutShort ? default : RepeatRules.After(
            new FailedAttempt(CallKind.Create, failure.Status, failure.IsOutcomeUnknown, failure.RetryAfterMs, next, leftMs), random);
        if (repeat.Way == RepeatWay.GiveUp)
        {
            End = EndAfter(failure);
        }

        Heard = failure;
        StayAt = repeat.Way == RepeatWay.Here ? address : null;
        return repeat;
    }

    private SessionException EndAfter(SessionException last) =>
        IsWaitedFor(last.Status) ? OutOfTime(last)
        : MayBeDone ? RepeatRules.LeftOpen(last, last.Status, last.Message)
        : last;

    /// <summary>Ended by the time-out, not by what the master answered.</summary>
    private static bool IsWaitedFor(SessionStatus status) => status is
        SessionStatus.NoMaster or SessionStatus.NotLeader or SessionStatus.TimedOut or SessionStatus.IdentityInUse or
        SessionStatus.Unsupported;

    private SessionException OutOfTime(SessionException last) => RepeatRules.LeftOpen(
        last,
        last.Status == SessionStatus.NoMaster && _wasReached ? SessionStatus.TimedOut : last.Status,
        $"no session within {wish.TimeoutMs} ms: {last.Message}", MayBeDone);
}
