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

    /// <summary>A new leader trusts the term of the session's create, and not what a load has lengthened it to.</summary>
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

    /// <summary>A copy of a write is another write.</summary>
    WriteNumberIgnored,

    /// <summary>A copy of a write that its connection has finished with is carried out.</summary>
    FirstUnfinishedIgnored,

    /// <summary>A successor does not know which writes were carried out.</summary>
    AnswersNotStored,

    /// <summary>A write whose batch failed is answered as if it had been made.</summary>
    AnswersNotUndone,

    /// <summary>Of changes that are made together, those before the one that is refused are made.</summary>
    MadeUntilRefused,

    /// <summary>Session epochs go on from what the store remembers.</summary>
    RevisionWithoutFloor,

    /// <summary>Master epochs go on from what the store remembers.</summary>
    MasterEpochWithoutFloor,

    /// <summary>A longer term under load is promised while it is being stored.</summary>
    LengthenedBeforeStored,

    /// <summary>A longer term is forgotten as soon as nobody is promised it any more.</summary>
    LengthenedForgottenEarly,

    /// <summary>A session whose creator has given it up stands in his way.</summary>
    AbandonedKept,

    /// <summary>A holder takes it for a renewal that its session lives.</summary>
    InquiryExtends,

    /// <summary>What is being committed is shown to whoever looks, though the store may yet fail.</summary>
    UncommittedShown,

    /// <summary>What an export says is taken for all that was ever promised.</summary>
    ImportTrusted,
}
