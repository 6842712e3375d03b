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
    private SessionMaster? _master;

    /// <summary>The master, once the host has started.</summary>
    /// <exception cref="InvalidOperationException">The host has not started yet.</exception>
    public SessionMaster Master => _master ?? throw new InvalidOperationException("the host has not started yet");

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _master = SessionMaster.Start(options.Value, accessManager, loggers);
        return Task.CompletedTask;
    }

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

        Task stopped = Task.Run(master.Stop, CancellationToken.None).WaitAsync(cancellationToken);
        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stopped.IsCompletedSuccessfully)
        {
            MasterLog.HostDidNotWait(_logger, stopped.Exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _master?.Dispose();
}
