using System;
using System.Collections.Generic;
using System.IO;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Harness.Tests.Support;

/// <summary>A meta server and the chunk servers of one test, all of them the real C++ objects.</summary>
internal sealed class TestHarness : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly List<TestChunkServer> _chunkServers = [];

    internal TestHarness(bool started = true)
    {
        EventFile = _folder.File("events.log");
        Master = new TestMaster(_folder.File("sessions.db"), EventFile);
        if (started)
        {
            Master.Start();
        }
    }

    internal TestMaster Master { get; }

    internal string EventFile { get; }

    internal TestChunkServer NewChunkServer(string identity, string? master = null)
    {
        TestChunkServer server = new(identity, master ?? Master.Address, EventFile);
        _chunkServers.Add(server);
        return server;
    }

    internal TestChunkServer StartChunkServer(string identity, string? master = null)
    {
        TestChunkServer server = NewChunkServer(identity, master);
        server.Start();
        return server;
    }

    /// <summary>Whoever reads of a failed test reads what happened, too.</summary>
    public void Dispose()
    {
        foreach (TestChunkServer server in _chunkServers)
        {
            server.Dispose();
        }

        Master.Dispose();
        if (File.Exists(EventFile))
        {
            TestContext.Current.TestOutputHelper?.WriteLine(File.ReadAllText(EventFile));
        }

        _folder.Dispose();
    }
}
