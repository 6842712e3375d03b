using System;
using Interop.Sessions.Harness.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Harness.Tests;

/// <summary>Chunk server and master do not hear of each other for a while.</summary>
public sealed class LostContactTests
{
    [Fact]
    public void A_chunk_server_that_is_cut_off_refuses_IO_by_the_time_the_master_gives_it_up()
    {
        using TestHarness harness = new();
        using TcpProxy network = new(harness.Master.Port);
        TestChunkServer cutOff = harness.StartChunkServer("cs1", network.Address);
        TestChunkServer other = harness.StartChunkServer("cs2");
        ulong before = cutOff.WaitUntilAlive();
        ulong otherEpoch = other.WaitUntilAlive();
        cutOff.WaitUntilIoIsServed();

        network.Cut();
        Eventually.IsTrue(() => harness.Master.Ended(SessionEndReason.Expired) == 1, "expired on the master");

        Assert.False(cutOff.NodeServer.LeaseIsValid());
        ulong served = cutOff.NodeServer.IoServed();
        ulong refused = cutOff.NodeServer.IoRefused();
        Assert.Equal(0ul, harness.Master.EpochOf("cs1"));
        Eventually.IsTrue(() => cutOff.NodeServer.IoRefused() > refused, () => $"refusing: {cutOff}");
        Assert.Equal(served, cutOff.NodeServer.IoServed());
        Eventually.IsTrue(() => cutOff.State == SessionState.Jeopardy, () => $"in jeopardy: {cutOff}");
        Assert.Equal(otherEpoch, harness.Master.EpochOf("cs2"));

        network.Restore();

        ulong after = cutOff.WaitUntilAlive(laterThan: before);
        Assert.Equal(SessionEndReason.Expired, cutOff.LostReason);
        Assert.Equal(before, cutOff.AccessHandler.LostEpoch());
        Assert.Equal(1u, cutOff.AccessHandler.SessionsLost());
        Assert.Equal(after, harness.Master.EpochOf("cs1"));
        cutOff.WaitUntilIoIsServed();
    }

    [Fact]
    public void A_restarted_master_has_the_sessions_of_before_at_their_epochs()
    {
        using TestHarness harness = new();
        TestChunkServer first = harness.StartChunkServer("cs1");
        TestChunkServer second = harness.StartChunkServer("cs2");
        ulong firstEpoch = first.WaitUntilAlive();
        ulong secondEpoch = second.WaitUntilAlive();

        ulong leadership = harness.Master.Server.MasterEpoch();
        Assert.Equal(leadership, first.Server.MasterEpoch());

        harness.Master.Stop();
        harness.Master.Start();

        Assert.Equal(2u, harness.Master.Sessions);
        Assert.Equal(firstEpoch, harness.Master.EpochOf("cs1"));
        Assert.Equal(secondEpoch, harness.Master.EpochOf("cs2"));
        ulong newLeadership = harness.Master.Server.MasterEpoch();
        Assert.True(newLeadership > leadership, $"{newLeadership} after {leadership}");
        Eventually.IsTrue(() => first.Server.MasterEpoch() == newLeadership, () => $"renewed by the new one: {first}");
        Eventually.IsTrue(() => second.Server.MasterEpoch() == newLeadership, () => $"renewed by the new one: {second}");
        Assert.Equal(firstEpoch, first.WaitUntilAlive());
        Assert.Equal(secondEpoch, second.WaitUntilAlive());
        Assert.Equal(0u, first.AccessHandler.SessionsLost());
        Assert.Equal(0u, second.AccessHandler.SessionsLost());
    }

    [Fact]
    public void Without_a_master_the_lease_ends_and_when_it_is_back_the_same_session_serves_again()
    {
        using TestHarness harness = new();
        TestChunkServer server = harness.StartChunkServer("cs1");
        ulong epoch = server.WaitUntilAlive();

        harness.Master.Stop();
        Eventually.IsTrue(() => server.State == SessionState.Jeopardy, () => $"in jeopardy: {server}");

        Assert.False(server.NodeServer.LeaseIsValid());
        ulong served = server.NodeServer.IoServed();
        ulong refused = server.NodeServer.IoRefused();
        Eventually.IsTrue(() => server.NodeServer.IoRefused() > refused, () => $"refusing: {server}");
        Assert.Equal(served, server.NodeServer.IoServed());

        harness.Master.Start();

        Assert.Equal(epoch, server.WaitUntilAlive());
        Assert.Equal(0u, server.AccessHandler.SessionsLost());
        server.WaitUntilIoIsServed();
    }

    [Fact]
    public void A_chunk_server_that_finds_no_master_says_so_and_gets_its_session_when_there_is_one()
    {
        using TestHarness harness = new();
        harness.Master.Stop();
        TestChunkServer server = harness.NewChunkServer("cs1");
        server.Server.SetCreateTimeoutMs(300);
        server.Start();
        Eventually.IsTrue(() => server.AccessHandler.AttemptsFailed() >= 2, () => $"trying again: {server}");
        Assert.StartsWith("NO_MASTER: ", server.LastFailure, StringComparison.Ordinal);
        Assert.Contains(harness.Master.Address, server.LastFailure, StringComparison.Ordinal);
        Assert.False(server.Server.GaveUp());
        Assert.Equal(0u, server.NodeServer.IscsiSessionsAlive());

        harness.Master.Start();

        Assert.Equal(server.WaitUntilAlive(), harness.Master.EpochOf("cs1"));
    }
}
