using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Etcdserverpb;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>An import that ends before its last transaction: nobody takes what is there for a cluster, and another begins anew.</summary>
public sealed class InterruptedImportTests(OneNode etcd)
{
    /// <summary>More than etcd takes in one transaction, though the request still reaches it.</summary>
    private const int TooLarge = 1_200_000;

    private const int BeginsAnew = 1027;
    private const int CannotLead = 1014;

    private readonly EtcdOptions _options = etcd.NewOptions();

    [Fact]
    public void A_part_of_a_cluster_is_not_led_not_exported_and_not_found_sound()
    {
        Interrupt(3);
        string before = StateText();
        SessionException[] refusals =
        [
            Assert.Throws<SessionException>(() => Lead(mayCreate: false)),
            Assert.Throws<SessionException>(() => Lead(mayCreate: true)),
            Assert.Throws<SessionException>(() => Export(_options)),
            Assert.Throws<SessionException>(() => StoreCheck.Find(OptionsOf(_options), NullLogger.Instance)),
        ];
        Assert.All(refusals, refusal =>
        {
            Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
            Assert.Contains($"prefix {_options.Prefix}:", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("run the import again", refusal.Message, StringComparison.Ordinal);
        });
        Assert.Equal(before, StateText());
    }

    [Fact]
    public async Task A_master_that_waits_while_an_import_is_under_way_does_not_lead_on_what_it_leaves()
    {
        RecordedLog log = new();
        using Contender import = BeginImport();
        using EtcdMaster master = new(_options, loggers: log);
        FillUntilRefused(import, 3);
        import.Leadership.GiveUp();

        await Eventually.IsTrueAsync(() => log.Any(CannotLead, "run the import again"), "refused");
        Assert.True(log.Any(CannotLead, _options.Prefix));
        Assert.False(master.Master.Leads);
    }

    [Fact]
    public void Another_import_begins_anew_and_says_so_and_a_whole_cluster_is_refused_as_before()
    {
        // Pages of what is left, and the next import is interrupted as well.
        Interrupt((2 * Limits.EtcdAssignmentsPerTransaction) + 1);
        Interrupt(2);
        string export = ExportOf(
            Changes.Session(7, 7, "seven"), Changes.Item(7, "k", 8), Changes.Assignment(AccessPointKind.Nfs, "volume", 7),
            new StoreChange.PutEnd(Changes.End(9, 8, 1, "gone")), Changes.Drain("seven"));
        RecordedLog log = new();
        Assert.Equal(5, Import(_options, export, log));
        Assert.Contains(_options.Prefix, Assert.Single(log.Of(BeginsAnew)), StringComparison.Ordinal);
        Assert.Equal(Sorted(export), Sorted(Export(_options)));

        string before = StateText();
        SessionException refusal = Assert.Throws<SessionException>(() => Import(_options, export, log));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("not empty", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, StateText());
        Assert.Single(log.Of(BeginsAnew));

        using Contender leader = new(_options, mayCreate: false);
        StoreSnapshot led = leader.Lead();
        Assert.Equal((StoreFormat.New, true), (led.Format, led.IsRestored));
        Assert.Equal(5, led.Content.Count());
    }

    [Fact]
    public void What_an_import_sends_late_is_not_taken_where_another_has_begun_anew()
    {
        using Contender former = BeginImport();
        SessionException held = Assert.Throws<SessionException>(() => Import(_options, ExportOf()));
        Assert.Equal(SessionStatus.NotLeader, held.Status);
        Assert.Contains("another command", held.Message, StringComparison.Ordinal);

        former.Leadership.GiveUp();
        string export = ExportOf(Changes.Session(7, 7, "seven"));
        Import(_options, export);
        SessionException late = Assert.Throws<SessionException>(() => former.Store.Commit([Changes.Session(1, 1, "one")], 9));
        Assert.Equal(SessionStatus.NotLeader, late.Status);
        Assert.Equal(Sorted(export), Sorted(Export(_options)));
    }

    /// <summary>A few sessions are one transaction, which is the last one; for many it is the first whose answer is lost.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public void Where_the_outcome_is_not_known_all_of_it_is_there_or_another_import_begins_anew(int sessions)
    {
        using TcpProxy way = new(etcd.Port);
        using (Contender import = BeginImport(_options with { Endpoints = way.Address }))
        {
            way.DropsAnswers = true;
            using Timer patience = new(_ => import.Abandon(), null, Limits.EtcdRequestMs / 2, Timeout.Infinite);
            SessionException failure = Assert.Throws<SessionException>(() => import.Store.Commit(Sessions(sessions), (ulong)sessions));
            Assert.True(failure.IsOutcomeUnknown, failure.Message);
            way.DropsAnswers = false;
            way.Cut();
            way.Restore();
        }

        string export = ExportOf(Changes.Session(7, 7, "seven"));
        if (ImportWhenFree(export) is { } refusal)
        {
            Assert.Contains("not empty", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(1, sessions);
            Assert.Contains("server 1", Export(_options), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(Sorted(export), Sorted(Export(_options)));
        }
    }

    [Fact]
    public void An_import_that_etcd_refuses_in_its_middle_is_run_again_by_the_same_command()
    {
        using EtcdCluster small = new(1, "--max-request-bytes", "65536");
        EtcdOptions options = new() { Endpoints = small.Endpoints, Insecure = Insecure.Loopback };
        StoreChange[] sessions = [Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two")];
        SessionException failure = Assert.Throws<SessionException>(
            () => Import(options, ExportOf([.. sessions, Changes.Item(1, "large", 3, bytes: 100_000)])));
        Assert.Contains("max-request-bytes", failure.Message, StringComparison.Ordinal);
        Assert.Contains("run the import again", Assert.Throws<SessionException>(() => Export(options)).Message, StringComparison.Ordinal);

        string export = ExportOf(sessions);
        Assert.Equal(2, Import(options, export));
        Assert.Equal(Sorted(export), Sorted(Export(options)));
    }

    private Contender BeginImport(EtcdOptions? options = null)
    {
        // As a command is called in etcd: it has no address.
        Contender import = new(options ?? _options, "a command");
        Eventually.IsTrue(import.Leadership.TryWin, "won");
        import.Store.BeginImport(Stored.LeadNow());
        return import;
    }

    private void Interrupt(int sessions)
    {
        using Contender import = BeginImport();
        FillUntilRefused(import, sessions);
        Assert.Equal(sessions, SessionsIn(import));
    }

    /// <summary>All but the last transaction are made: etcd does not take what is in the last one.</summary>
    private static void FillUntilRefused(Contender import, int sessions)
    {
        StoreChange[] content =
        [
            .. Sessions(sessions), Changes.Drain("drained"), new StoreChange.PutEnd(Changes.End(2, 9, 1, "gone")),
            Changes.Item(1, "large", 1, TooLarge),
        ];
        SessionException failure = Assert.Throws<SessionException>(() => import.Store.Commit(content, (ulong)sessions));
        Assert.Contains($"{content.Length - 1} of {content.Length} changes were taken", failure.Message, StringComparison.Ordinal);
    }

    private static StoreChange[] Sessions(int count) =>
    [
        new StoreChange.PutState(0, IsRestored: true),
        .. Enumerable.Range(1, count).Select(i => Changes.Session((ulong)i, (ulong)i, $"server {i}")),
    ];

    private static int SessionsIn(Contender contender) => (int)contender.Connection.Ask(
        (client, headers, cancellation) => client.Get(
            new RangeRequest
            {
                Key = contender.Connection.Keys.Sessions,
                RangeEnd = EtcdKeys.EndOf(contender.Connection.Keys.Sessions),
                CountOnly = true,
            },
            headers, null, cancellation),
        5000, default).Count;

    private void Lead(bool mayCreate)
    {
        using Contender leader = new(_options, mayCreate: mayCreate);
        leader.Lead();
    }

    private string StateText()
    {
        using Contender reader = new(_options);
        return reader.Connection.Ask(
            (client, headers, cancellation) => client.Get(
                new RangeRequest { Key = reader.Connection.Keys.State }, headers, null, cancellation),
            5000, default).Kvs.Single().Value.ToStringUtf8();
    }

    /// <summary>What an import is refused with once nobody holds the prefix any more; null: it is made.</summary>
    private SessionException? ImportWhenFree(string export)
    {
        SessionException? refusal = null;
        Eventually.IsTrue(
            () =>
            {
                refusal = Record.Exception(() => Import(_options, export)) as SessionException;
                return refusal?.Status != SessionStatus.NotLeader;
            },
            "free");
        return refusal;
    }

    private static SessionMasterOptions OptionsOf(EtcdOptions options) => new() { Etcd = options, Insecure = Insecure.Loopback };

    private static long Import(EtcdOptions options, string text, ILogger? logger = null)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(text));
        return StoreTransfer.Import(OptionsOf(options), input, logger ?? NullLogger.Instance);
    }

    private static string Export(EtcdOptions options)
    {
        using MemoryStream output = new();
        StoreTransfer.Export(OptionsOf(options), output, NullLogger.Instance);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static string ExportOf(params StoreChange[] content)
    {
        StoredRecord[] records =
        [
            new StateRecord { MasterEpoch = 3, Revision = 9, StoreFormat = StoreFormat.New },
            .. content.Select(RecordText.ToRecord),
            new EndRecord { Records = content.Length },
        ];
        return string.Concat(records.Select(record => Encoding.UTF8.GetString(RecordText.Write(record)) + "\n"));
    }

    /// <summary>The lines but for the state, whose counters grow with each leadership, and in no order.</summary>
    private static string[] Sorted(string export) =>
        [.. export.Split('\n').Where(line => !line.Contains("\"kind\":\"state\"", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
