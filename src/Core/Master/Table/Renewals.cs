using System.Collections.Generic;
using Interop.Sessions.Lease;

namespace Interop.Sessions.Master;

/// <summary>A session as a message names it.</summary>
/// <param name="Key">As the master knows it: with the hash of its nonce.</param>
/// <param name="Shown">As it came, with the nonce: answers say it again.</param>
public readonly record struct AskedKey(SessionKey Key, SessionKey Shown);

/// <summary>What one message of a holder's process asks.</summary>
/// <param name="Renewals">Sessions that are to be renewed.</param>
/// <param name="Inquiries">Sessions of holders that refuse: how do they stand?</param>
/// <param name="GateClosed">Those of the inquiries whose hosts do not vouch for themselves.</param>
public sealed record RenewalsAsked(
    IReadOnlyList<AskedKey> Renewals, IReadOnlyList<AskedKey> Inquiries, IReadOnlySet<ulong> GateClosed);

/// <summary>What is answered about one session.</summary>
/// <param name="Key">Which, as it was asked.</param>
/// <param name="Status">Ok: it is renewed, or stands well; else why not.</param>
/// <param name="TermMs">For how long it is promised from s on; 0: nothing is promised.</param>
/// <param name="Text">Why not, where a person has given a reason; else empty.</param>
public readonly record struct AnsweredRenewal(SessionKey Key, SessionStatus Status, uint TermMs = 0, string Text = "")
{
    /// <summary>Its identity is drained; the text says why.</summary>
    public bool IsDraining { get; init; }

    /// <summary>How often the master wants to be asked; 0: it does not say.</summary>
    public uint IntervalMs => TermMs > 0 ? RenewalPace.IntervalMs(TermMs) : 0;

    /// <summary>The same, when it is known whether the store has forgotten that the session was a suspect.</summary>
    /// <param name="cleared">Ok, or why not.</param>
    public AnsweredRenewal Behind(SessionStatus cleared) => cleared == SessionStatus.Ok ? this : new AnsweredRenewal(Key, cleared);

    /// <summary>What a verdict says to the holder.</summary>
    public static AnsweredRenewal Of(SessionKey key, KeepAliveVerdict verdict) =>
        new(key, verdict.Status, verdict.Status == SessionStatus.Ok ? verdict.TermMs : 0, verdict.Drain?.Reason ?? verdict.Text)
        {
            IsDraining = verdict.Drain != null,
        };
}
