using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Interop.Sessions.Follower;
using Interop.Sessions.Hostile.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

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

        for (int i = 0; i < 2 * Descriptors; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _silent.Add(socket);
            socket.Connect(IPAddress.Loopback, _siege.Port);
        }

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
