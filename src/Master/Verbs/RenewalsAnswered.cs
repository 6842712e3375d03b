using System.Collections.Generic;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Verbs;

/// <summary>What a message of renewals is answered.</summary>
/// <param name="Answers">Of all sessions but those of <see cref="Later"/>.</param>
internal sealed record RenewalsAnswered(List<AnsweredRenewal> Answers)
{
    /// <summary>The leadership that promises; 0: this master does not lead.</summary>
    internal ulong MasterEpoch { get; init; }

    /// <summary>The longest term that any leader of it may have promised.</summary>
    internal uint LongestTermMs { get; init; }

    /// <summary>ρ of this master; 0: it does not lead.</summary>
    internal uint ClockRateBoundPpm { get; init; }

    /// <summary>Of a master that does not lead: who does, as far as it knows.</summary>
    internal string LeaderHint { get; init; } = "";

    /// <summary>Answers that must wait until the store has forgotten a mark; null: there are none.</summary>
    internal Task<List<AnsweredRenewal>>? Later { get; init; }
}
