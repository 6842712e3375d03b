using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Client;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Client;

/// <summary>What leads to masters that are configured, and to those that others name.</summary>
public sealed class MasterEndpointsTests
{
    private static readonly PeerTrust s_trust = new(null, Insecure.Loopback);

    [Fact]
    public async Task An_attempt_knows_that_its_master_was_reached_though_that_was_forgotten_and_is_named_again()
    {
        using LyingMaster leader = new();
        using MasterEndpoints endpoints = new(["127.0.0.1:1"], s_trust);
        endpoints.NoteFailure(NotLeader(leader.Address), endpoints.Begin());
        Attempt attempt = endpoints.Begin();
        Assert.Equal(leader.Address, attempt.Master.Address);
        await new Protocol.V1.Sessions.SessionsClient(NamedCalls.On(attempt.Channel)).SetItemAsync(new SetItemRequest());
        endpoints.Answered(attempt);

        endpoints.NoteFailure(new SessionException(SessionStatus.NoMaster, "broke"), attempt);
        endpoints.NoteFailure(NotLeader(leader.Address), endpoints.Begin());

        Assert.Equal(leader.Address, endpoints.Begin().Master.Address);
        Assert.False(endpoints.Begin().Master.WasReached);
        Assert.True(attempt.Master.WasReached);
        Assert.Null(attempt.Master.Unanswered);
    }

    [Fact]
    public async Task A_resolver_that_hangs_is_asked_about_a_few_of_the_names_that_masters_hint_at_and_about_every_configured_one()
    {
        ConcurrentQueue<string> asked = new();
        MasterNames names = new(
            ["m1.test:7", "m2.test:7"],
            (host, _) =>
            {
                asked.Enqueue(host);
                return new TaskCompletionSource<IPAddress[]>().Task;
            },
            _ => { });
        string[] hinted = [.. Enumerable.Range(0, 3 * Limits.MaxHintedNames).Select(i => $"ghost{i}.test:7")];

        // All of them, and then the first once more: by then they are forgotten.
        await Task.WhenAll(hinted.Concat(hinted.Take(3)).Concat(["m1.test:7", "M1.test:8", "m2.test:7"]).Select(DialAsync));

        Assert.Equal(["m1.test", "m2.test"], asked.Where(host => host.StartsWith('m')).Order());
        Assert.Equal(Limits.MaxHintedQuestions, asked.Count(host => host.StartsWith("ghost", System.StringComparison.Ordinal)));

        async Task DialAsync(string address)
        {
            MasterConnection master = new(address, names.DialerOf(address), s_trust);
            RpcException failure = await Assert.ThrowsAsync<RpcException>(
                async () => await new Protocol.V1.Sessions.SessionsClient(NamedCalls.On(master.Calls)).SetItemAsync(
                    new SetItemRequest()));
            Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
            master.TakeCalls()!.Dispose();
        }
    }

    [Fact]
    public void A_name_has_one_dialer_whichever_port_and_however_often_it_is_named()
    {
        MasterNames names = new(["m1.test:7"], (_, _) => Task.FromResult<IPAddress[]>([]), _ => { });

        Assert.Same(names.DialerOf("m1.test:7"), names.DialerOf("M1.test:8"));
        Assert.Same(names.DialerOf("hint.test:7"), names.DialerOf("hint.test:8"));
        Assert.NotSame(names.DialerOf("m1.test:7"), names.DialerOf("hint.test:7"));
    }

    private static SessionException NotLeader(string hint) => new(SessionStatus.NotLeader, "no") { LeaderHint = hint };
}
