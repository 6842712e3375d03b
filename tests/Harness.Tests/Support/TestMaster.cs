using System;
using Xunit;

namespace Interop.Sessions.Harness.Tests.Support;

/// <summary>A meta server on a store of its own.</summary>
internal sealed unsafe class TestMaster : IDisposable
{
    private readonly MetaServer _server = new();

    internal TestMaster(string store, string eventFile)
    {
        Texts.Give(store, _server.SetStore);
        Texts.Give(eventFile, _server.SetEventFile);
        _server.SetTermMs(TermMs);
    }

    /// <summary>Short, but with room for a busy machine: renewals go out six times in it.</summary>
    internal const uint TermMs = 2000;

    internal string Address => $"127.0.0.1:{Port}";

    internal int Port { get; private set; }

    internal uint Sessions => _server.Sessions();

    internal string Error => Texts.Read(_server.CopyError);

    internal MetaServer Server => _server;

    /// <summary>On the port that it had before, if it had one.</summary>
    internal void Start()
    {
        if (Port != 0)
        {
            Texts.Give(Address, _server.SetListenAddress);
        }

        SessionStatus status = TryStart();
        Assert.True(status == SessionStatus.Ok, Error);
        Port = (int)_server.Port();
    }

    internal SessionStatus TryStart() => (SessionStatus)_server.Start();

    internal void Stop()
    {
        SessionStatus status = (SessionStatus)_server.Stop();
        Assert.True(status == SessionStatus.Ok, Error);
    }

    internal SessionStatus Revoke(string identity) => (SessionStatus)Texts.Ask(identity, _server.Revoke);

    /// <summary>0: it has no session.</summary>
    internal ulong EpochOf(string identity) => Texts.Ask(identity, _server.SessionEpoch);

    /// <summary>The sessions whose end the AccessManager was told of.</summary>
    internal uint Ended(SessionEndReason reason) => _server.SessionsEnded((int)reason);

    public void Dispose() => _server.Dispose();
}
