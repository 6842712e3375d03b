using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Follower;

/// <content>CreateSession: step 2 of the flow; SessionClient does step 3 and the master step 4.</content>
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
        EndOfAsync(completion => Ordered.BeginCreateSession(description ?? new ServerDescription(), timeoutMs, completion), cancellationToken);

    private static async Task<SessionInfo> EndOfAsync(
        Func<Action<SessionException?, SessionInfo?>, CreateOperation> begin, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // Not begun and given up at once: the asking might be faster than the giving up.
            SessionException ended = SessionException.CancelledCall(mayBeDone: false);
            throw new OperationCanceledException(ended.Message, ended, cancellationToken);
        }

        // The code that waits for the task is the host's, and must not go on on the callback thread.
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

    CreateOperation IOrderedCalls.BeginCreateSession(
        ServerDescription description, uint timeoutMs, Action<SessionException?, SessionInfo?> completion)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(completion);
        ServerDescription own = Own(description);
        RequireTimeout(timeoutMs);
        return Begin(new CreateOperation(this, own, timeoutMs, completion));
    }

    /// <summary>The host no longer waits for the create.</summary>
    internal void GiveUp(CreateOperation operation) => Do((life, _) => life.GiveUp(operation));

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
            // The description is used again where the session is created again.
            Items = [.. description.Items.Select(item => item with { Value = item.Value.ToArray() })],
        };
    }

    /// <summary>The follower's own wish, after a loss.</summary>
    private CreateOperation WishAgain(ServerDescription description) =>
        new(this, description, Limits.DefaultCreateTimeoutMs, (_, _) => { });

    private CreateOperation Begin(CreateOperation operation)
    {
        Do((life, _) => life.Begin(operation));
        return operation;
    }

    private void Ask(CreateOperation operation)
    {
        try
        {
            _ = Task.Run(() => AskAsync(operation));
        }
        catch (Exception error)
        {
            Do((life, nowNs) => life.Failed(operation, SessionException.Of(error), nowNs));
        }
    }

    private async Task AskAsync(CreateOperation operation)
    {
        try
        {
            FollowerLog.CreateStep(
                _manager.Logger, $"2/6 SessionFollower.{(operation.Former == null ? "Create" : "Reattach")}Session forwards to SessionClient", Identity);
            (GrantedSession granted, long sentNs) = await _manager.Client.AskAsync(operation, Identity, operation.Cancellation)
                .ConfigureAwait(false);
            Do((life, nowNs) => life.Granted(operation, granted, sentNs, nowNs));
        }
        catch (Exception error)
        {
            SessionException failure = SessionException.Of(error);
            Do((life, nowNs) => life.Failed(operation, failure, nowNs));
        }
    }

    /// <summary>It was granted to nobody: the master hears of it, and then the host.</summary>
    private async Task ReturnAsync(SessionWish wish, SessionKey key, long effectsOverNs)
    {
        try
        {
            await _manager.Client.CloseSessionAsync(key, effectsOverNs).ConfigureAwait(false);
        }
        finally
        {
            Do((life, _) => life.GivenBack(wish));
        }
    }
}
