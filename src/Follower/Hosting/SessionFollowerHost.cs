using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Interop.Sessions.Follower.Hosting;

/// <summary>
/// Gets the session of a .NET host in the background, as soon as the host comes up, and gives it back when it stops. A
/// lost session is replaced only if the options say so.
/// </summary>
internal sealed class SessionFollowerHost : IHostedService, IDisposable
{
    private readonly SessionFollowerHostOptions _options;
    private readonly FollowerManager _manager;
    private readonly CancellationTokenSource _stopping = new();
    private Task _creating = Task.CompletedTask;

    public SessionFollowerHost(
        IOptions<SessionFollowerHostOptions> options, ILoggerFactory loggers, FollowerCallbacks callbacks)
    {
        _options = options.Value;
        _manager = new FollowerManager(
            new FollowerManagerOptions
            {
                Endpoints = [.. _options.Endpoints],
                ClockRateBoundPpm = _options.ClockRateBoundPpm,
                EffectDelayMs = _options.EffectDelayMs,
            },
            loggers);
        Follower = _manager.CreateFollower(_options.Identity, callbacks, _options.Recreate);
    }

    internal SessionFollower Follower { get; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource created = new(TaskCreationOptions.RunContinuationsAsynchronously);
        OwnThread.New("sessions-host", () => CreateSession(created), Limits.CallbackStackBytes).StartOrRefuse();
        _creating = created.Task;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _creating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _manager.Close();
    }

    public void Dispose()
    {
        _manager.Close();
        _stopping.Dispose();
    }

    private void CreateSession(TaskCompletionSource created)
    {
        int failures = 0;
        while (!_stopping.IsCancellationRequested && !TryCreateSession())
        {
            _stopping.Token.WaitHandle.WaitOne((int)RepeatRules.RecreatePauseMs(++failures, Random.Shared.NextDouble()));
        }

        created.SetResult();
    }

    private bool TryCreateSession()
    {
        try
        {
            Follower.CreateSession(_options.Description, Limits.DefaultCreateTimeoutMs, _stopping.Token);
            return true;
        }
        catch (Exception error)
        {
            SessionStatus status = (error as SessionException)?.Status ?? SessionStatus.Internal;
            FollowerLog.HostStillWithoutSession(_manager.Logger, _options.Identity, status, error.Message);
            return false;
        }
    }
}
