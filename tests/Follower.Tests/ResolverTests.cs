using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A master is configured by its name, and the resolver stops to serve.</summary>
public sealed class ResolverTests : IDisposable
{
    private static readonly IPAddress _elsewhere = IPAddress.Parse("127.9.9.9");

    // A busy machine has time to redial within the half of it.
    private readonly RunningMaster _master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);
    private readonly TcpProxy _proxy;
    private volatile Func<Task<IPAddress[]>> _answer = () => Task.FromResult<IPAddress[]>([IPAddress.Loopback]);

    public ResolverTests() => _proxy = new TcpProxy(_master.Port);

    private string Port => _proxy.Address.Split(':')[1];

    public static TheoryData<string> Faults => ["fails", "knows nothing", "hangs", "names a dead address", "names another machine"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_resolver_that_stops_to_serve_while_the_connection_is_cut_costs_no_session(string fault)
    {
        using TcpListener another = new(_elsewhere, int.Parse(Port, System.Globalization.CultureInfo.InvariantCulture));
        using TestFollower test = new(Options());
        SessionInfo session = test.CreateAndRenew();
        if (fault == "names another machine")
        {
            // It takes connections and says nothing.
            another.Start();
        }

        _answer = fault switch
        {
            "fails" => () => throw new SocketException((int)SocketError.TryAgain),
            "knows nothing" => () => Task.FromResult<IPAddress[]>([]),
            "hangs" => () => new TaskCompletionSource<IPAddress[]>().Task,
            _ => () => Task.FromResult<IPAddress[]>([_elsewhere]),
        };
        for (int i = 0; i < 3; i++)
        {
            _proxy.Cut();
            _proxy.Restore();
            test.BecomesRenewed();
        }

        Assert.DoesNotContain(test.Told, what => what.StartsWith("Jeopardy", StringComparison.Ordinal));
        Assert.Equal(session.Epoch, test.Follower.Session.Epoch);
        Assert.Equal(
            fault is "fails" or "knows nothing" or "hangs",
            test.Heard.Logged.Any(line => line.Id == 2011 && line.Message.Contains("master.test", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_leader_whose_name_only_another_master_knows_keeps_its_address_when_the_resolver_fails()
    {
        using LyingMaster standby = new();
        standby.StandBy($"master.test:{Port}");
        using TestFollower test = new(Options() with { Endpoints = [standby.Address] });
        SessionInfo session = test.CreateAndRenew();
        _answer = () => throw new SocketException((int)SocketError.TryAgain);

        for (int i = 0; i < 3; i++)
        {
            _proxy.Cut();
            _proxy.Restore();
            test.BecomesRenewed();
        }

        Assert.DoesNotContain(test.Told, what => what.StartsWith("Jeopardy", StringComparison.Ordinal));
        Assert.Equal(session.Epoch, test.Follower.Session.Epoch);
    }

    [Fact]
    public void A_standby_that_answered_keeps_its_address_when_the_resolver_fails_and_it_leads()
    {
        using LyingMaster successor = new();
        successor.StandBy("");
        using TcpProxy network = new(successor.Port);
        using TestFollower test = new(
            Options() with { Endpoints = [$"successor.test:{network.Address.Split(':')[1]}", $"master.test:{Port}"] });
        test.CreateAndRenew();
        Assert.NotEmpty(successor.Creates);
        int asked = successor.KeepAlives.Count;

        _answer = () => throw new SocketException((int)SocketError.TryAgain);
        network.Cut();
        network.Restore();
        _proxy.Cut();

        Eventually.IsTrue(() => successor.KeepAlives.Count > asked, "asked");
    }

    [Fact]
    public void A_name_that_nobody_knows_is_named_with_the_resolver()
    {
        _answer = () => throw new SocketException((int)SocketError.HostNotFound);
        using TestFollower test = new(Options());

        SessionException failure = test.CreateFails(SessionStatus.NoMaster, timeoutMs: 700);

        Assert.Contains("the resolver gives no address of master.test", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resolver_that_never_answers_is_named_and_asked_once()
    {
        int asked = 0;
        _answer = () =>
        {
            Interlocked.Increment(ref asked);
            return new TaskCompletionSource<IPAddress[]>().Task;
        };
        using TestFollower test = new(Options());

        SessionException failure = test.CreateFails(SessionStatus.NoMaster, timeoutMs: 4000);

        Assert.Contains("the resolver gives no address of master.test", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public void A_name_that_moves_is_followed()
    {
        using TestFollower test = new(Options());
        SessionInfo session = test.CreateAndRenew();
        using TcpProxy moved = new(_master.Port, _elsewhere, int.Parse(Port, System.Globalization.CultureInfo.InvariantCulture));

        _answer = () => Task.FromResult<IPAddress[]>([_elsewhere]);
        _proxy.Cut();

        Eventually.IsTrue(() => moved.Accepted > 0, "dialled");
        test.BecomesRenewed();
        Assert.Equal(session.Epoch, test.Follower.Session.Epoch);
    }

    [Fact]
    public void Of_several_addresses_the_one_that_answers_is_found()
    {
        _answer = () => Task.FromResult<IPAddress[]>([_elsewhere, IPAddress.IPv6Loopback, IPAddress.Loopback]);
        using TestFollower test = new(Options());

        Assert.Equal(SessionState.Alive, test.Create().State);
    }

    public void Dispose()
    {
        _proxy.Dispose();
        _master.Dispose();
    }

    private FollowerManagerOptions Options() => new()
    {
        Insecure = Insecure.Loopback,
        Endpoints = [$"master.test:{Port}"],
        Resolve = (_, _) => _answer(),
    };
}
