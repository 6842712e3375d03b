using System;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Masters;

/// <summary>A host with an election of its own, which passes the number of each leadership in.</summary>
public sealed class HostElectedMastersTests(OneNode etcd) : IDisposable
{
    private readonly EtcdOptions _options = etcd.NewOptions();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Its_number_is_the_master_epoch_and_the_next_one_takes_over()
    {
        using EtcdMaster first = Start();
        using EtcdMaster second = Start();
        first.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 1000);
        await first.LeadsAsync();
        Assert.Equal(1000UL, first.Master.MasterEpoch);
        Wire.SessionKey key = await first.Client.CreateKeyAsync("server", 10_000);

        first.Hooks.OnCheckLeader = () => new LeaderAnswer(false, second.Address);
        second.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 1001);
        await second.LeadsAsync();

        Assert.Equal(1001UL, second.Master.MasterEpoch);
        using RenewalStream stream = second.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        await Eventually.IsTrueAsync(
            async () => (await MasterClient.RefusalOf(() => first.Client.SetItemAsync(key, "a", []))).LeaderHint == second.Address,
            "hinted at");
    }

    [Fact]
    public async Task Who_still_believes_in_an_old_leadership_is_fenced_off_by_the_store()
    {
        using EtcdMaster old = Start();
        old.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 7);
        await old.LeadsAsync();
        Wire.SessionKey key = await old.Client.CreateKeyAsync("server", 10_000);
        using EtcdMaster next = Start();
        next.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 8);
        await next.LeadsAsync();

        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => old.Client.SetItemAsync(key, "a", []));
        await Eventually.IsTrueAsync(() => !old.Master.Leads, "known to the old");
        Assert.True(next.Master.Leads);
        Assert.Empty((await next.Client.ListItemsAsync(key)).Items);
    }

    [Fact]
    public async Task A_new_number_in_the_same_process_is_a_new_leadership()
    {
        using EtcdMaster master = Start();
        master.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 7);
        await master.LeadsAsync();
        Wire.SessionKey key = await master.Client.CreateKeyAsync("server", 10_000);
        master.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 9);
        await Eventually.IsTrueAsync(() => master.Master.ActingEpoch == 9, "led anew");
        await master.Client.SetItemAsync(key, "a", []);
    }

    [Fact]
    public void A_yes_without_a_number_is_refused_at_the_start()
    {
        SessionMasterOptions options = new()
        {
            Insecure = Insecure.Loopback,
            ListenAddress = "127.0.0.1:0",
            StorePath = _directory.File("store.db"),
            CreateStore = true,
            Leadership = LeadershipSource.Host,
        };
        SessionException refusal = Assert.Throws<SessionException>(
            () => SessionMaster.Start(options, new AccessManager(), NullLoggerFactory.Instance));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("epoch 0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_moves_between_machines_is_opened_by_who_leads_only()
    {
        using RunningOnFile first = new(_directory.File("shared.db"));
        using RunningOnFile second = new(_directory.File("shared.db"));
        first.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 3);
        await Eventually.IsTrueAsync(() => first.Master.Leads, "led by the first");
        first.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        await Eventually.IsTrueAsync(() => first.Master.MasterEpoch == 0, "closed by the first");
        second.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 4);
        await Eventually.IsTrueAsync(() => second.Master is { Leads: true, MasterEpoch: 4 }, "led by the second");
        second.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        await Eventually.IsTrueAsync(() => second.Master.MasterEpoch == 0, "closed by the second");
        first.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 2);
        await Task.Delay(Limits.CheckLeaderIntervalMs + (2 * Limits.LeadershipPollMs));
        Assert.Equal(0UL, first.Master.MasterEpoch);
        first.Hooks.OnCheckLeader = () => new LeaderAnswer(true, Epoch: 5);
        await Eventually.IsTrueAsync(() => first.Master is { Leads: true, MasterEpoch: 5 }, "led by the first again");
    }

    private EtcdMaster Start() => new(_options, options => options.Leadership = LeadershipSource.Host, isLeader: false);

    private sealed class RunningOnFile : IDisposable
    {
        internal RunningOnFile(string path)
        {
            Hooks.OnCheckLeader = () => new LeaderAnswer(false);
            Master = SessionMaster.Start(
                new SessionMasterOptions
                {
                    Insecure = Insecure.Loopback,
                    ListenAddress = "127.0.0.1:0",
                    StorePath = path,
                    CreateStore = true,
                    Leadership = LeadershipSource.Host,
                },
                Hooks, NullLoggerFactory.Instance);
        }

        internal RecordingAccessManager Hooks { get; } = new();

        internal SessionMaster Master { get; }

        public void Dispose() => Master.Stop();
    }
}
