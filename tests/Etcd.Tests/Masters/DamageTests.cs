using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Masters;

/// <summary>Keys that somebody changed by hand: a refusal that names the key, until it is mended; nobody's process ends.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly EtcdOptions _options;
    private readonly EtcdConnection _hand;
    private readonly RecordedLog _log = new();

    public DamageTests(OneNode etcd)
    {
        _options = etcd.NewOptions();
        _hand = new EtcdConnection(_options);
    }

    public void Dispose() => _hand.Dispose();

    [Theory]
    [InlineData("a session deleted, its items left", "which is not there")]
    [InlineData("an item that is garbage", "cannot read")]
    [InlineData("a session that is garbage", "cannot read")]
    [InlineData("a key that belongs nowhere", "holds what belongs to key")]
    [InlineData("a session under a second epoch", "is a second key of session")]
    [InlineData("a key that is no UTF-8", "holds what belongs to key")]
    [InlineData("a state that has counted to the end", "revision is 18446744073709551615")]
    [InlineData("a state with a term that nobody grants", "lengthened term is 4294967295")]
    [InlineData("a state that is garbage", "cannot read")]
    [InlineData("a state that is a session", "holds no state")]
    [InlineData("a state that is gone", "is gone")]
    public async Task A_damaged_store_is_refused_with_its_key_and_led_again_when_it_is_mended(string damage, string said)
    {
        EtcdMaster first = new(_options);
        await first.LeadsAsync();
        Wire.SessionKey key = await first.Client.CreateKeyAsync("server", 10_000);
        await first.Client.SetItemAsync(key, "rack", [1]);
        first.Dispose();
        ByteString session = Key(_hand.Keys.SessionOf(key.SessionId, key.Epoch));
        ByteString item = Key(_hand.Keys.ItemOf(key.SessionId, "rack"));
        ByteString stray = Key(_hand.Keys.ItemOf(key.SessionId, "stray"));
        ByteString second = Key(_hand.Keys.SessionOf(key.SessionId, key.Epoch + 1));
        ByteString garbage = ByteString.CopyFrom(0xff, 0x00, (byte)'{');
        (ByteString damaged, ByteString? value) = damage switch
        {
            "a session deleted, its items left" => (session, null),
            "an item that is garbage" => (item, garbage),
            "a session that is garbage" => (session, garbage),
            "a key that belongs nowhere" => (stray, Get(item)),
            "a session under a second epoch" => (second, ByteString.CopyFromUtf8(
                Get(session)!.ToStringUtf8().Replace($"\"epoch\":{key.Epoch}", $"\"epoch\":{key.Epoch + 1}", StringComparison.Ordinal))),
            // Its value is that of another item, whose name it would be if what is no UTF-8 were replaced.
            "a key that is no UTF-8" => (ByteString.CopyFrom([.. Key(_hand.Keys.ItemOf(key.SessionId, "")).Span, 0xff]), ByteString.CopyFromUtf8(
                Get(item)!.ToStringUtf8().Replace("\"rack\"", "\"\\ufffd\"", StringComparison.Ordinal))),
            "a state that has counted to the end" => (_hand.Keys.State, StateWith("revision", ulong.MaxValue)),
            "a state with a term that nobody grants" => (_hand.Keys.State, StateWith("lengthened_term_ms", uint.MaxValue)),
            "a state that is garbage" => (_hand.Keys.State, garbage),
            "a state that is a session" => (_hand.Keys.State, Get(session)),
            _ => (_hand.Keys.State, null),
        };
        ByteString? former = Get(damaged);
        Set(damaged, value);

        // A start says it at once, and a master that runs says it once and goes on.
        SessionException refusal = Assert.Throws<SessionException>(() => new EtcdMaster(_options));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(_options.Prefix, refusal.Message, StringComparison.Ordinal);
        using EtcdMaster standby = new(_options, isLeader: false, loggers: _log);
        standby.Hooks.OnCheckLeader = () => new LeaderAnswer(true);
        await Eventually.IsTrueAsync(() => _log.Of(1014).Count > 0, "said");
        Assert.Contains(said, Assert.Single(_log.Of(1014)), StringComparison.Ordinal);
        await MasterClient.AssertRefusedAsync(SessionStatus.NotLeader, () => standby.Client.CreateAsync("another"));

        Set(damaged, former);

        await standby.LeadsAsync();
        Assert.Single((await standby.Client.ListItemsAsync(key)).Items);
    }

    private ByteString StateWith(string member, ulong number)
    {
        JsonNode state = JsonNode.Parse(Get(_hand.Keys.State)!.ToStringUtf8())!;
        state[member] = number;
        return ByteString.CopyFromUtf8(state.ToJsonString());
    }

    [Fact]
    public async Task A_leader_key_that_was_deleted_costs_one_leadership()
    {
        using EtcdMaster master = new(_options, loggers: _log);
        await master.LeadsAsync();
        Set(_hand.Keys.Leader, null);
        await Eventually.IsTrueAsync(() => _log.Of(1012).Count == 2, "led again");
        Assert.Contains("is gone", Assert.Single(_log.Of(1013)), StringComparison.Ordinal);
        await master.LeadsAsync();
    }

    [Fact]
    public async Task A_leader_key_that_was_overwritten_is_taken_back_by_its_leader()
    {
        using EtcdMaster master = new(_options, loggers: _log);
        await master.LeadsAsync();
        Set(_hand.Keys.Leader, ByteString.CopyFromUtf8("somebody"));
        await Eventually.IsTrueAsync(() => Get(_hand.Keys.Leader)!.ToStringUtf8() == master.Address, "taken back");
        Assert.True(master.Master.Leads);
        Assert.Empty(_log.Of(1013));
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("10.0.0.1:7070")]
    public async Task A_leader_key_that_never_ends_is_named_and_no_hint_is_taken_from_it(string value)
    {
        Set(_hand.Keys.Leader, ByteString.CopyFromUtf8(value));
        using EtcdMaster master = new(_options, loggers: _log);
        await Eventually.IsTrueAsync(() => _log.Of(1014).Count > 0, "said");
        Assert.Contains($"{_options.Prefix}/leader", _log.Of(1014)[0], StringComparison.Ordinal);
        Assert.Contains("etcdctl del", _log.Of(1014)[0], StringComparison.Ordinal);
        Assert.Null((await MasterClient.RefusalOf(() => master.Client.CreateAsync("server"))).LeaderHint);
        Set(_hand.Keys.Leader, null);
        await master.LeadsAsync();
    }

    [Fact]
    public async Task Another_leaders_address_that_is_none_is_no_hint()
    {
        long lease = _hand.Ask(
            (client, headers, cancellation) => client.LeaseGrant(new LeaseGrantRequest { TTL = 60 }, headers, null, cancellation),
            20_000, default).ID;
        Set(_hand.Keys.Leader, ByteString.CopyFromUtf8("no address\n"), lease);
        using EtcdMaster standby = new(_options, loggers: _log);
        SessionException refusal = await MasterClient.RefusalOf(() => standby.Client.CreateAsync("server"));
        Assert.Equal((SessionStatus.NotLeader, (string?)null), (refusal.Status, refusal.LeaderHint));
    }

    private static ByteString Key(string key) => ByteString.CopyFromUtf8(key);

    private ByteString? Get(ByteString key)
    {
        RangeResponse found = _hand.Ask(
            (client, headers, cancellation) => client.Get(new RangeRequest { Key = key }, headers, null, cancellation), 20_000, default);
        return found.Count == 0 ? null : found.Kvs[0].Value;
    }

    private void Set(ByteString key, ByteString? value, long lease = 0)
    {
        if (value == null)
        {
            _hand.Ask(
                (client, headers, cancellation) => client.Delete(
                    new DeleteRangeRequest { Key = key }, headers, null, cancellation),
                20_000, default);
        }
        else
        {
            _hand.Ask(
                (client, headers, cancellation) => client.Put(
                    new PutRequest { Key = key, Value = value, Lease = lease }, headers, null, cancellation),
                20_000, default);
        }
    }
}
