using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Protocol;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Masters;

/// <summary>Several masters on one etcd: one leads, the others say who.</summary>
public sealed class ElectedMastersTests(OneNode etcd)
{
    private readonly EtcdOptions _options = etcd.NewOptions();

    [Fact]
    public async Task A_standby_refuses_everything_and_says_who_leads()
    {
        using EtcdMaster leader = new(_options);
        await leader.LeadsAsync();
        using EtcdMaster standby = new(_options);
        await Eventually.IsTrueAsync(
            async () => (await MasterClient.RefusalOf(() => standby.Client.CreateAsync("server"))).LeaderHint == leader.Address,
            "hinted at");
        Wire.SessionKey key = await leader.Client.CreateKeyAsync("server");
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => standby.Client.SetItemAsync(key, "a", []));
        using RenewalStream stream = standby.Client.OpenStream();
        Wire.KeepAliveReply reply = await stream.RenewAsync(key);
        Assert.Equal(
            (Wire.Status.NotLeader, leader.Address), (Assert.Single(reply.Renewals).Status, reply.LeaderHint));
        Assert.Equal((false, 0UL), (standby.Master.Leads, standby.Master.MasterEpoch));
        Assert.Equal(
            SessionStatus.NotLeader, Assert.Throws<SessionException>(() => standby.Master.ListSessions()).Status);
    }

    [Fact]
    public async Task Every_answer_carries_the_leadership_that_gave_it()
    {
        using EtcdMaster leader = new(_options);
        await leader.LeadsAsync();
        Wire.SessionKey key = await leader.Client.CreateKeyAsync("server");
        using Grpc.Core.AsyncUnaryCall<Wire.ListItemsReply> call =
            leader.Client.Sessions.ListItemsAsync(new Wire.ListItemsRequest { Session = key });
        await call;
        Assert.Equal($"{leader.Master.MasterEpoch}", call.GetTrailers().GetValue(StatusOnTheWire.MasterEpochTrailer));
        Grpc.Core.RpcException refusal = await Assert.ThrowsAsync<Grpc.Core.RpcException>(
            async () => await leader.Client.Sessions.GetItemAsync(new Wire.GetItemRequest { Session = key, Key = "none" }));
        Assert.Equal($"{leader.Master.MasterEpoch}", refusal.Trailers.GetValue(StatusOnTheWire.MasterEpochTrailer));
        Assert.Equal(SessionStatus.ItemNotFound, StatusOnTheWire.FromRpc(refusal).Status);
    }

    [Fact]
    public async Task When_the_leader_stops_a_standby_goes_on_with_all_sessions()
    {
        EtcdMaster leader = new(_options);
        await leader.LeadsAsync();
        using EtcdMaster standby = new(_options);
        Wire.SessionKey key = await leader.Client.CreateKeyAsync("server", 10_000);
        await leader.Client.SetItemAsync(key, "item", [1, 2, 3]);
        ulong former = leader.Master.MasterEpoch;
        leader.Dispose();

        await standby.LeadsAsync();

        Assert.True(standby.Master.MasterEpoch > former);
        using RenewalStream stream = standby.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        Wire.Item item = Assert.Single((await standby.Client.ListItemsAsync(key)).Items);
        Assert.Equal([1, 2, 3], item.Value.ToByteArray());
        Assert.Empty(standby.Hooks.CallsOf("server"));
    }

    [Fact]
    public async Task Items_of_a_create_and_items_that_change_together_are_there_as_a_whole_at_a_successor()
    {
        EtcdMaster leader = new(_options);
        await leader.LeadsAsync();
        using EtcdMaster standby = new(_options);
        Wire.CreateSessionRequest create = MasterClient.RequestFor("server", 10_000);
        create.Items.Add(new Wire.Item { Key = "rack" });
        Wire.CreateSessionReply created = await leader.Client.Sessions.CreateSessionAsync(create);
        Wire.SessionKey key = MasterClient.KeyOf(created);
        Wire.ApplyItemsRequest apply = new() { Session = key, Write = new Wire.WriteId { Number = 1, FirstUnfinished = 1 } };
        apply.Changes.Add(
        [
            new Wire.ItemChange { Kind = 3, Key = "rack", CompareRevision = created.Epoch },
            new Wire.ItemChange { Kind = 1, Key = "zone" }, new Wire.ItemChange { Kind = 1, Key = "disk", CompareRevision = 0 },
        ]);
        ulong revision = (await leader.Client.Sessions.ApplyItemsAsync(apply)).Revision;
        leader.Dispose();

        await standby.LeadsAsync();

        Assert.Equal(
            [("disk", revision), ("rack", created.Epoch), ("zone", revision)],
            (await standby.Client.ListItemsAsync(key)).Items.Select(item => (item.Key, item.Revision)));
        Assert.Equal(revision, (await standby.Client.Sessions.ApplyItemsAsync(apply)).Revision);
    }

    [Fact]
    public async Task Who_resigns_lets_another_lead_and_may_lead_again_later()
    {
        using EtcdMaster first = new(_options);
        await first.LeadsAsync();
        using EtcdMaster second = new(_options);
        Wire.SessionKey key = await first.Client.CreateKeyAsync("server", 10_000);

        first.Master.Resign();

        Assert.False(first.Master.Leads);
        Assert.Equal(SessionStatus.NotLeader, Assert.Throws<SessionException>(() => first.Master.Resign()).Status);
        await second.LeadsAsync();
        await second.Client.SetItemAsync(key, "of the second", []);
        second.Master.Resign();
        await first.LeadsAsync();
        Assert.Equal(["of the second"], (await first.Client.ListItemsAsync(key)).Items.Select(item => item.Key));
    }

    [Fact]
    public async Task Each_leadership_is_told_also_when_a_hook_of_the_one_before_hangs()
    {
        using ManualResetEventSlim goOn = new();
        using ManualResetEventSlim hangs = new();
        ConcurrentQueue<string> told = new();
        using EtcdMaster first = new(_options);
        await first.LeadsAsync();
        ulong former = first.Master.MasterEpoch;
        // That it begins may have been told before.
        first.Hooks.OnLeadershipChanged = info =>
        {
            if (!info.Leads || info.MasterEpoch != former)
            {
                told.Enqueue($"{(info.Leads ? "begins" : "ended")} {info.MasterEpoch}");
            }
        };
        first.Hooks.OnSessionInitialize = (request, _) =>
        {
            if (request.Description.Identity == "hanging")
            {
                hangs.Set();
                goOn.Wait(Eventually.Patience);
            }
        };
        try
        {
            Task hanging = first.Client.CreateKeyAsync("hanging");
            await Eventually.IsTrueAsync(() => hangs.IsSet, "a hook that hangs");
            first.Master.Resign();
            Assert.Empty(told);
            await first.LeadsAsync();
            ulong latter = first.Master.MasterEpoch;
            await Eventually.Ends(first.Client.CreateKeyAsync("server"));
            Assert.Equal([$"begins {latter}"], told);

            goOn.Set();
            await Eventually.IsTrueAsync(() => told.Count == 2, "told that the former has ended");
            await Eventually.Ends(hanging.ContinueWith(_ => { }, TaskScheduler.Default));
            first.Master.Stop();
            Assert.Equal([$"begins {latter}", $"ended {former}", $"ended {latter}"], told);
        }
        finally
        {
            goOn.Set();
        }
    }

    [Fact]
    public async Task The_dead_are_expired_by_the_next_leader_after_the_longest_term()
    {
        EtcdMaster first = new(_options, options => options.MaxTermMs = options.TermMs = 2000);
        await first.LeadsAsync();
        await first.Client.CreateKeyAsync("dead");
        using EtcdMaster second = new(_options, options => options.MaxTermMs = options.TermMs = 2000);
        first.Dispose();
        await second.LeadsAsync();
        await Eventually.IsTrueAsync(() => second.Hooks.CallsOf("dead").Contains("SessionEnded Expired"), "expired");
        Assert.Empty(second.Master.ListSessions().Rows);
    }

    [Fact]
    public async Task A_leader_whose_host_says_no_gives_the_leadership_up()
    {
        using EtcdMaster first = new(_options);
        await first.LeadsAsync();
        using EtcdMaster second = new(_options);
        first.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        await second.LeadsAsync();
        second.Hooks.OnCheckLeader = () => new LeaderAnswer(false);
        first.Hooks.OnCheckLeader = () => new LeaderAnswer(true);
        await first.LeadsAsync();
    }

    [Fact]
    public async Task A_write_that_was_held_up_until_another_led_changes_nothing()
    {
        using TcpProxy way = new(etcd.Port);
        EtcdMaster first = new(_options with { Endpoints = way.Address });
        await first.LeadsAsync();
        Wire.SessionKey key = await first.Client.CreateKeyAsync("server", 10_000);
        way.Stall();
        Task late = first.Client.SetItemAsync(key, "late", []);
        using EtcdMaster second = new(_options);
        await second.LeadsAsync();
        await second.Client.SetItemAsync(key, "in time", []);

        way.Restore();

        SessionException refusal = await MasterClient.RefusalOf(() => Eventually.Ends(late));
        Assert.Contains(refusal.Status, new[] { SessionStatus.NotLeader, SessionStatus.TimedOut });
        await Eventually.IsTrueAsync(() => first.Master.MasterEpoch == 0, "known to the first");
        Assert.Equal(["in time"], (await second.Client.ListItemsAsync(key)).Items.Select(item => item.Key));
        Assert.True(second.Master.Leads);
        first.Dispose();
    }

    [Fact]
    public async Task A_large_item_and_many_sessions_at_once_are_taken_and_found_again()
    {
        // 30 MB in one go may hold up an etcd on a slow disk for longer than a short lease lets its leader wait.
        EtcdOptions patient = etcd.NewOptions(Limits.MaxLeaderTermMs);
        EtcdMaster first = new(patient, Enlarge);
        await first.LeadsAsync();
        Wire.SessionKey[] keys = await Task.WhenAll(
            Enumerable.Range(0, 500).Select(i => first.Client.CreateKeyAsync($"server-{i}", 60_000)));
        byte[] large = new byte[Limits.MaxItemBytes - 1000];
        await Task.WhenAll(keys.Take(30).Select(key => first.Client.SetItemAsync(key, "large", large)));
        using EtcdMaster second = new(patient, Enlarge);
        first.Dispose();
        await second.LeadsAsync();
        Assert.Equal(500, second.Master.ListSessions(limit: 1000).Rows.Count);
        Assert.Equal(large.Length, (await second.Client.ListItemsAsync(keys[29])).Items.Single().Value.Length);

        static void Enlarge(SessionMasterOptions options) =>
            (options.MaxItemBytes, options.MaxTermMs) = (Limits.MaxItemBytes, Limits.DefaultMaxTermMs);
    }
}
