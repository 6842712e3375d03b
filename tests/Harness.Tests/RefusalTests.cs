using System;
using System.IO;
using Interop.Sessions.Harness.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Harness.Tests;

/// <summary>What does not come to be says why.</summary>
public sealed unsafe class RefusalTests
{
    [Fact]
    public void A_chunk_server_that_the_master_refuses_is_told_why_and_gives_up()
    {
        using TestHarness harness = new(started: false);
        Texts.Give("cs1", harness.Master.Server.RefuseIdentity);
        harness.Master.Start();

        TestChunkServer server = harness.StartChunkServer("cs1");

        Eventually.IsTrue(server.Server.GaveUp, () => $"giving up: {server}");
        Assert.StartsWith("REFUSED: ", server.LastFailure, StringComparison.Ordinal);
        Assert.Contains("this meta server takes no session of cs1", server.LastFailure, StringComparison.Ordinal);
        Assert.Equal(1u, server.AccessHandler.AttemptsFailed());
        Assert.Equal(0u, server.AccessHandler.SessionsCreated());
        Assert.Equal(0u, server.NodeServer.IscsiSessionsAlive());
        Assert.Equal(0u, harness.Master.Sessions);
    }

    [Fact]
    public void An_AccessHandler_takes_no_session_without_the_capability_that_its_server_needs()
    {
        const ulong ReportsDataOnly = 4;
        using TestHarness harness = new(started: false);
        harness.Master.Server.SetCapabilities(ReportsDataOnly);
        harness.Master.Start();

        TestChunkServer server = harness.StartChunkServer("cs1");

        Eventually.IsTrue(server.Server.GaveUp, () => $"giving up: {server}");
        Assert.StartsWith("REFUSED_BY_HOST: ", server.LastFailure, StringComparison.Ordinal);
        Assert.Equal(0u, server.NodeServer.IscsiSessionsAlive());
        Eventually.IsTrue(() => harness.Master.Sessions == 0, "given back to the master");
    }

    [Fact]
    public void Capabilities_are_those_that_both_sides_have()
    {
        const ulong ServesIscsiAndReportsData = 2 | 4;
        using TestHarness harness = new(started: false);
        harness.Master.Server.SetCapabilities(ulong.MaxValue);
        harness.Master.Start();
        TestChunkServer server = harness.StartChunkServer("cs1");
        server.WaitUntilAlive();
        Assert.Equal(ServesIscsiAndReportsData, server.AccessHandler.GrantedCapabilities());
    }

    [Theory]
    [InlineData("", "127.0.0.1:1", SessionStatus.InvalidArgument, "INVALID_ARGUMENT: ", "identity")]
    [InlineData("cs\0", "127.0.0.1:1", SessionStatus.InvalidArgument, "INVALID_ARGUMENT: ", "identity")]
    [InlineData("cs1", "nowhere", SessionStatus.InvalidArgument, "INVALID_ARGUMENT: ", "endpoint")]
    [InlineData("cs1", "127.0.0.1:65536", SessionStatus.InvalidArgument, "INVALID_ARGUMENT: ", "endpoint")]
    public void A_chunk_server_with_an_option_that_cannot_be_does_not_start(
        string identity, string master, SessionStatus status, string name, string argument)
    {
        using TestHarness harness = new(started: false);
        TestChunkServer server = harness.NewChunkServer(identity, master);

        Assert.Equal(status, server.TryStart());

        Assert.StartsWith(name, server.Error, StringComparison.Ordinal);
        Assert.Contains(argument, server.Error, StringComparison.Ordinal);
        Assert.Equal(SessionState.None, server.State);
        server.Server.Stop();
    }

    [Fact]
    public void An_identity_over_the_limit_is_refused_with_the_limit()
    {
        using TestHarness harness = new(started: false);
        TestChunkServer server = harness.NewChunkServer(new string('c', Limits.MaxIdentityBytes + 1), "127.0.0.1:1");

        Assert.Equal(SessionStatus.TooLong, server.TryStart());

        Assert.Contains($"{Limits.MaxIdentityBytes}", server.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_start_leaves_the_library_to_the_others()
    {
        using TestHarness harness = new();
        TestChunkServer good = harness.StartChunkServer("cs1");
        good.WaitUntilAlive();
        TestChunkServer bad = harness.NewChunkServer("", harness.Master.Address);

        Assert.Equal(SessionStatus.InvalidArgument, bad.TryStart());

        good.WaitUntilIoIsServed();
        Assert.Equal(1u, harness.Master.Sessions);
    }

    [Fact]
    public void A_second_master_on_the_same_store_is_locked_out()
    {
        using TestHarness harness = new();
        using TestMaster second = new(Path.Combine(Path.GetDirectoryName(harness.EventFile)!, "sessions.db"), harness.EventFile);

        Assert.Equal(SessionStatus.StoreLocked, second.TryStart());

        Assert.StartsWith("STORE_LOCKED: ", second.Error, StringComparison.Ordinal);
        Assert.Equal(0u, second.Sessions);
    }

    [Fact]
    public void A_session_that_is_not_there_cannot_be_revoked()
    {
        using TestHarness harness = new();

        Assert.Equal(SessionStatus.UnknownSession, harness.Master.Revoke("cs1"));

        Assert.Equal("UNKNOWN_SESSION: cs1 has none", harness.Master.Error);
    }
}
