using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>A prefix on which a master of a newer release has led, and now one of this release leads again.</summary>
public sealed class NewerEtcdStoreTests(OneNode etcd)
{
    private readonly EtcdOptions _options = etcd.NewOptions();

    [Fact]
    public async Task A_session_that_is_written_again_keeps_what_a_newer_release_stored_with_it()
    {
        Wire.CreateSessionReply session;
        using (EtcdMaster first = new(_options))
        {
            await first.LeadsAsync();
            session = await first.Client.CreateAsync("server", 10_000);
        }

        using Contender newer = new(_options);
        string key = KeyOf(newer, session.SessionId, session.Epoch);
        Change(newer, key, record => record["zone"] = new JsonObject { ["north"] = 1 });
        using EtcdMaster master = new(_options);
        await master.LeadsAsync();
        Wire.CreateSessionReply taken = await master.Client.Sessions.ReattachSessionAsync(
            MasterClient.Reattach(MasterClient.KeyOf(session), "server", nonce: 0x77));
        Assert.Equal(session.Epoch, taken.Epoch);

        JsonNode record = JsonNode.Parse(Get(newer, key)!)!;
        Assert.Equal($"{NonceHash.Of(0x77):x16}", (string?)record["nonce_hash"]);
        Assert.Equal("""{"north":1}""", record["zone"]!.ToJsonString());
        // And so does an export, though this release does not know what it is.
        Assert.Contains(""","zone":{"north":1}""", Export(), StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_that_are_not_known_are_skipped_and_go_with_their_session()
    {
        Fill(Session(1), Session(2));
        using Contender newer = new(_options);
        foreach (ulong id in new ulong[] { 1, 2 })
        {
            string folder = newer.Connection.Keys.FolderOf(id);
            Put(newer, $"{folder}lock", """{"kind":"lock","until":5}""");
            Put(newer, $"{folder}reports/7", """{"kind":"report","session":"0000000000000001"}""");
            Put(newer, $"{folder}assignments/9/share",
                $$"""{"kind":"assignment","session":"000000000000000{{id}}","access_point":9,"object":"share"}""");
        }

        Put(newer, $"{_options.Prefix}/settings", """{"kind":"settings"}""");
        Assert.Equal([1UL, 2UL], newer.Lead().Content.Cast<StoreChange.PutSession>().Select(put => put.Key.SessionId));
        newer.Store.Commit([new StoreChange.RemoveSession(1, 1)], 9);

        Assert.Equal(0, Count(newer, newer.Connection.Keys.FolderOf(1)));
        Assert.Equal(4, Count(newer, newer.Connection.Keys.FolderOf(2)));
        Assert.NotNull(Get(newer, $"{_options.Prefix}/settings"));
    }

    [Theory]
    [InlineData("sessions/0000000000000001/0000000000000009")]
    [InlineData("sessions/0000000000000001")]
    [InlineData("sessions/01/lock")]
    [InlineData("sessions/0000000000000001/")]
    public void A_kind_that_is_not_known_where_nothing_would_take_it_away_is_refused_with_its_key(string key)
    {
        Fill(Session(1));
        using Contender newer = new(_options);
        Put(newer, $"{_options.Prefix}/{key}", """{"kind":"lock"}""");
        SessionException refusal = Assert.Throws<SessionException>(() => newer.Lead().Content.ToList());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_of_a_higher_format_is_led_on_and_keeps_it_with_all_that_is_not_known()
    {
        Fill(Session(1));
        using Contender leader = new(_options);
        Change(leader, leader.Connection.Keys.State.ToStringUtf8(), state => (state["format"], state["frozen"]) = (7, true));
        StoreSnapshot loaded = leader.Lead();
        Assert.Equal(new StoreFormat(7, 1), loaded.Format);
        leader.Store.Commit([Session(2), new StoreChange.PutState(5, IsRestored: false)], loaded.Revision + 1);

        JsonNode state = JsonNode.Parse(Get(leader, leader.Connection.Keys.State.ToStringUtf8())!)!;
        Assert.Equal((7, 1, 5), ((int)state["format"]!, (int)state["min_reader"]!, (int)state["lengthened_term_ms"]!));
        Assert.True((bool)state["frozen"]!);
        Assert.StartsWith("""{"kind":"state","format":7,"min_reader":1,""", Export(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(9, 3)]
    public void A_state_that_is_not_for_this_release_is_refused_with_both_numbers_and_untouched(int format, int minReader)
    {
        Fill(Session(1));
        using Contender leader = new(_options);
        string key = leader.Connection.Keys.State.ToStringUtf8();
        Change(leader, key, state => (state["format"], state["min_reader"]) = (format, minReader));
        string? before = Get(leader, key);

        SessionException refusal = Assert.Throws<SessionException>(() => leader.Lead());

        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        foreach (string words in new[] { key, $"format {format}", $"min_reader {minReader}", "knows 1", "or a later one" })
        {
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, Get(leader, key));
        Assert.Equal(refusal.Message, Assert.Throws<SessionException>(() => Export()).Message);
    }

    [Fact]
    public void A_leadership_that_raises_min_reader_ends_the_one_before_it_and_locks_this_release_out()
    {
        Fill(Session(1));
        using Contender old = new(_options);
        old.Lead();
        using Contender command = new(_options);
        old.Leadership.GiveUp();
        Assert.Equal(2, command.Lead(Stored.LeadNow() with { MinReader = 2 }).Format.MinReader);

        Assert.Equal(SessionStatus.NotLeader, Assert.Throws<SessionException>(() => old.Store.Commit([Session(2)], 9)).Status);
        command.Leadership.GiveUp();
        Assert.Contains("min_reader 2", Assert.Throws<SessionException>(() => old.Lead()).Message, StringComparison.Ordinal);
    }

    private static StoreChange.PutSession Session(ulong id) =>
        new(new SessionKey(id, id, 3), new ServerDescription { Identity = $"server {id}" }, 1500, default, false, null);

    private static string KeyOf(Contender contender, ulong id, ulong epoch) => contender.Connection.Keys.SessionOf(id, epoch);

    private void Fill(params StoreChange[] content)
    {
        using Contender contender = new(_options);
        contender.Lead();
        contender.Store.Commit(content, 5);
    }

    private string Export()
    {
        using MemoryStream output = new();
        StoreTransfer.Export(new SessionMasterOptions { Etcd = _options, Insecure = Insecure.Loopback }, output, NullLogger.Instance);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static void Change(Contender contender, string key, Action<JsonNode> change)
    {
        JsonNode record = JsonNode.Parse(Get(contender, key)!)!;
        change(record);
        Put(contender, key, record.ToJsonString());
    }

    private static string? Get(Contender contender, string key) => contender.Connection.Ask(
        (client, headers, cancellation) => client.Get(
            new RangeRequest { Key = ByteString.CopyFromUtf8(key) }, headers, null, cancellation),
        5000, default).Kvs.SingleOrDefault()?.Value.ToStringUtf8();

    private static void Put(Contender contender, string key, string value) => contender.Connection.Ask(
        (client, headers, cancellation) => client.Put(
            new PutRequest { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value) }, headers, null, cancellation),
        5000, default);

    private static long Count(Contender contender, string folder)
    {
        ByteString start = ByteString.CopyFromUtf8(folder);
        return contender.Connection.Ask(
            (client, headers, cancellation) => client.Get(
                new RangeRequest { Key = start, RangeEnd = EtcdKeys.EndOf(start), CountOnly = true }, headers, null, cancellation),
            5000, default).Count;
    }
}
