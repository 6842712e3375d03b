using System;
using System.Linq;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>A real master on any port, its store in a directory of its own, its terms short.</summary>
internal sealed class RunningMaster : IDisposable
{
    internal const uint TermMs = 1000;
    private readonly TemporaryDirectory _directory = new();
    private readonly SessionMasterOptions _options;
    private readonly VirtualTime? _time;

    internal RunningMaster(History history, Action<SessionMasterOptions>? configure = null, VirtualTime? time = null)
    {
        _time = time;
        History = history;
        Hooks = new ScriptedAccessManager(history);
        _options = new SessionMasterOptions
        {
            ListenAddress = "127.0.0.1:0",
            StorePath = _directory.File("sessions.db"),
            CreateStore = true,
            TermMs = TermMs,
            MaxTermMs = TermMs,
        };
        configure?.Invoke(_options);
        Master = Start(_options);
        Port = Master.Port;
    }

    internal History History { get; }

    internal ScriptedAccessManager Hooks { get; }

    internal SessionMaster Master { get; private set; }

    internal int Port { get; }

    internal string Address => $"127.0.0.1:{Port}";

    internal SessionRow[] Sessions => [.. Master.ListSessions(0, Limits.MaxSessionsPerPage).Rows];

    internal bool Holds(ulong sessionId) => Sessions.Any(row => row.SessionId == sessionId);

    /// <summary>How often its host was told that a session of an identity ended so.</summary>
    internal int Ended(string identity, SessionEndReason reason) =>
        History.Count($"master: SessionEnded {identity} {reason}");

    internal void Stop() => Master.Stop();

    /// <summary>Another master process on the same store and port, as far as anybody can see.</summary>
    internal void StartAgain() =>
        Master = Start(_options with { ListenAddress = Address });

    /// <summary>The same with other options.</summary>
    internal void StartAgain(Func<SessionMasterOptions, SessionMasterOptions> change) =>
        Master = Start(change(_options with { ListenAddress = Address }));

    public void Dispose()
    {
        _time?.Flow();
        Master.Dispose();
        _directory.Dispose();
    }

    private SessionMaster Start(SessionMasterOptions options) => StartedMaster.Of(options, Hooks, History, _time);
}
