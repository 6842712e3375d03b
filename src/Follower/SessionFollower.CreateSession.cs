using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower;

/// <content>CreateSession: steps 2, 5 and 6 of the flow; SessionClient does step 3 and the master step 4.</content>
public sealed partial class SessionFollower
{
    /// <summary>
    /// Gets a session; returns after SessionCreated and all RegisterSessionCreateCb callbacks have run, with the session
    /// alive.
    /// </summary>
    /// <param name="description">What the server says of itself; its Identity is replaced by the follower's.</param>
    /// <param name="timeoutMs">For everything up to the master's answer; at most <see cref="Limits.MaxTimeoutMs"/>.</param>
    /// <param name="cancellation">Ends it early, with Cancelled.</param>
    /// <exception cref="SessionException">As interop_sessions_follower_create_session.</exception>
    public SessionInfo CreateSession(
        ServerDescription description, uint timeoutMs = Limits.DefaultCreateTimeoutMs, CancellationToken cancellation = default)
    {
        return Await(completion => BeginCreateSession(description, timeoutMs, completion), cancellation);
    }

    private SessionInfo Await(
        Func<Action<SessionException?, SessionInfo?>, CreateOperation> begin, CancellationToken cancellation)
    {
        if (IsInCallback)
        {
            throw new SessionException(
                SessionStatus.InCallback, "CreateSession waits for callbacks; in one, use the asynchronous form");
        }

        SessionException? failure = null;
        SessionInfo? created = null;
        CreateOperation operation = begin((error, session) =>
        {
            failure = error;
            created = session;
        });
        using (cancellation.Register(operation.Cancel))
        {
            operation.Completed.Wait(CancellationToken.None);
        }

        if (failure != null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return created!;
    }

    /// <summary>The same without blocking.</summary>
    /// <param name="description">What the server says of itself.</param>
    /// <param name="timeoutMs">As for CreateSession.</param>
    /// <param name="completion">
    /// The failure or the session; on the callback thread, after the callbacks of step 6, exactly once.
    /// </param>
    /// <exception cref="SessionException">SessionExists; Cancelled: the follower is closed; InvalidArgument.</exception>
    public CreateOperation BeginCreateSession(
        ServerDescription description, uint timeoutMs, Action<SessionException?, SessionInfo?> completion)
    {
        ArgumentNullException.ThrowIfNull(description);
        return Begin(
            cancellation =>
            {
                _lastDescription = description;
                return _manager.Client.CreateSessionAsync(description with { Identity = Identity }, timeoutMs, cancellation);
            },
            timeoutMs, completion);
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
                throw new SessionException(SessionStatus.Cancelled, "cancelled, or the follower was closed meanwhile");
            }
        }
        catch (Exception error)
        {
            SessionException failure = error as SessionException ??
                new SessionException(SessionStatus.Internal, error.ToString(), error);
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
        RunGuarded(() => _callbacks.StateChanged(session with { State = SessionState.Alive }));
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

            return InfoNow();
        }
    }

    private bool RunSessionCreated(SessionInfo session, out string reason)
    {
        reason = "";
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
