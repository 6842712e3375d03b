using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Interop.Sessions.Master.Hosting;

/// <summary>Starts a master with its .NET host and stops it with it.</summary>
public sealed class SessionMasterHost(
    IOptions<SessionMasterOptions> options, AccessManager accessManager, ILoggerFactory loggers)
    : IHostedService, IDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger("Interop.Sessions.Master");
    private volatile SessionMaster? _master;

    /// <summary>The master, once the host has started.</summary>
    /// <exception cref="InvalidOperationException">The host has not started yet.</exception>
    public SessionMaster Master => _master ?? throw new InvalidOperationException("the host has not started yet");

    /// <summary>The same; null: the host has not started yet.</summary>
    public SessionMaster? Started => _master;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken) =>
        _master = await SessionMaster.StartAsync(options.Value, accessManager, loggers, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Stops without throwing, whatever the master says: a host that stops has other services to stop. The stop waits no longer
    /// than the host allows, also for a hook that hangs, or itself waits for the host to stop; the stop then goes on.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_master is not { } master)
        {
            return;
        }

        Task stopped = master.StopAsync(cancellationToken);
        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopped.IsCompletedSuccessfully)
        {
            MasterLog.HostDidNotWait(_logger, stopped.Exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _master?.Dispose();
}
