using System;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Interop.Sessions.Client;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A follower whose master is of another release, or is none.</summary>
public sealed class OtherReleaseTests : IDisposable
{
    // Thrice the term: a busy machine has time to redial within the half of it.
    private readonly RunningMaster _master = new(new History(), options => options.TermMs = options.MaxTermMs = 3000);

    [Fact]
    public void With_a_master_that_knows_less_a_follower_lives_and_hears_at_once_what_that_one_does_not_know()
    {
        using FormerMaster.Real real = new(_master.Address);
        using OtherServer former = new(
            routes => routes.MapGrpcService<FormerMaster>(), services => services.AddSingleton(real));
        using TestFollower test = new(former.Address);
        SessionInfo session = test.CreateAndRenew();
        test.Follower.SetItem(session.Epoch, "rack", "r1"u8.ToArray());

        SessionException refusal = Assert.Throws<SessionException>(
            () => test.Follower.RemoveItem(session.Epoch, "rack", timeoutMs: 60_000));

        Assert.True(refusal.Status == SessionStatus.Unsupported, $"{refusal.Status}: {refusal.Message}");
        Assert.Contains(former.Address, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("interop.sessions.v1.Sessions/RemoveItem", refusal.Message, StringComparison.Ordinal);
        test.BecomesRenewed();
        test.BecomesRenewed();
        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
        Assert.Equal(1, Assert.Single(_master.Sessions).ItemCount);
    }

    [Fact]
    public void With_a_master_that_knows_no_items_of_a_create_it_is_refused_at_once_and_the_session_given_back()
    {
        using FormerMaster.Real real = new(_master.Address);
        using OtherServer former = new(
            routes => routes.MapGrpcService<FormerMaster>(), services => services.AddSingleton(real));
        using TestFollower test = new(former.Address);

        SessionException refusal = Assert.Throws<SessionException>(() => test.Follower.CreateSession(
            new ServerDescription { Items = [new("rack", "r1"u8.ToArray())] }, timeoutMs: 60_000));

        Assert.True(refusal.Status == SessionStatus.Unsupported, $"{refusal.Status}: {refusal.Message}");
        Assert.Contains($"{former.Address} has set 0 of the 1 items", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_master.Sessions);
        Assert.Empty(test.Told);
        Assert.Equal(SessionState.Alive, test.Create().State);
    }

    [Fact]
    public void A_master_that_does_not_know_changes_together_has_done_nothing_and_says_so_at_once()
    {
        using FormerMaster.Real real = new(_master.Address);
        using OtherServer former = new(
            routes => routes.MapGrpcService<FormerMaster>(), services => services.AddSingleton(real));
        using TestFollower test = new(former.Address);
        SessionInfo session = test.Create();

        SessionException refusal = Assert.Throws<SessionException>(() => test.Follower.ApplyItems(
            session.Epoch, [ItemChange.Set("rack", "r1"u8.ToArray())], timeoutMs: 60_000));

        Assert.True(refusal.Status == SessionStatus.Unsupported, $"{refusal.Status}: {refusal.Message}");
        Assert.False(refusal.IsOutcomeUnknown);
        Assert.Contains("interop.sessions.v1.Sessions/ApplyItems", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, Assert.Single(_master.Sessions).ItemCount);
    }

    [Fact]
    public async Task A_server_of_another_service_does_not_know_the_call_and_its_health_is_its_own()
    {
        using OtherServer other = NoMaster();
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{other.Address}");

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await new Wire.Sessions.SessionsClient(NamedCalls.On(channel)).GetItemAsync(new Wire.GetItemRequest()));

        SessionException refusal = StatusOnTheWire.FromRpc(failure);
        Assert.Equal(SessionStatus.Unsupported, refusal.Status);
        Assert.Contains("interop.sessions.v1.Sessions/GetItem", refusal.Message, StringComparison.Ordinal);
        HealthCheckResponse health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Fact]
    public async Task A_page_that_a_web_server_does_not_find_is_no_call_that_a_master_does_not_know()
    {
        using OtherServer web = new(routes => routes.MapFallback(() => Microsoft.AspNetCore.Http.Results.NotFound()));
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{web.Address}");

        RpcException failure = await Assert.ThrowsAsync<RpcException>(
            async () => await new Wire.Sessions.SessionsClient(NamedCalls.On(channel)).GetItemAsync(new Wire.GetItemRequest()));

        Assert.Equal(SessionStatus.NoMaster, StatusOnTheWire.FromRpc(failure).Status);
    }

    [Fact]
    public void A_create_tries_the_next_endpoint_and_says_at_the_end_what_it_met()
    {
        using OtherServer other = NoMaster();
        using (TestFollower alone = new(other.Address))
        {
            SessionException failure = alone.CreateFails(SessionStatus.Unsupported, timeoutMs: 1000);
            Assert.Contains(other.Address, failure.Message, StringComparison.Ordinal);
            Assert.Contains("interop.sessions.v1.Sessions/CreateSession", failure.Message, StringComparison.Ordinal);
        }

        using TestFollower test = new(other.Address, _master.Address);
        Assert.Equal(SessionState.Alive, test.Create().State);
    }

    [Fact]
    public void Renewals_try_the_next_endpoint()
    {
        using OtherServer other = NoMaster();
        using TcpProxy first = new(_master.Port);
        using TestFollower test = new(first.Address, other.Address, _master.Address);
        SessionInfo session = test.CreateAndRenew();

        first.Cut();
        test.BecomesRenewed();
        test.BecomesRenewed();

        Assert.Equal([$"created {session.Epoch}", $"Alive {session.Epoch}"], test.Told);
    }

    public void Dispose() => _master.Dispose();

    private static OtherServer NoMaster() => new(
        routes => routes.MapGrpcHealthChecksService(),
        services => services.AddGrpcHealthChecks().AddCheck("own", () => HealthCheckResult.Healthy()));
}
