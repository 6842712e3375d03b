using System;
using System.IO;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Follower.Tests.Support;

/// <summary>A real master on loopback and a manager that knows it.</summary>
internal sealed class MasterAndManager : IDisposable
{
    internal const uint TermMs = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("sessions").FullName;
    private readonly AccessManager _accessManager;
    private readonly VirtualTime? _time;

    internal MasterAndManager(AccessManager? accessManager = null, VirtualTime? time = null)
    {
        _time = time;
        _accessManager = accessManager ?? new AccessManager();
        Master = StartMaster(0);
        Port = Master.Port;
        Manager = new FollowerManager(
            new FollowerManagerOptions { Endpoints = [$"127.0.0.1:{Port}"], Insecure = Insecure.Loopback }, NullLoggerFactory.Instance, time);
    }

    internal SessionMaster Master { get; private set; }

    internal int Port { get; }

    internal FollowerManager Manager { get; }

    internal static ServerDescription Description => new() { TermMs = TermMs };

    /// <summary>The same store and port, a new leadership.</summary>
    internal void RestartMaster()
    {
        Master.Stop();
        Master = StartMaster(Port);
    }

    public void Dispose()
    {
        _time?.Flow();
        Manager.Close();
        Master.Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private SessionMaster StartMaster(int port)
    {
        SessionMaster started = Start(port);
        _time?.AwaitSleepers("sessions-lead", "sessions-check", "sessions-commit");
        return started;
    }

    private SessionMaster Start(int port) => SessionMaster.Start(
        new SessionMasterOptions
        {
            Insecure = Insecure.Loopback,
            ListenAddress = $"127.0.0.1:{port}",
            StorePath = Path.Combine(_folder, "sessions.db"),
            CreateStore = true,
            TermMs = TermMs,
            MaxTermMs = TermMs,
        },
        _accessManager, NullLoggerFactory.Instance, time: _time);
}
