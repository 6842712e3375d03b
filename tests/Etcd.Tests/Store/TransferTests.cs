using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Grpc.Core;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>Export and import between SQLite and etcd, either way.</summary>
public sealed class TransferTests(OneNode etcd) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_goes_from_sqlite_to_etcd_and_back_is_the_same_text()
    {
        SessionMasterOptions file = SqliteOptions("first.db");
        ulong first12;
        using (SqliteSessionStore store = new(file.StorePath, 0, create: true))
        {
            first12 = store.Lead(Stored.LeadNow()).Revision + 12;
            store.Commit(
                [
                    Session(1, 5, "one"), Session(ulong.MaxValue, 9, "two") with { SuspectMs = 7, IsRevoked = true },
                    new StoreChange.PutItem(1, "k/\u00e9", new byte[] { 1, 2 }, 10),
                    new StoreChange.PutAssignment(AccessPointKind.Iscsi, "volume", ulong.MaxValue),
                    new StoreChange.PutWrites(1, 3, new WriteLog(2, [new WriteAnswer(2, 10), new WriteAnswer(4, 11)])),
                    new StoreChange.PutState(12_345, IsRestored: false),
                ],
                first12);
        }

        string first = Export(file);
        SessionMasterOptions cluster = new() { Etcd = etcd.NewOptions(), Insecure = Insecure.Loopback };
        Assert.Equal(5, Import(cluster, first));
        string second = Export(cluster);
        SessionMasterOptions other = SqliteOptions("second.db");
        Import(other, second);

        // Who was silent when the export was made may have been heard of since: an import believes no mark of it.
        Assert.Contains("\"suspect_ms\":7", first, StringComparison.Ordinal);
        string unmarked = first.Replace(",\"suspect_ms\":7", "", StringComparison.Ordinal);
        Assert.Equal(Sorted(unmarked), Sorted(second));
        Assert.Equal(Sorted(unmarked), Sorted(Export(other)));
        Assert.Contains("\"lengthened_term_ms\":12345", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_moves_from_a_file_to_etcd_with_its_sessions()
    {
        SessionMasterOptions file = SqliteOptions("store.db");
        file.ListenAddress = "127.0.0.1:0";
        file.CreateStore = true;
        Wire.SessionKey key;
        ulong formerEpoch;
        using (SessionMaster before = SessionMaster.Start(file, new AccessManager(), NullLoggerFactory.Instance))
        using (MasterClient client = new(before.Port))
        {
            key = await client.CreateKeyAsync("server", 60_000);
            await client.SetItemAsync(key, "item", [7]);
            formerEpoch = before.MasterEpoch;
        }

        EtcdOptions options = etcd.NewOptions();
        Import(new SessionMasterOptions { Etcd = options }, Export(file));
        using EtcdMaster after = new(options, wanted => (wanted.TermMs, wanted.MaxTermMs) = (2000, 2000));
        await after.LeadsAsync();
        Assert.True(after.Master.MasterEpoch > formerEpoch);
        using RenewalStream stream = after.Client.OpenStream();
        Assert.Equal(SessionStatus.Ok, await stream.StatusOfAsync(key));
        Assert.Equal([7], (await after.Client.ListItemsAsync(key)).Items.Single().Value.ToByteArray());
        // Another may hold what was granted after the export, until a term is over.
        await MasterClient.AssertRefusedAsync(
            SessionStatus.IdentityInUse, () => after.Client.CreateKeyAsync("another"));
        Wire.SessionKey? another = null;
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    another = await after.Client.CreateKeyAsync("another");
                    return true;
                }
                catch (RpcException)
                {
                    return false;
                }
            },
            "granted");
        // Epochs go on from where they were.
        Assert.True(another!.Epoch > key.Epoch);
    }

    [Fact]
    public async Task An_export_is_of_one_moment_while_masters_go_on()
    {
        EtcdOptions options = etcd.NewOptions();
        using EtcdMaster master = new(options);
        await master.LeadsAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => master.Client.CreateKeyAsync($"server-{i}")));
        string exported = Export(new SessionMasterOptions { Etcd = options });
        Assert.Equal(52, exported.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.True(master.Master.Leads);
    }

    [Fact]
    public void A_revision_that_was_compacted_while_it_was_read_is_an_error_that_says_so()
    {
        using Contender leader = new(etcd.NewOptions());
        leader.Lead();
        leader.Store.Commit([Session(1, 1, "one")], 1);
        long old = leader.Connection.Ask(
            (client, headers, cancellation) => client.Get(
                new Etcdserverpb.RangeRequest { Key = leader.Connection.Keys.State }, headers, null, cancellation),
            1000, default).Header.Revision;
        leader.Store.Commit([Session(2, 2, "two")], 2);
        leader.Connection.Ask(
            (client, headers, cancellation) => client.Compact(
                new Etcdserverpb.CompactionRequest { Revision = old + 1, Physical = true }, headers, null, cancellation),
            1000, default);
        SessionException failure = Assert.Throws<SessionException>(
            () => new EtcdReader(leader.Connection, NullLogger.Instance).Read(old, default).ToList());
        Assert.Equal(SessionStatus.StoreFailed, failure.Status);
        Assert.Contains("compacted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_is_not_empty_or_is_led_takes_no_import()
    {
        EtcdOptions options = etcd.NewOptions();
        string export = $"{State}\n{SessionLine}\n{{\"kind\":\"end\",\"records\":1}}\n";
        Import(new SessionMasterOptions { Etcd = options }, export);
        AssertRefused(SessionStatus.InvalidArgument, options, export, "not empty");
        using Contender leader = new(options, "10.0.0.1:7070");
        leader.Lead();
        AssertRefused(SessionStatus.NotLeader, options, export, "10.0.0.1:7070");
    }

    [Theory]
    [InlineData("", "line 1", "cut off")]
    [InlineData("nonsense", "line 1")]
    [InlineData("{\"kind\":\"end\",\"records\":0}", "line 1", "state")]
    [InlineData("{\"kind\":\"state\",\"format\":2,\"master_epoch\":1,\"revision\":1,\"lengthened_term_ms\":1}", "line 1", "format 2")]
    [InlineData(State + "\n" + SessionLine, "line 3", "cut off")]
    [InlineData(State + "\n" + SessionLine + "\n{\"kind\":\"end\",\"records\":2}", "line 3", "2 records")]
    [InlineData(State + "\n" + SessionLine + "\n" + SessionLine, "line 3", "second session")]
    [InlineData(State + "\n" + ItemLine, "line 2", "is not there")]
    [InlineData(State + "\n" + SessionLine + "\n" + ItemLine + "\n" + ItemLine, "line 4", "item")]
    [InlineData(State + "\n{\"kind\":\"session\",\"session\":\"xyz\"}", "line 2")]
    [InlineData(State + "\n{\"kind\":\"state\",\"master_epoch\":1,\"revision\":9,\"lengthened_term_ms\":1}", "line 2", "second state")]
    public void An_export_that_is_damaged_is_refused_with_its_line_and_changes_nothing(string export, params string[] said)
    {
        EtcdOptions options = etcd.NewOptions();
        AssertRefused(SessionStatus.InvalidArgument, options, export, said);
        Assert.Throws<SessionException>(() => Export(new SessionMasterOptions { Etcd = options }));
    }

    [Fact]
    public void A_file_that_does_not_exist_is_not_made_by_an_export()
    {
        SessionException failure = Assert.Throws<SessionException>(() => Export(SqliteOptions("missing.db")));
        Assert.Contains("missing.db", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    private const string State = """{"kind":"state","format":1,"master_epoch":3,"revision":9,"lengthened_term_ms":1000}""";

    private const string SessionLine =
        """{"kind":"session","session":"0000000000000001","epoch":5,"nonce_hash":"0000000000000001","secret_hash":"00000000000000000000000000000001","identity":"one","capabilities":"0000000000000000","term_ms":1000}""";

    private const string ItemLine =
        """{"kind":"item","session":"0000000000000001","key":"k","value":"AQ==","revision":6}""";

    private static void AssertRefused(SessionStatus expected, EtcdOptions options, string export, params string[] said)
    {
        SessionException refusal = Assert.Throws<SessionException>(
            () => Import(new SessionMasterOptions { Etcd = options }, export));
        Assert.Equal(expected, refusal.Status);
        Assert.All(said, words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
    }

    private static string Export(SessionMasterOptions options)
    {
        using MemoryStream output = new();
        StoreTransfer.Export(options, output, NullLogger.Instance);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static long Import(SessionMasterOptions options, string text)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(text));
        return StoreTransfer.Import(options, input, NullLogger.Instance);
    }

    /// <summary>The lines but for the state, whose master epoch grows with each leadership, and in no order.</summary>
    private static string[] Sorted(string export) =>
        [.. export.Split('\n').Where(line => !line.Contains("\"kind\":\"state\"", StringComparison.Ordinal)).Order()];

    private static StoreChange.PutSession Session(ulong id, ulong epoch, string identity) =>
        new(new SessionKey(id, epoch, 3), new ServerDescription { Identity = identity }, 1500, default, false, null);

    private SessionMasterOptions SqliteOptions(string name) => new() { StorePath = _directory.File(name), Insecure = Insecure.Loopback };
}
