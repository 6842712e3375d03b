namespace Interop.Sessions.Follower;

/// <summary>
/// The attempts of one call to whichever master leads, from the first to the last: which is made again and where, and what the end
/// says. Creates and re-attaches have a <see cref="SessionAsk"/> instead.
/// </summary>
/// <remarks>It has no clock, thread, lock or I/O. <see cref="RepeatRules"/> says what may be made again.</remarks>
/// <param name="kind">What it would mean to make the call again.</param>
/// <param name="timeoutMs">For all attempts together.</param>
/// <param name="nowNs">The clock now: the time-out counts from here.</param>
public sealed class CallAsk(CallKind kind, uint timeoutMs, long nowNs)
{
    /// <summary>When the time-out is over.</summary>
    public long DeadlineNs { get; } = nowNs + Ns.FromMs(timeoutMs);

    /// <summary>An attempt may have been carried out.</summary>
    public bool MayBeDone { get; private set; }

    /// <summary>Why the last attempt failed; null: none has.</summary>
    public SessionException? Heard { get; private set; }

    /// <summary>The master that the next attempt goes to; null: whichever is next.</summary>
    public string? StayAt { get; private set; }

    /// <summary>Why the call was given up; null: it is not.</summary>
    public SessionException? End { get; private set; }

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
        Repeat repeat = wasCutShort ? default : RepeatRules.After(
            new FailedAttempt(
                kind, failure.Status, failure.IsOutcomeUnknown, failure.RetryAfterMs, next, RepeatRules.LeftMs(DeadlineNs, failedNs)),
            random);
        if (repeat.Way == RepeatWay.GiveUp)
        {
            bool isLeftOpen = MayBeDone || wasCutShort || failure is { Status: SessionStatus.NotLeader, IsOutcomeUnknown: true };
            End = isLeftOpen ? LeftOpen(failure) : failure;
        }

        MayBeDone |= failure.IsOutcomeUnknown;
        Heard = failure;
        StayAt = repeat.Way == RepeatWay.Here ? address : null;
        return repeat;
    }

    /// <summary>The last attempt was answered, and an earlier one may have been carried out all the same.</summary>
    private SessionException LeftOpen(SessionException last)
    {
        SessionStatus told = RepeatRules.ToldOf(kind, last.Status);
        string message = told == last.Status
            ? last.Message
            : $"it may have been done: an attempt was not answered, and another was: {last.Message}";
        return RepeatRules.LeftOpen(last, told, message);
    }
}
