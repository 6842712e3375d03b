using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Google.Protobuf;
using Interop.Sessions.Follower;
using Interop.Sessions.Hostile.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Hostile.Tests;

/// <summary>Connections that say nothing, more than the master has descriptors for.</summary>
public sealed class DescriptorTests : IDisposable
{
    private const int Descriptors = 512;
    private readonly Siege _siege = Siege.BeginWithDescriptors(Descriptors);
    private readonly List<Socket> _silent = [];

    public void Dispose()
    {
        _silent.ForEach(socket => socket.Dispose());
        _siege.Dispose();
    }

    [Fact]
    public void Silent_connections_give_their_places_to_those_who_have_something_to_say()
    {
        using TcpProxy proxy = new(_siege.Port);
        using TestFollower other = new(new FollowerManagerOptions { Endpoints = [proxy.Address] }, identity: "other");
        SessionInfo session = other.CreateAndRenew();
        double before = _siege.ProcessorSeconds;
        double beforeMb = _siege.ResidentMb;

        Connect(2 * Descriptors);

        // Who has a session dials again, a newcomer comes.
        proxy.Cut();
        proxy.Restore();
        other.BecomesRenewed();
        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();

        Assert.Equal((session.Epoch, SessionState.Alive), (other.Follower.Session.Epoch, other.State));
        Assert.DoesNotContain(other.Told, what => what.StartsWith("lost", StringComparison.Ordinal));
        Assert.True(_siege.ProcessorSeconds - before < 5, $"{_siege.ProcessorSeconds - before} s of processors");
        Assert.Contains("1082", _siege.Log, StringComparison.Ordinal);
        Assert.True(_siege.Log.Split("1082").Length <= 1 + Limits.LogLinesAtOnce, _siege.Log);
        _silent.ForEach(socket => socket.Dispose());
        _siege.MemoryReturns(beforeMb);
    }

    [Fact]
    public void One_session_keeps_a_few_places_and_not_all()
    {
        using TcpProxy proxy = new(_siege.Port);
        using TestFollower other = new(new FollowerManagerOptions { Endpoints = [proxy.Address] }, identity: "other");
        SessionInfo session = other.CreateAndRenew();
        byte[] renewal = new Wire.KeepAliveRequest { BatchId = 1, Renewals = { _siege.HeldBy("hoarder") } }.ToByteArray();
        List<RawHttp2> hoarded = [];

        // Each has renewed the session once, and stays: more than strangers may, fewer than there are descriptors for.
        for (int i = 0; i < Limits.MaxStrangers + (Limits.MaxStrangers / 2); i++)
        {
            RawHttp2 connection = new(_siege.Port);
            hoarded.Add(connection);
            connection.Message(connection.Open(Siege.Sessions + "KeepAlive"), renewal, ends: false);
            connection.Flush();
        }

        int Hoarded() => hoarded.Count(connection => !connection.IsClosed);
        Eventually.IsTrue(() => Hoarded() <= Limits.MaxStrangers + Limits.MaxConnectionsPerSession, "they have places as strangers have");
        proxy.Cut();
        proxy.Restore();
        other.BecomesRenewed();
        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        Assert.Equal((session.Epoch, SessionState.Alive), (other.Follower.Session.Epoch, other.State));
        Eventually.IsTrue(() => Hoarded() <= Limits.MaxConnectionsPerSession, "what one session does not need is closed, as it says nothing");
        hoarded.ForEach(connection => connection.Dispose());
    }

    /// <summary>Others in the process may take them, or the limit may be lowered: it is not for the rest of the master's life.</summary>
    [Fact]
    public async Task Where_no_descriptor_was_left_for_a_while_connections_come_again_afterwards()
    {
        using TcpProxy proxy = new(_siege.Port);
        using TestFollower other = new(new FollowerManagerOptions { Endpoints = [proxy.Address] }, identity: "other");
        SessionInfo session = other.CreateAndRenew();
        double before = _siege.ProcessorSeconds;

        await LimitDescriptorsAsync(8);
        proxy.Cut();
        proxy.Restore();
        Eventually.IsTrue(() => _siege.Log.Contains("1081", StringComparison.Ordinal), "told that a connection could not be accepted");
        await LimitDescriptorsAsync(Descriptors);

        other.BecomesRenewed();
        _siege.ANewcomerGetsASession("newcomer");
        _siege.HonestStaysAlive();
        Assert.Equal((session.Epoch, SessionState.Alive), (other.Follower.Session.Epoch, other.State));
        Assert.True(_siege.Log.Split("1081").Length <= 1 + Limits.LogLinesAtOnce, _siege.Log);
        Assert.True(_siege.ProcessorSeconds - before < 5, $"{_siege.ProcessorSeconds - before} s of processors");

        await Eventually.IsTrueAsync(HasPlacesAsync, "there are places as before");
    }

    /// <summary>For many strangers at the same time.</summary>
    private async Task<bool> HasPlacesAsync()
    {
        RawHttp2[] strangers = [.. Enumerable.Range(0, Limits.MaxStrangers / 2).Select(_ => new RawHttp2(_siege.Port))];
        foreach (RawHttp2 stranger in strangers)
        {
            stranger.Call(Siege.Administration + "GetStatus", []);
            stranger.Flush();
        }

        while (Array.Exists(strangers, stranger => stranger is { Answered: 0, IsClosed: false }))
        {
            await Task.Delay(20);
        }

        bool have = Array.TrueForAll(strangers, stranger => !stranger.IsClosed);
        Array.ForEach(strangers, stranger => stranger.Dispose());
        return have;
    }

    private async Task LimitDescriptorsAsync(int soft) =>
        Assert.Equal((0, ""), await Shell.RunAsync("prlimit", "--pid", $"{_siege.Id}", $"--nofile={soft}:"));

    private void Connect(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _silent.Add(socket);
            socket.Connect(IPAddress.Loopback, _siege.Port);
        }
    }

    [Fact]
    public void Silent_connections_are_closed_after_some_seconds()
    {
        double beforeMb = _siege.ResidentMb;
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Connect(IPAddress.Loopback, _siege.Port);
        using RawHttp2 stream = new(_siege.Port);
        stream.Open(Siege.Sessions + "KeepAlive");
        stream.Flush();

        Eventually.IsTrue(() => stream.IsClosed, "the stream that says nothing is closed");
        Eventually.IsTrue(() => silent.Poll(0, SelectMode.SelectRead), "the connection that says nothing is closed");
        _siege.HonestStaysAlive();
        _siege.MemoryReturns(beforeMb);
    }
}
