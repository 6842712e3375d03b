using System;
using System.Threading;

namespace Interop.Sessions.Follower;

/// <content>
/// Completions that somebody else makes on the callback thread, for calls of his: src/Interop, whose hosts wait for no task. A close
/// ends only when all of them have run.
/// </content>
public sealed partial class SessionFollower
{
    /// <summary>Completions that are expected, and one for the follower itself: at 0 none can come any more.</summary>
    private readonly CountdownEvent _expected = new(1);

    /// <summary>
    /// A call for the session is about to begin: refused at once, or a close waits until <see cref="Complete"/> was run for it.
    /// </summary>
    /// <exception cref="SessionException">
    /// As the call; TooManyObjects: <see cref="Limits.MaxForwardsInProgress"/> completions are expected already.
    /// </exception>
    internal void ExpectCompletion(ulong expectedEpoch, uint timeoutMs)
    {
        lock (_gate)
        {
            Require(expectedEpoch, timeoutMs);
            if (_expected.CurrentCount > Limits.MaxForwardsInProgress)
            {
                throw new SessionException(
                    SessionStatus.TooManyObjects,
                    $"follower '{Identity}' has {Limits.MaxForwardsInProgress} calls in progress, which is the limit");
            }

            _expected.AddCount();
        }
    }

    /// <summary>Runs an expected completion on the callback thread, behind all that was posted before.</summary>
    internal void Complete(Action completion) => _callbackThread.Post(() =>
    {
        try
        {
            completion();
        }
        finally
        {
            _expected.Signal();
        }
    });

    /// <summary>For a close, which has cancelled the calls: when it returns, all completions have run.</summary>
    private void WaitForCompletions()
    {
        _expected.Signal();
        _expected.Wait();
    }
}
