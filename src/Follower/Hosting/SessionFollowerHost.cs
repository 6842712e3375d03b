using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Interop.Sessions.Follower.Hosting;

/// <summary>
/// Gets the session of a .NET host in the background, as soon as the host comes up, and gives it back when it stops. A
/// lost session is replaced only if the options say so.
/// </summary>
internal sealed class SessionFollowerHost : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly SessionFollowerHostOptions _options;
    private readonly FollowerManager _manager;
    private readonly CancellationTokenSource _stopping = new();

    internal SessionFollowerHost(
        SessionFollowerHostOptions options, ILoggerFactory loggers, FollowerCallbacks callbacks)
    {
        _options = options;
        _manager = new FollowerManager(options.OfManager, loggers);
        Follower = _manager.CreateFollower(options.Identity, callbacks, options.Recreate);
    }

    internal SessionFollower Follower { get; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = CreateSessionAsync();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Stops without throwing, whatever the follower says: a host that stops has other services to stop. The stop waits no
    /// longer than the host allows, also for a callback that hangs, or itself waits for the host to stop.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        Task closed = _manager.CloseAsync(cancellationToken);
        await closed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!closed.IsCompletedSuccessfully)
        {
            FollowerLog.HostDidNotWait(_manager.Logger, _options.Identity, closed.Exception);
        }
    }

    public ValueTask DisposeAsync() => _manager.DisposeAsync();

    public void Dispose() => _manager.Dispose();

    /// <summary>Tries until there is a session, or the host stops.</summary>
    private async Task CreateSessionAsync()
    {
        for (int failures = 1; !_stopping.IsCancellationRequested; failures++)
        {
            try
            {
                await Follower.CreateSessionAsync(_options.Description, cancellationToken: _stopping.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                SessionStatus status = (error as SessionException)?.Status ?? SessionStatus.Internal;
                FollowerLog.HostStillWithoutSession(_manager.Logger, _options.Identity, status, error.Message);
            }

            uint pauseMs = RepeatRules.RecreatePauseMs(failures, Random.Shared.NextDouble());
            await Task.Delay(TimeSpan.FromMilliseconds(pauseMs), _manager.Time, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
