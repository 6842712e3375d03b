using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Verbs;

/// <summary>What all answers of a message have in common.</summary>
internal sealed record RenewalHead
{
    /// <summary>The leadership that promises; 0: this master does not lead.</summary>
    internal ulong MasterEpoch { get; init; }

    /// <summary>The longest term that any leader of it may have promised.</summary>
    internal uint LongestTermMs { get; init; }

    /// <summary>ρ of this master; 0: it does not lead.</summary>
    internal uint ClockRateBoundPpm { get; init; }

    /// <summary>Of a master that does not lead: who does, as far as it knows.</summary>
    internal string LeaderHint { get; init; } = "";
}

/// <summary>What a message of renewals is answered.</summary>
/// <param name="Head">Of all of them.</param>
/// <param name="Answers">Of all sessions but the suspects.</param>
internal sealed record RenewalsAnswered(RenewalHead Head, List<AnsweredRenewal> Answers)
{
    /// <summary>Answers that must wait until the store has forgotten a mark, each with the key by which that is asked for.</summary>
    internal IReadOnlyList<(SessionKey Key, AnsweredRenewal Answer)> Suspects { get; init; } = [];

    /// <summary>
    /// Has the store forget the mark of a session; the same task for as long as one change serves all that ask. Null: there are no suspects.
    /// </summary>
    internal Func<SessionKey, Task<SessionStatus>>? ClearAsync { get; init; }
}
