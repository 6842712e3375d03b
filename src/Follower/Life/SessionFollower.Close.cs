using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower;

/// <content>Close: <see cref="SessionLife"/> says in which order.</content>
public sealed partial class SessionFollower
{
    private readonly TaskCompletionSource<bool> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is let go, in order; a step that fails keeps no later step from being done.</summary>
    private static readonly Action<SessionFollower>[] s_lettingGo =
    [
        follower => follower.ForgetWord(),
        follower => follower._manager.Forget(follower),
        follower => follower.PostLast(),
        follower => follower.ReleaseRegistered(),
        follower => follower._callbackThread.Post(follower._callbacks.Released),
        // The manager waits for this last callback too.
        follower => follower._callbackThread.End(),
        follower => follower._callbackThread.Join(),
        follower => follower._manager.NoteEnd(follower),
    ];

    /// <summary>What the host hears last, if it wants to; in the gate.</summary>
    private Action? _lastCallback;

    /// <summary>
    /// Ends the follower: cancels calls in progress, refuses the data path, runs SessionLost(Closed), then tells the master.
    /// When the task ends, no callback runs any more. CloseAsync may be called again, and inside a callback, which must not
    /// wait for the task.
    /// </summary>
    /// <param name="cancellationToken">Ends the waiting only: the close goes on.</param>
    public Task CloseAsync(CancellationToken cancellationToken = default)
    {
        TryBeginClose(null);
        return _closed.Task.WaitAsync(cancellationToken);
    }

    /// <summary>As <see cref="CloseAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(CloseAsync());

    /// <summary>The same, and waits; inside a callback, which the close itself waits for, it does not.</summary>
    public void Dispose()
    {
        Task closed = CloseAsync();
        if (!IsInCallback)
        {
            closed.GetAwaiter().GetResult();
        }
    }

    void IOrderedCalls.BeginClose(Action closed)
    {
        ArgumentNullException.ThrowIfNull(closed);
        if (!TryBeginClose(closed))
        {
            throw new SessionException(SessionStatus.Cancelled, $"follower '{Identity}' is being closed already");
        }
    }

    /// <summary>Starts the close: when it returns, the data path refuses. False if it was started before.</summary>
    private bool TryBeginClose(Action? closed) => Do((life, _) =>
    {
        bool isBegun = life.BeginClose();
        _lastCallback = isBegun ? closed : _lastCallback;
        return isBegun;
    });

    // On the loop's thread: it waits for the host's callbacks and for the master. Whatever a step throws, the next round does the next
    // step, since a caller waits for the last. False: that was it.
    private bool TryStepOfClose()
    {
        CloseStep step = NextOfClose();
        if (step == CloseStep.Over)
        {
            _closed.EndAtLast(true, failure: null);
            return false;
        }

        CarryOut(step);
        return true;
    }

    private CloseStep NextOfClose()
    {
        lock (_gate)
        {
            CloseStep step;
            while ((step = _life.NextOfClose()) == CloseStep.Wait)
            {
                // Nobody else turns any more: a callback that was not posted, for lack of memory, is what this waits for.
                TryPostCallbacks();
                _manager.Time.Wait(_gate, _callbacksWaiting > 0 ? (int)Limits.RetryPauseMs : Limits.IdleFollowerMs);
            }

            return step;
        }
    }

    private void TryPostCallbacks()
    {
        try
        {
            PostCallbacks();
        }
        catch (OutOfMemoryException)
        {
            // It is tried again after a pause.
        }
    }

    private void CarryOut(CloseStep step)
    {
        switch (step)
        {
            case CloseStep.EndCalls:
                // The code that waits for the calls may be the host's: it goes on elsewhere.
                _ = _closing.CancelAsync();
                break;
            case CloseStep.TellMaster:
                TellMaster();
                break;
            case CloseStep.LetGo:
                LetGo();
                break;
            default:
                throw new ArgumentException($"nobody said how {step} is carried out", nameof(step));
        }
    }

    private void TellMaster()
    {
        SessionKey key;
        long effectsOverNs;
        lock (_gate)
        {
            (key, effectsOverNs) = _life.ToClose!.Value;
        }

        _manager.Client.CloseSessionAsync(key, effectsOverNs).GetAwaiter().GetResult();
    }

    private void LetGo()
    {
        foreach (Action<SessionFollower> part in s_lettingGo)
        {
            try
            {
                part(this);
            }
            catch (Exception error)
            {
                NoteUnexpected(error);
            }
        }
    }

    private void ForgetWord()
    {
        lock (_gate)
        {
            _word.Dispose();
        }
    }

    private void PostLast()
    {
        if (_lastCallback is { } closed)
        {
            _callbackThread.Post(closed);
        }
    }
}
