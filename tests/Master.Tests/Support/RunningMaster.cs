using System;
using System.IO;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Master.Tests.Support;

/// <summary>A master on any port, its store in a directory of its own, and a client that speaks to it.</summary>
internal sealed class RunningMaster : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Action<SessionMasterOptions> _configure;
    private readonly BootTime? _time;
    private readonly ILoggerFactory _loggers;
    private MasterClient? _client;

    /// <param name="configure">Changes its options.</param>
    /// <param name="time">By which its leases run; null: the machine's. It passes by itself when the master is disposed of.</param>
    /// <param name="loggers">Where it logs to; null: nowhere.</param>
    internal RunningMaster(Action<SessionMasterOptions>? configure = null, BootTime? time = null, ILoggerFactory? loggers = null)
    {
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _time = time;
        _configure = configure ?? (_ => { });
        Master = Start(_configure);
    }

    internal RecordingAccessManager Hooks { get; } = new();

    internal SessionMaster Master { get; private set; }

    internal MasterClient Client => _client ??= new MasterClient(Master.Port);

    internal string StorePath => _directory.File("sessions.db");

    /// <summary>Stops it and starts another on the same store.</summary>
    internal void Restart(Action<SessionMasterOptions>? configure = null)
    {
        StopServing();
        Master = Start(configure ?? _configure);
    }

    internal void StopServing()
    {
        Master.Stop();
        _client?.Dispose();
        _client = null;
    }

    public void Dispose()
    {
        VirtualTime? virtualTime = _time as VirtualTime;
        virtualTime?.Flow();
        StopServing();
        virtualTime?.Dispose();
        _directory.Dispose();
    }

    private SessionMaster Start(Action<SessionMasterOptions> configure)
    {
        SessionMasterOptions options = new()
        {
            ListenAddress = "127.0.0.1:0",
            StorePath = StorePath,
            CreateStore = !File.Exists(StorePath),
        };
        configure(options);
        return StartedMaster.Of(options, Hooks, _loggers, _time);
    }
}
