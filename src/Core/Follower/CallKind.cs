namespace Interop.Sessions.Follower;

/// <summary>What a call does when it is made a second time.</summary>
public enum CallKind
{
    /// <summary>The second call does no more than the first: reads, closes, look-ups.</summary>
    Repeatable,

    /// <summary>A change that carries a <see cref="WriteId"/>: the master answers a copy as it answered the first.</summary>
    NumberedWrite,

    /// <summary>A create or re-attach: its nonce makes a copy known.</summary>
    Create,

    /// <summary>A change without a number: a copy is another change.</summary>
    Once,

    /// <summary>A message of renewals: a lease hangs on the next one.</summary>
    Renewal,
}
