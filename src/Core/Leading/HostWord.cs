using System;

namespace Interop.Sessions.Master;

/// <summary>
/// The latest that the host has said of its leadership. A yes wears off: a host that no longer answers does not lead. Of two questions
/// the later one has the newer answer, whichever comes first.
/// </summary>
/// <remarks>It never changes: whoever has one may read it on any thread, and what follows from an answer is another.</remarks>
public sealed record HostWord
{
    private long _question;
    private long _countsUntilNs;

    private HostWord()
    {
    }

    /// <summary>It has said nothing.</summary>
    public static HostWord None { get; } = new();

    /// <summary>With yes, where the host elects: the number of its leadership.</summary>
    public ulong Epoch { get; private init; }

    /// <summary>Who leads instead, "host:port"; null: nobody has said.</summary>
    public string? Hint { get; private init; }

    /// <summary>How often the host said yes after it had not, or a yes had worn off: no session could be renewed in between.</summary>
    public int Interruptions { get; private init; }

    /// <summary>Does the host lead at a time, as far as anybody knows?</summary>
    public bool Leads(long nowNs) => SaysYes && nowNs < _countsUntilNs;

    /// <summary>What was said last, whether or not it has worn off.</summary>
    public bool SaysYes { get; private init; }

    /// <summary>The host has answered.</summary>
    /// <param name="question">Counted from 1 in the order of asking.</param>
    /// <param name="askedNs">When it was asked: from then on a yes counts.</param>
    /// <param name="said">The answer.</param>
    /// <param name="nowNs">The time of the answer.</param>
    /// <returns>What is known now; the same where a later question has been answered.</returns>
    public HostWord Hears(long question, long askedNs, LeaderAnswer said, long nowNs)
    {
        if (question < _question)
        {
            return this;
        }

        return new HostWord
        {
            _question = question,
            SaysYes = said.Leads,
            _countsUntilNs = askedNs + Ns.FromMs(CountsForMs(said)),
            Epoch = said.Epoch,
            // Longer than any address: it would lead nowhere, and no answer has room to tell it.
            Hint = said.Hint is { Length: > Limits.MaxEndpointBytes } ? null : said.Hint,
            Interruptions = Interruptions + (said.Leads && !Leads(nowNs) ? 1 : 0),
        };
    }

    // No longer than a successor waits for whoever may still count on it: see Predecessor.
    private static uint CountsForMs(LeaderAnswer said) =>
        said.ValidForMs == 0 ? Limits.CheckLeaderAnswerMs : Math.Min(said.ValidForMs, Limits.CheckLeaderAnswerMs);
}
