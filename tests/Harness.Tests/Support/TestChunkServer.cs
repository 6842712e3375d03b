using System;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Harness.Tests.Support;

/// <summary>A chunk server with its AccessHandler and its NodeServer.</summary>
internal sealed unsafe class TestChunkServer : IDisposable
{
    private readonly ChunkServer _server = new();
    private readonly AccessHandler _accessHandler;
    private readonly NodeServer _nodeServer;

    internal TestChunkServer(string identity, string master, string eventFile)
    {
        Identity = identity;
        _accessHandler = new AccessHandler(_server);
        _nodeServer = new NodeServer(_server);
        Texts.Give(identity, _server.SetIdentity);
        Texts.Give(master, _server.SetMaster);
        Texts.Give(eventFile, _server.SetEventFile);
        Texts.Give($"iqn.2026-01.example:{identity}", _server.SetIscsiEndpoint);
        _server.SetIscsiSessions(IscsiSessions);
    }

    internal const uint IscsiSessions = 3;

    internal string Identity { get; }

    internal ChunkServer Server => _server;

    internal AccessHandler AccessHandler => _accessHandler;

    internal NodeServer NodeServer => _nodeServer;

    internal SessionState State => (SessionState)_server.SessionState();

    internal ulong Epoch => _server.SessionEpoch();

    internal string Error => Texts.Read(_server.CopyError);

    internal string LastFailure => Texts.Read(_accessHandler.CopyLastFailure);

    internal SessionEndReason LostReason => (SessionEndReason)_accessHandler.LostReason();

    internal void Start()
    {
        SessionStatus status = TryStart();
        Assert.True(status == SessionStatus.Ok, Error);
    }

    internal SessionStatus TryStart() => (SessionStatus)_server.Start();

    /// <summary>Until it holds a session of a later epoch and all its iSCSI sessions are alive; its epoch.</summary>
    internal ulong WaitUntilAlive(ulong laterThan = 0)
    {
        Eventually.IsTrue(
            () => State == SessionState.Alive && Epoch > laterThan && _accessHandler.CreatedEpoch() == Epoch &&
                _nodeServer.IscsiSessionsAlive() == IscsiSessions && _nodeServer.LeaseIsValid(),
            () => $"alive: {this}");
        return Epoch;
    }

    internal void WaitUntilIoIsServed()
    {
        ulong before = _nodeServer.IoServed();
        Eventually.IsTrue(() => _nodeServer.IoServed() > before, () => $"serving: {this}");
    }

    public override string ToString() =>
        $"{Identity} {State} epoch {Epoch}, created {_accessHandler.SessionsCreated()}, " +
        $"lost {_accessHandler.SessionsLost()} {LostReason}, iSCSI alive {_nodeServer.IscsiSessionsAlive()}, " +
        $"served {_nodeServer.IoServed()}, refused {_nodeServer.IoRefused()}, failure '{LastFailure}'";

    public void Dispose()
    {
        _accessHandler.Dispose();
        _nodeServer.Dispose();
        _server.Dispose();
    }
}
