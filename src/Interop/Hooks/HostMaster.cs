using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Hooks;

/// <summary>
/// A master of a host in C. The completions of its asynchronous calls have a thread of their own, since they may block; it is made with
/// the first such call.
/// </summary>
/// <param name="master">It.</param>
/// <param name="logger">Told of what no code expected on that thread.</param>
internal sealed class HostMaster(SessionMaster master, ILogger logger) : IDisposable
{
    private readonly object _gate = new();
    private CallbackThread? _completions;
    private int _inProgress;
    private bool _isStopped;

    /// <summary>It.</summary>
    internal SessionMaster Master => master;

    /// <summary>Does the calling thread run a completion of it?</summary>
    internal bool IsInCompletion => _completions is { IsCurrent: true };

    /// <summary>
    /// Begins a revocation and gives what cancels it; its end is told once, and <paramref name="over"/> run when its place is given back.
    /// </summary>
    /// <exception cref="SessionException">TooManyObjects or OutOfResources: nothing is begun.</exception>
    internal Action BeginRevokeSession(
        ulong sessionId, ulong epoch, string reason, uint timeoutMs, Action<SessionException?> completion, Action over)
    {
        CallbackThread completions = Enter();
        CancellationTokenSource cancelled = new();
        _ = RunAsync();
        return cancelled.Cancel;

        async Task RunAsync()
        {
            SessionException? failure = null;
            try
            {
                await master.RevokeSessionAsync(sessionId, epoch, reason, timeoutMs, cancelled.Token).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                failure = CompletionForms.FailureOf(error);
            }

            completions.Post(() =>
            {
                try
                {
                    completion(failure);
                }
                finally
                {
                    Leave();
                    over();
                }
            });
        }
    }

    /// <summary>As <see cref="SessionMaster.StopAsync"/>; behind the completions of all calls.</summary>
    internal void Stop(int timeoutMs)
    {
        if (IsInCompletion)
        {
            throw new SessionException(SessionStatus.InCallback, "stop waits for completions, so it cannot be called from one");
        }

        Deadline deadline = Deadline.In(timeoutMs);
        try
        {
            master.Stop(timeoutMs);
        }
        catch (Exception failure) when (failure is not SessionException { Status: SessionStatus.TimedOut or SessionStatus.InCallback })
        {
            // The master has ended, though not as it should.
            EndCompletions(deadline, timeoutMs);
            throw;
        }

        EndCompletions(deadline, timeoutMs);
    }

    /// <summary>As <see cref="Stop"/>, however long it takes.</summary>
    public void Dispose() => Stop(Timeout.Infinite);

    private void EndCompletions(Deadline deadline, int timeoutMs)
    {
        lock (_gate)
        {
            if (!deadline.WaitFor(_gate, () => _inProgress == 0))
            {
                throw new SessionException(
                    SessionStatus.TimedOut, $"{_inProgress} completions have not returned after {timeoutMs} ms")
                {
                    IsOutcomeUnknown = true,
                };
            }

            _isStopped = true;
        }

        _completions?.End();
        _completions?.Join();
    }

    private CallbackThread Enter()
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                throw new SessionException(SessionStatus.Cancelled, "the master is stopped");
            }

            if (_inProgress >= Limits.MaxForwardsInProgress)
            {
                throw new SessionException(
                    SessionStatus.TooManyObjects,
                    $"{_inProgress} asynchronous calls of this master are in progress, which is the limit");
            }

            // A completion of C throws nothing.
            _completions ??= new CallbackThread("sessions-call", LastCatch.To(logger), LastCatch.To(logger));
            _inProgress++;
            return _completions;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _inProgress--;
            Monitor.PulseAll(_gate);
        }
    }
}
