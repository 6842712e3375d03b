using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;
using Interop.Sessions.Follower.Client;

namespace Interop.Sessions.Follower;

/// <content>What the holder of a session watches.</content>
public sealed partial class SessionFollower
{
    /// <summary>
    /// Sessions, items and assignments of the cluster, as what changes becomes durable: over changes of leader without a gap, or with all
    /// that there is once more, of which only the difference is told. It lasts as long as the session, and waits for a leader meanwhile.
    /// </summary>
    /// <param name="expectedEpoch">The epoch of the session that the caller means.</param>
    /// <param name="options">What, and from where on; null: everything, and all that there is first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SessionException">
    /// As <see cref="ListSessionsAsync"/>; Compacted, where the options do not want a difference; Cancelled: the follower is closed.
    /// </exception>
    public async IAsyncEnumerable<SessionEvent> WatchAsync(
        ulong expectedEpoch, WatchOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        HeldSession session = Require(expectedEpoch, Limits.DefaultCallTimeoutMs);
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        IAsyncEnumerable<SessionEvent> told = _manager.Client.WatchAsync(session.Key, options ?? new WatchOptions(), ending.Token);
        await foreach (SessionEvent said in told.EndedBy(cancellationToken).ConfigureAwait(false))
        {
            yield return said;
        }
    }
}
