using System;

namespace Interop.Sessions.Follower;

/// <content>
/// Completions that another part makes on the callback thread, for calls of its own: src/Interop, whose hosts wait for no task.
/// A close ends only when all of them have run.
/// </content>
public sealed partial class SessionFollower
{
    /// <summary>
    /// A call for the session is about to begin: refused at once, or a close waits until <see cref="Complete"/> was run for it.
    /// </summary>
    /// <exception cref="SessionException">
    /// As the call; TooManyObjects: <see cref="Limits.MaxForwardsInProgress"/> calls have a place already.
    /// </exception>
    internal void ExpectCompletion(ulong expectedEpoch, uint timeoutMs)
    {
        RequireTimeout(timeoutMs);
        lock (_gate)
        {
            _life.Expect(expectedEpoch);
        }
    }

    /// <summary>Runs an expected completion on the callback thread, behind all that was posted before.</summary>
    /// <param name="completion">It.</param>
    /// <param name="over">Run when the call's place is given back: who hears of its end has room for the next.</param>
    internal void Complete(Action completion, Action over)
    {
        while (true)
        {
            try
            {
                _callbackThread.Post(Completion(completion, over));
                return;
            }
            catch (OutOfMemoryException)
            {
                // Somebody waits for it, and so does a close.
                lock (_gate)
                {
                    _manager.Time.Wait(_gate, (int)Limits.RetryPauseMs);
                }
            }
        }
    }

    /// <summary>No completion is run for the call: it could not begin.</summary>
    internal void ExpectNone() => Do((life, _) =>
    {
        life.GivePlaceBack();
        life.CompletionReturned();
    });

    private Action Completion(Action completion, Action over) => () =>
    {
        try
        {
            completion();
        }
        finally
        {
            try
            {
                Do((life, _) => life.GivePlaceBack());
                over();
            }
            finally
            {
                // Whatever fails before, a close waits for this.
                Do((life, _) => life.CompletionReturned());
            }
        }
    };
}
