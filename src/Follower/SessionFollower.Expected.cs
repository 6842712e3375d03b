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

    /// <summary>Calls that have a place among <see cref="Limits.MaxForwardsInProgress"/>.</summary>
    private int _callsInProgress;

    /// <summary>
    /// A call for the session is about to begin: refused at once, or a close waits until <see cref="Complete"/> was run for it.
    /// </summary>
    /// <exception cref="SessionException">
    /// As the call; TooManyObjects: <see cref="Limits.MaxForwardsInProgress"/> calls have a place already.
    /// </exception>
    internal void ExpectCompletion(ulong expectedEpoch, uint timeoutMs)
    {
        lock (_gate)
        {
            Require(expectedEpoch, timeoutMs);
            if (Volatile.Read(ref _callsInProgress) >= Limits.MaxForwardsInProgress)
            {
                throw new SessionException(
                    SessionStatus.TooManyObjects,
                    $"follower '{Identity}' has {Limits.MaxForwardsInProgress} calls in progress, which is the limit");
            }

            Interlocked.Increment(ref _callsInProgress);
            _expected.AddCount();
        }
    }

    /// <summary>Runs an expected completion on the callback thread, behind all that was posted before.</summary>
    /// <param name="completion">It.</param>
    /// <param name="over">Run when the call's place is given back: who hears of its end has room for the next.</param>
    internal void Complete(Action completion, Action over) => _callbackThread.Post(() =>
    {
        try
        {
            completion();
        }
        finally
        {
            Interlocked.Decrement(ref _callsInProgress);
            over();
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
