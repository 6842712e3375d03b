namespace Interop.Sessions.Follower;

/// <summary>An attempt of a call that has ended without what was asked for.</summary>
/// <param name="Address">Of the master.</param>
/// <param name="SentNs">The clock before the attempt.</param>
/// <param name="EndedNs">The clock after it.</param>
/// <param name="Unanswered">What has not answered so far, where there is no connection to the master; null: there is one.</param>
/// <param name="WasReached">Has any connection to the master been made? Before that no attempt can have been carried out.</param>
public readonly record struct EndedAttempt(string Address, long SentNs, long EndedNs, string? Unanswered = null, bool WasReached = true)
{
    /// <summary>What the attempt's failure says of its master; if it was cut short, what was heard before.</summary>
    /// <param name="failure">
    /// What came: a master's word; TimedOut without a text, where the time of the attempt was over; Cancelled, where its connection was.
    /// </param>
    /// <param name="heard">Why the attempt before has failed; null: there was none.</param>
    /// <param name="deadlineNs">When the time-out of the call is over.</param>
    internal SessionException Explain(SessionException failure, SessionException? heard, long deadlineNs) => failure switch
    {
        // Not by the caller: the connection was given up under the call.
        { Status: SessionStatus.Cancelled } => Silence(SessionStatus.NoMaster, $"the connection to {Address} broke", failure),
        { Status: SessionStatus.Unsupported } => new SessionException(failure.Status, $"{Address}: {failure.Message}", failure)
        {
            IsOutcomeUnknown = failure.IsOutcomeUnknown,
        },
        { Status: SessionStatus.TimedOut, Message.Length: 0 } => OutOfTime(failure, heard, deadlineNs),
        _ => failure,
    };

    private SessionException OutOfTime(SessionException failure, SessionException? heard, long deadlineNs) =>
        heard != null && !RepeatRules.IsTelling(SentNs, deadlineNs, EndedNs) ? heard
        : Unanswered != null ? new SessionException(SessionStatus.NoMaster, Unanswered, failure) { IsOutcomeUnknown = WasReached }
        : Silence(SessionStatus.TimedOut, $"{Address} gave no answer in time", failure);

    private static SessionException Silence(SessionStatus status, string message, SessionException failure) =>
        new(status, message, failure) { IsOutcomeUnknown = true };
}
