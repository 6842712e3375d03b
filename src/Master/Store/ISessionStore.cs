using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master.Store;

/// <summary>
/// Where sessions outlive their master. Used from one thread. Every failure is a <see cref="SessionException"/> of a Store*
/// status.
/// </summary>
public interface ISessionStore : IDisposable
{
    /// <summary>
    /// Begins a leadership: counts its numbers by <see cref="LeadRequest.Count"/>, durably, and gives what is stored. From
    /// then on no commit of an earlier leadership has any effect, not even one that is on its way.
    /// </summary>
    /// <exception cref="SessionException">NotLeader: a higher number has led; or Store*.</exception>
    StoreSnapshot Lead(LeadRequest request);

    /// <summary>
    /// Commits all changes, durable when it returns, or none: as one transaction, or if a store's limits force it as
    /// several, with each single change in one. It compares the master epoch, and the epoch of each session that ends: a master
    /// that was deposed changes nothing.
    /// </summary>
    /// <exception cref="SessionException">
    /// NotLeader, or Store*; with <see cref="SessionException.IsOutcomeUnknown"/> if some changes may have been taken.
    /// </exception>
    /// <param name="changes">In this order.</param>
    /// <param name="revision">The revision after them; the store never counts back.</param>
    void Commit(IReadOnlyList<StoreChange> changes, ulong revision);

    /// <summary>
    /// Was it seen that the store is no longer what this master has written? Then the leadership is over. Any thread.
    /// </summary>
    bool IsLost => false;

    /// <summary>Is there anything that <see cref="Look"/> can see?</summary>
    bool IsWatched => false;

    /// <summary>
    /// Looks whether the store is still what this master has written; every <see cref="Limits.LookMs"/>, beside commits, on a
    /// thread that may hang for it.
    /// </summary>
    /// <returns>Why nothing can be seen; null: it was seen.</returns>
    string? Look() => null;
}
