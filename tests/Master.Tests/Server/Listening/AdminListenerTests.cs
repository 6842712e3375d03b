using System;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Health.V1;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Server.Listening;

/// <summary>Administration at an address of its own: each verb is answered at one of the two, and refused at the other.</summary>
public sealed class AdminListenerTests(AdminListenerTests.Master master) : IClassFixture<AdminListenerTests.Master>
{
    public static TheoryData<string> Verbs => [.. EveryVerb.Names];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_verb_is_answered_at_the_address_of_its_service_and_refused_at_the_other(string verb)
    {
        bool isAdministration = verb.StartsWith("Administration.", StringComparison.Ordinal);
        (MasterClient right, MasterClient wrong) = isAdministration ? (master.Admin, master.Main) : (master.Main, master.Admin);
        EveryVerb.Target target = await EveryVerb.MakeAsync(master.Main);

        await MasterClient.AssertRefusedAsync(
            SessionStatus.PermissionDenied, () => EveryVerb.CallAsync(verb, wrong, target),
            isAdministration ? "administration is not served here" : "sessions are not served here", "admin_listen_address");
        Assert.Equal(7UL, (await master.Main.ListItemsAsync(target.Key)).Items.Single().Value[0]);

        await EveryVerb.CallAsync(verb, right, target);
    }

    [Fact]
    public async Task The_health_is_told_at_both()
    {
        foreach (MasterClient client in (MasterClient[])[master.Main, master.Admin])
        {
            Assert.Equal(
                HealthCheckResponse.Types.ServingStatus.Serving,
                (await new Health.HealthClient(client.Calls).CheckAsync(new HealthCheckRequest())).Status);
        }
    }

    [Fact]
    public async Task Rules_are_the_same_there()
    {
        using TemporaryDirectory directory = new();
        System.IO.File.WriteAllText(directory.File("rules"), "allow - serve cs/\n");
        using RunningMaster guarded = new(options =>
        {
            options.AdminListenAddress = "127.0.0.1:0";
            options.AuthorizationFile = directory.File("rules");
        });
        using MasterClient admin = new(guarded.Master.AdminPort);
        Wire.SessionKey key = await guarded.Client.CreateKeyAsync("cs/1");
        await MasterClient.AssertRefusedAsync(
            SessionStatus.Unauthenticated, async () => await admin.Administration.RevokeSessionAsync(
                new Wire.RevokeSessionRequest { SessionId = key.SessionId, Epoch = key.Epoch }), "has shown no name");
    }

    [Fact]
    public async Task A_master_that_does_not_lead_names_the_leader_to_followers_and_to_operators_none()
    {
        using RunningMaster standby = new(options => options.AdminListenAddress = "127.0.0.1:0");
        using MasterClient admin = new(standby.Master.AdminPort);
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(false, "m2.example:7070");
        await Eventually.IsTrueAsync(() => !standby.Master.Leads, "a standby");

        SessionException told = await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => standby.Client.CreateAsync("a"));
        Assert.Equal("m2.example:7070", told.LeaderHint);
        told = await MasterClient.AssertRefusedAsync(
            SessionStatus.NotLeader, async () => await admin.Administration.ListSessionsAsync(new Wire.ListSessionsRequest()));
        Assert.Null(told.LeaderHint);
    }

    [Fact]
    public void A_taken_address_is_named_with_its_option_and_nothing_stays()
    {
        using TemporaryDirectory directory = new();
        SessionException refusal = Assert.Throws<SessionException>(() => new RunningMaster(options =>
        {
            options.AdminListenAddress = $"127.0.0.1:{master.Running.Master.Port}";
            options.UnixSocket = directory.File("master.sock");
        }));
        Assert.Equal(SessionStatus.AddressInUse, refusal.Status);
        Assert.StartsWith($"admin_listen_address 127.0.0.1:{master.Running.Master.Port} is in use", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(directory.Path));
    }

    public sealed class Master : IDisposable
    {
        internal RunningMaster Running { get; } = new(options => options.AdminListenAddress = "127.0.0.1:0");

        internal MasterClient Main => Running.Client;

        internal MasterClient Admin { get; }

        public Master()
        {
            Running.Hooks.OnDataReport = _ => default;
            Admin = new MasterClient(Running.Master.AdminPort);
        }

        public void Dispose()
        {
            Admin.Dispose();
            Running.Dispose();
        }
    }
}
