using System;
using Interop.Sessions.Harness.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Harness.Tests;

/// <summary>Chunk servers come up and go, and both sides see their sessions alive and gone.</summary>
public sealed class SessionLifeTests
{
    [Fact]
    public void Two_chunk_servers_hold_the_sessions_that_the_master_lists()
    {
        using TestHarness harness = new();
        TestChunkServer first = harness.StartChunkServer("cs1");
        TestChunkServer second = harness.StartChunkServer("cs2");

        ulong firstEpoch = first.WaitUntilAlive();
        ulong secondEpoch = second.WaitUntilAlive();

        Assert.Equal(2u, harness.Master.Sessions);
        Assert.Equal(firstEpoch, harness.Master.EpochOf("cs1"));
        Assert.Equal(secondEpoch, harness.Master.EpochOf("cs2"));
        Assert.NotEqual(firstEpoch, secondEpoch);
        Assert.Equal(TestMaster.TermMs, first.Server.SessionTermMs());
        first.WaitUntilIoIsServed();
        second.WaitUntilIoIsServed();
    }

    [Fact]
    public void A_chunk_server_that_was_not_started_holds_nothing()
    {
        using TestHarness harness = new();
        TestChunkServer server = harness.NewChunkServer("cs1");

        Assert.Equal(SessionState.None, server.State);
        Assert.Equal(0u, server.NodeServer.IscsiSessionsAlive());
        Assert.False(server.NodeServer.LeaseIsValid());
        Assert.Equal(0u, harness.Master.Sessions);
    }

    [Fact]
    public void A_stopped_chunk_server_is_gone_on_both_sides_and_the_other_serves_on()
    {
        using TestHarness harness = new();
        TestChunkServer stopped = harness.StartChunkServer("cs1");
        TestChunkServer other = harness.StartChunkServer("cs2");
        ulong epoch = stopped.WaitUntilAlive();
        ulong otherEpoch = other.WaitUntilAlive();

        stopped.Server.Stop();

        Assert.Equal(0u, stopped.NodeServer.IscsiSessionsAlive());
        Assert.Equal(TestChunkServer.IscsiSessions, stopped.NodeServer.IscsiSessions());
        Assert.False(stopped.NodeServer.LeaseIsValid());
        Assert.Equal(1u, stopped.AccessHandler.SessionsLost());
        Assert.Equal(SessionEndReason.Closed, stopped.LostReason);
        Assert.Equal(epoch, stopped.AccessHandler.LostEpoch());
        Eventually.IsTrue(() => harness.Master.EpochOf("cs1") == 0, "gone from the master's list");
        Eventually.IsTrue(() => harness.Master.Ended(SessionEndReason.Closed) == 1, "known to the AccessManager");
        Assert.Equal(0u, harness.Master.Ended(SessionEndReason.Expired));
        other.WaitUntilIoIsServed();
        Assert.Equal(otherEpoch, harness.Master.EpochOf("cs2"));
        Assert.Equal(0u, other.AccessHandler.SessionsLost());
    }

    [Fact]
    public void A_restarted_chunk_server_gets_a_session_of_a_greater_epoch()
    {
        using TestHarness harness = new();
        TestChunkServer server = harness.StartChunkServer("cs1");
        ulong before = server.WaitUntilAlive();

        server.Server.Stop();
        server.Start();

        ulong after = server.WaitUntilAlive(laterThan: before);
        Assert.Equal(after, harness.Master.EpochOf("cs1"));
        Assert.Equal(1u, harness.Master.Sessions);
        server.WaitUntilIoIsServed();
    }

    [Fact]
    public void A_revoked_session_is_lost_and_the_next_one_has_a_greater_epoch()
    {
        using TestHarness harness = new();
        TestChunkServer server = harness.StartChunkServer("cs1");
        ulong before = server.WaitUntilAlive();

        Assert.Equal(SessionStatus.Ok, harness.Master.Revoke("cs1"));

        ulong after = server.WaitUntilAlive(laterThan: before);
        Assert.Equal(1u, server.AccessHandler.SessionsLost());
        Assert.Equal(SessionEndReason.Revoked, server.LostReason);
        Assert.Equal(before, server.AccessHandler.LostEpoch());
        Assert.Equal(2u, server.AccessHandler.SessionsCreated());
        Assert.Equal(after, harness.Master.EpochOf("cs1"));
        Assert.Equal(1u, harness.Master.Ended(SessionEndReason.Revoked));
    }

    [Fact]
    public void A_revoked_chunk_server_that_stays_lost_serves_nothing_more()
    {
        using TestHarness harness = new();
        TestChunkServer server = harness.NewChunkServer("cs1");
        server.Server.SetStayLost(true);
        server.Start();
        server.WaitUntilAlive();
        server.WaitUntilIoIsServed();

        Assert.Equal(SessionStatus.Ok, harness.Master.Revoke("cs1"));

        Eventually.IsTrue(() => server.AccessHandler.SessionsLost() == 1, () => $"lost: {server}");
        ulong served = server.NodeServer.IoServed();
        Assert.Equal(SessionState.Lost, server.State);
        Assert.Equal(0u, server.NodeServer.IscsiSessionsAlive());
        Assert.False(server.NodeServer.LeaseIsValid());
        server.Server.Stop();
        Assert.Equal(served, server.NodeServer.IoServed());
        Assert.Equal(1u, server.AccessHandler.SessionsCreated());
        Assert.Equal(0u, harness.Master.Sessions);
    }

    [Fact]
    public void The_second_holder_of_an_identity_waits_until_the_first_is_gone()
    {
        using TestHarness harness = new();
        TestChunkServer first = harness.StartChunkServer("cs1");
        ulong firstEpoch = first.WaitUntilAlive();
        TestChunkServer second = harness.NewChunkServer("cs1");
        second.Server.SetCreateTimeoutMs(300);
        second.Start();
        Eventually.IsTrue(
            () => second.LastFailure.StartsWith("IDENTITY_IN_USE: ", StringComparison.Ordinal), () => $"refused: {second}");
        Assert.Equal(0u, second.NodeServer.IscsiSessionsAlive());
        Assert.False(second.Server.GaveUp());
        Assert.Equal(SessionState.Alive, first.State);

        first.Server.Stop();

        Assert.Equal(second.WaitUntilAlive(laterThan: firstEpoch), harness.Master.EpochOf("cs1"));
    }
}
