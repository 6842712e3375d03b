namespace Interop.Sessions.Follower;

/// <summary>What it would mean to make a call a second time.</summary>
public enum CallKind
{
    /// <summary>It has the same effect twice: reads, closes, look-ups.</summary>
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
