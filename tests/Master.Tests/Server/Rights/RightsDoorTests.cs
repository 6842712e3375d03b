using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Master.Server;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>Every verb, asked by whoever there is, of a session of cs1.</summary>
public sealed class RightsDoorTests(GuardedMaster guarded) : IClassFixture<GuardedMaster>
{
    private static long _last;

    public static TheoryData<string> Verbs => [.. EveryVerb.Names];

    [Fact]
    public void Every_verb_is_in_the_table_and_in_these_tests()
    {
        string[] methods =
        [
            .. new[] { Wire.Sessions.Descriptor, Wire.Administration.Descriptor }.SelectMany(service => service.Methods)
                .Select(method => $"{method.Service.Name}.{method.Name}"),
        ];
        Assert.Equal(methods.Order(), EveryVerb.Names.Order());
        Assert.All(methods, method => Assert.NotEmpty(VerbRights.Of($"/interop.sessions.v1.{method.Replace('.', '/')}")!));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_is_allowed_to_those_whom_a_rule_gives_it(string verb)
    {
        foreach (string name in (string[])["", .. WhoMay.Names])
        {
            EveryVerb.Target target = await MakeAsync();
            SessionStatus status = await MasterClient.StatusOf(() => EveryVerb.CallAsync(verb, guarded.As(name), target));
            Assert.Equal((name, WhoMay.Answer(verb, name)), (name, status));
            if (status != SessionStatus.Ok)
            {
                await AssertUntouchedAsync(target);
            }
        }
    }

    [Fact]
    public async Task An_identity_whose_holder_is_dead_is_nobody_elses()
    {
        EveryVerb.Target dead = await MakeAsync();
        await guarded.As("operator").Administration.RevokeSessionAsync(
            new Wire.RevokeSessionRequest { SessionId = dead.Key.SessionId, Epoch = dead.Key.Epoch, Reason = "it is dead" });
        await guarded.As("cs1").CloseAsync(dead.Key);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.PermissionDenied, () => guarded.As("cs2").CreateAsync(dead.Identity),
            $"'cs2' (token) may not serve '{dead.Identity}': the rule of line 1 gives it 'cs/cs2'");
        await guarded.As("cs1").CreateAsync(dead.Identity);
    }

    [Fact]
    public async Task A_secret_is_worth_nothing_to_another_name()
    {
        EveryVerb.Target target = await MakeAsync();
        Wire.ReattachSessionRequest Request(string identity) => MasterClient.Reattach(target.Key, identity);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.PermissionDenied, async () => await guarded.As("cs2").Sessions.ReattachSessionAsync(Request(target.Identity)));
        // Under a name of its own the table knows better.
        await MasterClient.AssertRefusedAsync(
            SessionStatus.WrongSecret, async () => await guarded.As("cs2").Sessions.ReattachSessionAsync(Request("cs/cs2")));
        await AssertUntouchedAsync(target);
    }

    [Fact]
    public async Task One_that_may_hold_an_identity_is_no_access_point_by_that()
    {
        await MasterClient.AssertRefusedAsync(
            SessionStatus.PermissionDenied, () => guarded.As("tenant").CreateAsync("tenant"), "'tenant' (token) may not serve 'tenant'");
        Wire.CreateSessionRequest without = MasterClient.RequestFor("tenant");
        without.Description.Endpoints.Clear();
        await guarded.As("tenant").CloseAsync(
            MasterClient.KeyOf(await guarded.As("tenant").Sessions.CreateSessionAsync(without)));
    }

    [Fact]
    public async Task Objects_are_assigned_and_released_by_those_who_may_whoever_asked_first()
    {
        EveryVerb.Target target = await MakeAsync();
        Wire.FindAccessPointReply found = await guarded.As("cs1").FindNfsAsync(target.Key, "a volume");
        Wire.SessionKey other = await guarded.As("cs2").CreateKeyAsync($"cs/cs2/{Interlocked.Increment(ref _last)}");
        Wire.ReleaseAccessPointRequest release = new() { Session = other, Kind = (uint)AccessPointKind.Nfs, Object = "a volume" };
        const string Said = "'cs2' (token) may not find or release access points: no rule gives it that right";
        await MasterClient.AssertRefusedAsync(
            SessionStatus.PermissionDenied, async () => await guarded.As("cs2").Sessions.ReleaseAccessPointAsync(release), Said);
        await MasterClient.AssertRefusedAsync(
            SessionStatus.PermissionDenied, () => guarded.As("cs2").FindNfsAsync(other, "a volume"), Said);
        Assert.Equal(found.Revision, (await guarded.As("cs1").FindNfsAsync(target.Key, "a volume")).Revision);
    }

    [Fact]
    public async Task A_list_shows_what_its_caller_may_read()
    {
        EveryVerb.Target target = await MakeAsync();
        Wire.SessionKey peer = await guarded.As("peer").CreateKeyAsync($"peer/{Interlocked.Increment(ref _last)}");
        Assert.Contains(target.Key.SessionId, await IdsAsync("watcher"));
        Assert.DoesNotContain(peer.SessionId, await IdsAsync("watcher"));
        Assert.Contains(peer.SessionId, await IdsAsync("operator"));
        Assert.DoesNotContain(target.Key.SessionId, await IdsAsync("cs2"));
        Wire.ListSessionsReply page = await guarded.As("peer").Sessions.ListSessionsAsync(
            new Wire.ListSessionsRequest { Session = peer, IdentityPrefix = "cs/" });
        Assert.Contains(target.Key.SessionId, page.Sessions.Select(row => row.SessionId));
        Wire.FindSessionReply found = await guarded.As("peer").Sessions.FindSessionAsync(
            new Wire.FindSessionRequest { Session = peer, Identity = target.Identity });
        Assert.Equal(target.Key.SessionId, found.Found.SessionId);
    }

    [Fact]
    public async Task The_ends_that_are_listed_are_those_whose_identity_the_caller_may_read()
    {
        EveryVerb.Target target = await MakeAsync();
        await guarded.As("cs1").CloseAsync(target.Key);
        Wire.SessionKey peer = await guarded.As("peer").CreateKeyAsync($"peer/{Interlocked.Increment(ref _last)}");
        await guarded.As("peer").CloseAsync(peer);

        Assert.Contains(target.Key.Epoch, await EndedAsync("watcher"));
        Assert.DoesNotContain(peer.Epoch, await EndedAsync("watcher"));
        Assert.Contains(peer.Epoch, await EndedAsync("operator"));
        Assert.DoesNotContain(target.Key.Epoch, await EndedAsync("cs2"));
    }

    private async Task<ulong[]> EndedAsync(string name) =>
        [.. (await guarded.As(name).Administration.ListEndsAsync(new Wire.ListEndsRequest())).Ends.Select(end => end.Epoch)];

    [Theory]
    [InlineData("", "has shown no name")]
    [InlineData("stranger", "has sent a token that this master does not know")]
    public async Task A_caller_that_nobody_knows_is_told_so(string name, string said)
    {
        await MasterClient.AssertRefusedAsync(SessionStatus.Unauthenticated, () => guarded.As(name).CreateAsync("cs/cs1"), said);
        using RenewalStream stream = guarded.As(name).OpenStream();
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Unauthenticated, () => stream.StatusOfAsync(new Wire.SessionKey { SessionId = 1, Epoch = 1, Nonce = 1 }), said);
    }

    [Fact]
    public async Task A_stream_of_one_name_renews_its_own_sessions_and_no_others()
    {
        EveryVerb.Target mine = await MakeAsync();
        Wire.SessionKey other = await guarded.As("cs2").CreateKeyAsync($"cs/cs2/{Interlocked.Increment(ref _last)}");
        // Of an epoch that no store has given: any other that this one has not given says that it went back.
        Wire.SessionKey unknown = new() { SessionId = 1, Epoch = 0, Nonce = 1 };
        using RenewalStream stream = guarded.As("cs2").OpenStream();
        for (int i = 0; i < 3; i++)
        {
            Wire.KeepAliveReply reply = await stream.RenewAsync(mine.Key, other, unknown);
            Assert.Equal(
                [SessionStatus.PermissionDenied, SessionStatus.Ok, SessionStatus.UnknownSession],
                new[] { mine.Key, other, unknown }.Select(key =>
                    (SessionStatus)reply.Renewals.Single(renewal => renewal.SessionId == key.SessionId).Status));
        }

        await AssertUntouchedAsync(mine);
    }

    [Fact]
    public async Task The_health_is_told_to_everybody()
    {
        Marshaller<byte[]> raw = Marshallers.Create(bytes => bytes, bytes => bytes);
        byte[] health = await guarded.As("").Calls.AsyncUnaryCall(
            new Method<byte[], byte[]>(MethodType.Unary, "grpc.health.v1.Health", "Check", raw, raw), null, default, []);
        Assert.Equal([8, 1], health);
    }

    [Fact]
    public async Task Health_is_not_watched_since_that_would_take_a_place_for_as_long_as_a_stranger_likes()
    {
        Marshaller<byte[]> raw = Marshallers.Create(bytes => bytes, bytes => bytes);
        using AsyncServerStreamingCall<byte[]> watch = guarded.As("").Calls.AsyncServerStreamingCall(
            new Method<byte[], byte[]>(MethodType.ServerStreaming, "grpc.health.v1.Health", "Watch", raw, raw), null, default, []);
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
        Assert.Contains("ask Check", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denial_is_logged_with_its_rule_and_what_others_chose_moves_no_line()
    {
        await MasterClient.AssertRefusedAsync(SessionStatus.PermissionDenied, () => guarded.As("cs3").CreateAsync("evil\u001b[2J\u0085identity"));
        Assert.True(guarded.Log.Any(1087, "evil\\u001b[2J\\u0085identity"));
        Assert.True(guarded.Log.Any(1087, "'cs3' (token) was denied: PERMISSION_DENIED, by allow cs* serve cs/{name} (line 1)"));
        Assert.DoesNotContain(guarded.Log.Of(1087), text => text.Contains('\u001b', StringComparison.Ordinal));
        Assert.DoesNotContain(guarded.Log.Of(1087), text => text.Contains("-which-nobody-guesses", StringComparison.Ordinal));
    }

    private async Task<ulong[]> IdsAsync(string name)
    {
        List<ulong> ids = [];
        ulong next = 0;
        do
        {
            Wire.ListSessionsReply page = await guarded.As(name).Administration.ListSessionsAsync(
                new Wire.ListSessionsRequest { FromSessionId = next });
            ids.AddRange(page.Sessions.Select(row => row.SessionId));
            next = page.NextSessionId;
        }
        while (next != 0);
        return [.. ids];
    }

    private Task<EveryVerb.Target> MakeAsync() => EveryVerb.MakeAsync(guarded.As("cs1"));

    private Task AssertUntouchedAsync(EveryVerb.Target target) => EveryVerb.AssertUntouchedAsync(guarded.As("cs1"), target);
}
