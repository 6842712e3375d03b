namespace Interop.Sessions;

/// <summary>
/// Defects that the simulator must notice, each where a careful engineer might make it. The product has none of them:
/// see <see cref="DeliberateFaults"/>.
/// </summary>
internal enum DeliberateFault
{
    /// <summary>The holder counts its lease from the receipt of the answer and not from s.</summary>
    DeadlineFromReceipt,

    /// <summary>The holder trusts its clock to run as fast as the master's.</summary>
    RateBoundIgnored,

    /// <summary>The holder forgets the time from check to effect.</summary>
    EffectDelayIgnored,

    /// <summary>A renewal with a shorter term takes back what an earlier one promised.</summary>
    DeadlineMovesBack,

    /// <summary>A new leader trusts the term of the session instead of the longest one ever promised.</summary>
    FailoverWithoutLongestTerm,

    /// <summary>A suspect is told of its renewal before its mark is gone from the store.</summary>
    SuspectAnsweredBeforeCommit,

    /// <summary>A former connection of a session is as good as the newest.</summary>
    NonceIgnored,

    /// <summary>The dead start a whole term again with each leader.</summary>
    SuspectsForgotten,

    /// <summary>After a stall, all missed renewals are sent at once.</summary>
    CatchUpSends,

    /// <summary>After a pause, the holder goes on with what it believed before.</summary>
    PauseUnnoticed,

    /// <summary>The host hears of an expiry before the store has it.</summary>
    ExpiryToldBeforeCommit,

    /// <summary>A create or an item is acknowledged before the store has it.</summary>
    AnswerBeforeCommit,

    /// <summary>A leader goes on after its own lease has run out.</summary>
    LeadershipNotChecked,

    /// <summary>The store takes what a deposed leader writes.</summary>
    MasterEpochNotCompared,

    /// <summary>A receiver takes what comes from a former session.</summary>
    EpochNotCompared,
}
