using System;
using System.ComponentModel;

namespace Interop.Sessions.Follower;

/// <content>
/// Completions that another part makes on the callback thread, for calls of its own: src/Interop, whose hosts wait for no task.
/// A close ends only when all of them have run.
/// </content>
public sealed partial class SessionFollower : IOrderedCalls
{
    /// <summary>Its calls, of which a host hears in the order of its callbacks.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public IOrderedCalls Ordered => this;

    void IOrderedCalls.ExpectCompletion(ulong expectedEpoch, uint timeoutMs)
    {
        RequireTimeout(timeoutMs);
        lock (_gate)
        {
            _life.Expect(expectedEpoch);
        }
    }

    void IOrderedCalls.Complete(Action completion, Action over)
    {
        ArgumentNullException.ThrowIfNull(completion);
        ArgumentNullException.ThrowIfNull(over);
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

    void IOrderedCalls.ExpectNone() => Do((life, _) =>
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
