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
    /// Begins a leadership: raises the master epoch and, if need be, the longest term, both durably, and gives what is
    /// stored.
    /// </summary>
    /// <param name="longestTermMs">The longest term that this master may promise.</param>
    StoreSnapshot Lead(uint longestTermMs);

    /// <summary>
    /// Commits all changes as one transaction, durable when it returns, or none. It compares the master epoch: a master
    /// that was deposed changes nothing.
    /// </summary>
    /// <param name="changes">In this order.</param>
    /// <param name="revision">The revision after them.</param>
    void Commit(IReadOnlyList<StoreChange> changes, ulong revision);
}
