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

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() => _master?.Stop(), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _master?.Dispose();
}
