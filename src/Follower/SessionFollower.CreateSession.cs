using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower;

/// <content>CreateSession: steps 2, 5 and 6 of the flow; SessionClient does step 3 and the master step 4.</content>
public sealed partial class SessionFollower
{
    /// <summary>
    /// Gets a session; the task ends after SessionCreated and all RegisterSessionCreateCb callbacks have run, with the session
    /// alive. A callback must not wait for it.
    /// </summary>
    /// <param name="description">What the server says of itself; null: nothing but its identity, which is the follower's.</param>
    /// <param name="timeoutMs">For everything up to the master's answer; 1 to <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellationToken">Ends it early; a session that was granted meanwhile is given back.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_create_session.</exception>
    public Task<SessionInfo> CreateSessionAsync(
        ServerDescription? description = null, uint timeoutMs = Limits.DefaultCreateTimeoutMs,
        CancellationToken cancellationToken = default) =>
        EndOfAsync(completion => BeginCreateSession(description ?? new ServerDescription(), timeoutMs, completion), cancellationToken);

    private static async Task<SessionInfo> EndOfAsync(
        Func<Action<SessionException?, SessionInfo?>, CreateOperation> begin, CancellationToken cancellationToken)
    {
        // What waits for the task is code of the host, and must not go on on the callback thread.
        TaskCompletionSource<SessionInfo> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CreateOperation operation = begin((failure, created) =>
        {
            if (failure == null)
            {
                end.SetResult(created!);
            }
            else
            {
                end.SetException(failure);
            }
        });
        try
        {
            using (cancellationToken.Register(operation.Cancel))
            {
                return await end.Task.ConfigureAwait(false);
            }
        }
        catch (SessionException ended) when (IsByCaller(ended, cancellationToken))
        {
            throw new OperationCanceledException(ended.Message, ended, cancellationToken);
        }
    }

    /// <summary>The same for who wants to hear of its end in the order of the callbacks.</summary>
    /// <param name="description">What the server says of itself.</param>
    /// <param name="timeoutMs">As for CreateSessionAsync.</param>
    /// <param name="completion">
    /// The failure or the session; on the callback thread, after the callbacks of step 6, exactly once.
    /// </param>
    /// <exception cref="SessionException">SessionExists; Cancelled: the follower is closed; InvalidArgument.</exception>
    internal CreateOperation BeginCreateSession(
        ServerDescription description, uint timeoutMs, Action<SessionException?, SessionInfo?> completion)
    {
        ServerDescription own = Own(description);
        return Begin(
            cancellation =>
            {
                _lastDescription = own;
                return _manager.Client.CreateSessionAsync(own, timeoutMs, cancellation);
            },
            timeoutMs, completion);
    }

    private ServerDescription Own(ServerDescription description)
    {
        if (description.Identity.Length > 0 && description.Identity != Identity)
        {
            throw new SessionException(
                SessionStatus.InvalidArgument,
                $"description.Identity is '{description.Identity}'; it must be empty, or that of the follower, which is '{Identity}'");
        }

        ItemChanges.OfNew(description.Items);
        return description with
        {
            Identity = Identity,
            // It is used again where the session is created again.
            Items = [.. description.Items.Select(item => item with { Value = item.Value.ToArray() })],
        };
    }

    private CreateOperation Begin(
        Func<CancellationToken, Task<(GrantedSession Granted, long SentNs)>> ask, uint timeoutMs,
        Action<SessionException?, SessionInfo?> completion)
    {
        ArgumentNullException.ThrowIfNull(completion);
        RequireTimeout(timeoutMs);
        CreateOperation operation = new(completion);
        lock (_gate)
        {
            RequireOpen();
            if (_creating != null || _lease is { State: not SessionState.Lost })
            {
                throw new SessionException(
                    SessionStatus.SessionExists, $"follower '{Identity}' has, or is creating, a session already");
            }

            _creating = operation;
        }

        _ = Task.Run(() => CreateAsync(operation, ask));
        return operation;
    }

    private async Task CreateAsync(
        CreateOperation operation, Func<CancellationToken, Task<(GrantedSession Granted, long SentNs)>> ask)
    {
        try
        {
            FollowerLog.CreateStep(_manager.Logger, "2/6 SessionFollower.CreateSession forwards to SessionClient", Identity);
            FollowerLog.CreateStep(_manager.Logger, "3/6 SessionClient fills in the session item and sends it", Identity);
            (GrantedSession granted, long sentNs) = await ask(operation.Cancellation).ConfigureAwait(false);
            if (operation.Cancellation.IsCancellationRequested || !Hold(operation, granted, sentNs))
            {
                _manager.Client.Abandon(Identity, granted.Key.Nonce, fromNs: 0);
                await _manager.Client.CloseSessionAsync(granted.Key).ConfigureAwait(false);
                // Whether it has arrived there is not known.
                throw MasterCalls.Cancelled(mayBeDone: true);
            }
        }
        catch (Exception error)
        {
            SessionException failure = SessionException.Of(error);
            _callbackThread.Post(() => Finish(operation, failure, null));
        }
    }

    /// <summary>The master granted it: keep it alive from now on, and run the host's part. False: a close has begun, so nobody would.</summary>
    private bool Hold(CreateOperation operation, GrantedSession granted, long sentNs)
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return false;
            }

            // Attached before the first renewal, or its answer would find nobody.
            _granted = granted;
            _writes = new NumberedWrites();
            _lease = new SessionLease(granted, _manager.Bounds, sentNs, BootClock.NowNs)
            {
                HealthyUntilNs = _health.UntilNs,
            };
            _metrics.NoteGranted(BootClock.NowNs);
            _manager.Attach(granted.Key.SessionId, this);
            _answers.Clear();
            _stateNews.Break();
            _callbackThread.Post(() => FinishCreate(operation));
            PublishMoves();
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    // On the callback thread. LOST, if it comes meanwhile, is queued behind.
    private void FinishCreate(CreateOperation operation)
    {
        SessionInfo session = Session;
        FollowerLog.CreateStep(_manager.Logger, "5/6 SessionCreatedCb", Identity);
        if (!RunSessionCreated(session, out string reason))
        {
            EndAndGiveBack();
            FinishAfterLost(operation, new SessionException(
                SessionStatus.RefusedByHost, $"the follower's own SessionCreatedCb refused the session{reason}"));
            return;
        }

        FollowerLog.CreateStep(_manager.Logger, "6/6 RegisterSessionCreateCb callbacks", Identity);
        RunSessionCreateCallbacks(session);
        SessionInfo result = EndOfCallbacks();
        if (result.State == SessionState.Lost)
        {
            FinishAfterLost(operation, LostMeanwhile(result.EndReason));
            return;
        }

        FollowerLog.StateChanged(
            _manager.Logger, Identity, result.SessionId, result.Epoch, SessionState.Alive);
        RunGuarded(() => TellState(session with { State = SessionState.Alive }));
        Finish(operation, null, result);
    }

    private SessionInfo EndOfCallbacks()
    {
        lock (_gate)
        {
            if (_lease is { State: not SessionState.Lost })
            {
                _creating = null;
            }

            TellLease();
            return InfoNow();
        }
    }

    private bool RunSessionCreated(SessionInfo session, out string reason)
    {
        reason = "";
        using IDisposable? scope = ScopeOf(session);
        try
        {
            return _callbacks.SessionCreated(session);
        }
        catch (SessionException refusal) when (refusal.Status == SessionStatus.RefusedByHost)
        {
            reason = $": {refusal.Message}";
            return false;
        }
        catch (Exception error)
        {
            FollowerLog.CallbackThrew(_manager.Logger, Identity, error);
            return false;
        }
    }

    private void EndAndGiveBack()
    {
        SessionKey key;
        long effectsOverNs;
        lock (_gate)
        {
            key = _lease!.Key;
            _lease.End(SessionEndReason.Closed);
            PublishMoves();
            effectsOverNs = _effectsOverNs;
        }

        // Behind SessionLost: the host has stopped by then.
        _callbackThread.Post(() => _manager.Client.GiveBack(key, effectsOverNs));
    }

    // SessionLost is queued already: who waits for the create finds the host stopped.
    private void FinishAfterLost(CreateOperation operation, SessionException failure) =>
        _callbackThread.Post(() => Finish(operation, failure, null));

    private void Finish(CreateOperation operation, SessionException? failure, SessionInfo? created)
    {
        lock (_gate)
        {
            // Unless the host, on another thread, has begun the next.
            if (_creating == operation)
            {
                _creating = null;
            }
        }

        operation.Complete(failure, created);
    }

    private void RunGuarded(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception error)
        {
            FollowerLog.CallbackThrew(_manager.Logger, Identity, error);
        }
    }

    private static SessionException LostMeanwhile(SessionEndReason reason) => new(
        reason switch
        {
            SessionEndReason.Expired => SessionStatus.SessionExpired,
            SessionEndReason.Revoked => SessionStatus.SessionRevoked,
            SessionEndReason.Closed => SessionStatus.Cancelled,
            SessionEndReason.Superseded => SessionStatus.WrongNonce,
            _ => SessionStatus.UnknownSession,
        },
        "the session was lost while its callbacks ran");
}
