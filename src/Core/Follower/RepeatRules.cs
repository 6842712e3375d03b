using System;

namespace Interop.Sessions.Follower;

/// <summary>What to do after an attempt that failed.</summary>
public enum RepeatWay
{
    /// <summary>Tell the caller.</summary>
    GiveUp,

    /// <summary>The next master that <see cref="Endpoints"/> names, after the pause.</summary>
    Elsewhere,

    /// <summary>The same master, after the pause: it answered, and waits for something itself.</summary>
    Here,
}

/// <summary>An attempt that failed.</summary>
/// <param name="Kind">What it would mean to make it again.</param>
/// <param name="Status">What was answered, or happened.</param>
/// <param name="IsOutcomeUnknown">May the master have carried it out?</param>
/// <param name="RetryAfterMs">For how long the master says that it makes no sense to ask again; 0: it did not say.</param>
/// <param name="Next">Which master is next.</param>
/// <param name="LeftMs">Of a renewal: what is left of the lease. Of a call: what is left of its time-out.</param>
public readonly record struct FailedAttempt(
    CallKind Kind, SessionStatus Status, bool IsOutcomeUnknown, uint RetryAfterMs, NextMaster Next, long LeftMs);

/// <summary>What follows from a failed attempt.</summary>
/// <param name="Way">Whether it is made again, and where.</param>
/// <param name="PauseMs">How long to wait before.</param>
/// <param name="Reason">Why, for people.</param>
public readonly record struct Repeat(RepeatWay Way, uint PauseMs, string Reason);

/// <summary>
/// The one table of what may be done again, for calls, creates and renewals alike; and how long to wait before, so that
/// thousands of followers that lost their master leave it the time to come back.
/// </summary>
public static class RepeatRules
{
    /// <summary>What is left of a call's time-out, rounded up, so that no call gives up earlier than the rules say.</summary>
    public static long LeftMs(long deadlineNs, long nowNs) => Ns.ToMsUp(deadlineNs - nowNs);

    /// <summary>
    /// Does the end of an attempt that was not answered tell anything of its master? Not if the time-out of the call cut it short: then
    /// what was heard before tells more. A stranger may say at any time that time is over.
    /// </summary>
    public static bool IsTelling(long sentNs, long deadlineNs, long endedNs)
    {
        long enoughNs = Ns.FromMs(Limits.TellingAttemptMs);
        return endedNs - sentNs >= enoughNs || deadlineNs - endedNs >= enoughNs;
    }

    /// <summary>What to do after an attempt that failed.</summary>
    /// <param name="failed">The attempt.</param>
    /// <param name="random">From 0 to 1, another each time: followers that failed together must not come back together.</param>
    public static Repeat After(FailedAttempt failed, double random)
    {
        (RepeatWay way, string reason) = failed is { Status: SessionStatus.Unauthenticated, Kind: not CallKind.Renewal }
            ? Unauthenticated(failed.Next)
            : Row(failed.Kind, failed.Status, failed.IsOutcomeUnknown);
        if (way == RepeatWay.GiveUp)
        {
            return new Repeat(way, 0, reason);
        }

        uint pauseMs = failed.Status is SessionStatus.IdentityInUse or SessionStatus.Overloaded
            ? ToldPauseMs(failed.RetryAfterMs, random)
            : PauseMs(way, failed, random);
        if (failed.Kind == CallKind.Renewal)
        {
            return new Repeat(way, pauseMs, reason);
        }

        // The last attempt still has the time for an answer.
        long mostMs = failed.LeftMs - Limits.RetryPauseMs;
        return mostMs <= 0
            ? new Repeat(RepeatWay.GiveUp, 0, "the time-out leaves no time for another attempt")
            : new Repeat(way, (uint)Math.Min(pauseMs, mostMs), reason);
    }

    /// <summary>How long a follower waits that creates its session again by itself, after so many failures in a row.</summary>
    public static uint RecreatePauseMs(int failures, double random) =>
        Jittered(Math.Min(Limits.MaxRecreatePauseMs, Limits.RecreatePauseMs << Math.Clamp(failures - 1, 0, 16)), random);

    /// <summary>
    /// What to report of a change that is given up after the last attempt was answered, when an earlier attempt may have been
    /// carried out: a refusal is reported only if it is the master's word on that very change; for a numbered change it is what
    /// the first copy was answered too. The end of the session is reported as such.
    /// </summary>
    public static SessionStatus ToldOf(CallKind kind, SessionStatus last) => (kind, last) switch
    {
        (not (CallKind.NumberedWrite or CallKind.Once), _) => last,
        (_, SessionStatus.NoMaster or SessionStatus.Cancelled) => last,
        (_, SessionStatus.UnknownSession or SessionStatus.SessionExpired or SessionStatus.SessionRevoked or
            SessionStatus.SessionClosed or SessionStatus.WrongEpoch or SessionStatus.WrongNonce) => last,
        (CallKind.NumberedWrite, SessionStatus.InvalidArgument or SessionStatus.ReservedKey or SessionStatus.ItemTooLarge or
            SessionStatus.TooManyItems or SessionStatus.ItemNotFound or SessionStatus.RevisionMismatch) => last,
        _ => SessionStatus.TimedOut,
    };

    private static (RepeatWay Way, string Reason) Row(CallKind kind, SessionStatus status, bool mayBeDone) =>
        (kind, status, mayBeDone) switch
        {
            (CallKind.Renewal, _, _) => (RepeatWay.Elsewhere, "a lease hangs on it, and a copy renews nothing twice"),
            (_, SessionStatus.Cancelled, _) => (RepeatWay.GiveUp, "its caller waits no more"),
            (_, SessionStatus.Overloaded, false) => (RepeatWay.Here, "the master leads, and did nothing: it says when to ask again"),
            (CallKind.Once, SessionStatus.NotLeader, false) => (RepeatWay.Elsewhere, "the master did nothing"),
            (CallKind.Once, _, _) => (RepeatWay.GiveUp, "it may have been done, and a copy would do it again"),
            (_, SessionStatus.NotLeader, false) => (RepeatWay.Elsewhere, "the master did nothing"),
            (_, SessionStatus.NotLeader, true) => (RepeatWay.Elsewhere, "if it was done, a copy finds it so"),
            (_, SessionStatus.NoMaster, _) => (RepeatWay.Elsewhere, "if it arrived, a copy finds it done"),
            (_, SessionStatus.TimedOut, true) => (RepeatWay.Elsewhere, "if it was done, a copy finds it so"),
            (_, SessionStatus.TimedOut, false) => (RepeatWay.Here, "the master leads, and did nothing: its store is behind"),
            (CallKind.Create, SessionStatus.Unsupported, _) => (RepeatWay.Elsewhere, "every master knows it: this is none, or of a far release"),
            (CallKind.Create, SessionStatus.IdentityInUse, _) => (RepeatWay.Here, "a lease on the identity still runs"),
            _ => (RepeatWay.GiveUp, "it is the master's answer"),
        };

    /// <summary>Certificates are replaced machine by machine: another master may know this client, or be known. None is waited for.</summary>
    private static (RepeatWay Way, string Reason) Unauthenticated(NextMaster next) => next == NextMaster.Untried
        ? (RepeatWay.Elsewhere, "another master may know this client, and be known")
        : (RepeatWay.GiveUp, "no master knows this client, or is known");

    private static uint PauseMs(RepeatWay way, FailedAttempt failed, double random) => (way, failed.Next) switch
    {
        // Each hint is followed once, so this is no loop.
        (RepeatWay.Elsewhere, NextMaster.Hinted) => 0,
        (RepeatWay.Elsewhere, NextMaster.Untried) => Jittered(Limits.RetryPauseMs, random),
        _ => Jittered(PacedMs(failed.LeftMs), random),
    };

    /// <summary>Paced by what is left: a caller with much time left can wait, and one with none left has nothing to save.</summary>
    private static uint PacedMs(long leftMs) => leftMs <= 0
        ? Limits.MaxRetryPauseMs
        : (uint)Math.Clamp(leftMs / Limits.RetriesWithinWhatIsLeft, Limits.RetryPauseMs, Limits.MaxRetryPauseMs);

    /// <summary>
    /// Not before the time that the master told; but an identity's holder may close it sooner, so not much later than a second.
    /// </summary>
    private static uint ToldPauseMs(uint retryAfterMs, double random)
    {
        if (retryAfterMs == 0)
        {
            return Jittered(Limits.MaxRetryPauseMs, random);
        }

        uint toldMs = Math.Clamp(retryAfterMs, Limits.RetryPauseMs, Limits.MaxToldPauseMs);
        return toldMs + (uint)(toldMs * random / 4);
    }

    private static uint Jittered(uint pauseMs, double random) => (uint)(pauseMs * (0.5 + random));

    /// <summary>The last attempt was answered, and an earlier one may have been carried out all the same.</summary>
    public static SessionException LeftOpen(SessionException last, SessionStatus status, string message, bool mayBeDone = true) =>
        new(status, message, last)
        {
            LeaderHint = last.LeaderHint,
            RetryAfterMs = last.RetryAfterMs,
            IsOutcomeUnknown = mayBeDone,
        };
}
