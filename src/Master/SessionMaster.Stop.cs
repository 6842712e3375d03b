using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master;

/// <content>The end of a master.</content>
public sealed partial class SessionMaster
{
    /// <summary>What is ended, in order; a part that fails keeps no later part from ending.</summary>
    private static readonly Action<SessionMaster>[] s_parts =
    [
        // Not by this thread: what waits for the end of a watch may be the host's code, and would go on here.
        master => master._stopped = master._stopping.CancelAsync(),
        master => master._memory?.Dispose(),
        // Before the calls that are in progress, so that another leads while they are answered.
        master => master._leadership.Dispose(),
        // Whatever a call would do next needs the table, which is gone.
        master => master._hooks.RefuseCalls(),
        master => master._rights?.Host?.Refuse(),
        master => master._server?.Dispose(),
        master => master._tls?.Dispose(),
        master => master._host.Dispose(),
        master => master._hooks.Dispose(),
        master => master._rights?.Dispose(),
        master => master.TellReleased(),
        master => master._stores.Dispose(),
        master => master._stopped.ContinueWith(_ => master._stopping.Dispose(), TaskScheduler.Default),
        master => master.Metrics.Dispose(),
        master => MasterLog.Stopped(master._logger),
        master => QueuedLoggers.End(master._loggers),
    ];

    private Task _stopped = Task.CompletedTask;

    /// <summary>
    /// Stops serving, lets another master lead, closes the store; sessions stay in it. Hooks that wait to be run are not, but
    /// SessionEnded for two seconds; those that run are waited for, however long that takes, and the log names them. No
    /// hook runs after the task has ended. A hook must not wait for it.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait: the stop goes on. Another call waits on.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => _ending.Begin().WaitAsync(cancellationToken);

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());

    /// <summary>As <see cref="StopAsync"/>, and waits.</summary>
    /// <exception cref="SessionException">InCallback: called from a hook of this master, which the stop waits for.</exception>
    public void Dispose()
    {
        if (IsInHook)
        {
            throw new SessionException(
                SessionStatus.InCallback, "the stop of a master waits for its hooks, so it cannot be waited for in one");
        }

        _ending.Wait(Timeout.Infinite);
    }

    private void End()
    {
        Exception? first = null;
        foreach (Action<SessionMaster> part in s_parts)
        {
            try
            {
                part(this);
            }
            catch (Exception failure)
            {
                first ??= failure;
                LastCatch.Tell(_logger, "sessions-stop", failure);
            }
        }

        if (first != null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private void TellReleased()
    {
        try
        {
            _accessManager.Released();
        }
        catch (Exception error)
        {
            MasterLog.HookThrew(_logger, _budgets, nameof(AccessManager.Released), "", error);
        }
    }
}
