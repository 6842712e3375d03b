using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Store;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>Rows that no master has written are a refusal that names table, row and way out.</summary>
[SupportedOSPlatform("linux")]
public sealed class SenselessRowsTests : IDisposable
{
    /// <summary>What somebody does to a store with sessions 1 and 2, and which row is then named.</summary>
    private static readonly Dictionary<string, (string Sql, string Named)> Damages = new()
    {
        ["a session is gone"] = ("DELETE FROM sessions WHERE id = 1", "items, row 0000000000000001 'a'"),
        ["a session is gone that has an access point"] = (
            "DELETE FROM items WHERE session_id = 2; DELETE FROM sessions WHERE id = 2", "assignments, row Nfs 'volume'"),
        ["a number was changed"] = ("UPDATE sessions SET nonce_hash = 77 WHERE id = 1", "sessions, row 0000000000000001"),
        ["a term is too long"] = ("UPDATE sessions SET term_ms = 99999999999 WHERE id = 1", "sessions, row 0000000000000001"),
        ["a term is text"] = ("UPDATE sessions SET term_ms = 'long' WHERE id = 1", "sessions, row 0000000000000001"),
        ["a hash of a secret is short"] = ("UPDATE sessions SET secret_hash = x'00' WHERE id = 1", "sessions, row 0000000000000001"),
        ["a value is text"] = ("UPDATE items SET value = 'text' WHERE key = 'a'", "items, row 0000000000000001 'a'"),
        ["a value was changed"] = ("UPDATE items SET value = x'55' WHERE key = 'a'", "items, row 0000000000000001 'a'"),
        ["a key is a number"] = ("UPDATE items SET key = x'01' WHERE key = 'a'", "items, row 0000000000000001"),
        ["a kind is negative"] = ("UPDATE assignments SET kind = -1", "assignments, row -1 'volume'"),
        ["a row was put in by hand"] = ("INSERT INTO items VALUES (1, 'b', x'01', 5, 0)", "items, row 0000000000000001 'b'"),
        ["answers were cut"] = ("UPDATE writes SET answers = x'0102'", "writes, row 0000000000000001"),
    };

    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    public void Dispose() => _directory.Dispose();

    private string StorePath => _directory.File("sessions.db");

    [Theory]
    [MemberData(nameof(DamageNames))]
    public async Task A_master_refuses_to_begin_and_a_salvage_lets_it(string damage)
    {
        Fill();
        (string sql, string named) = Damages[damage];
        RawFile.Execute(StorePath, sql);

        SessionMasterOptions options = new() { ListenAddress = "127.0.0.1:0", StorePath = StorePath, Insecure = Insecure.Loopback };
        SessionException refusal = Assert.Throws<SessionException>(
            () => SessionMaster.Start(options, new AccessManager(), NullLoggerFactory.Instance).Dispose());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--salvage", refusal.Message, StringComparison.Ordinal);

        (int exitCode, string said) = await CheckAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains(named, said, StringComparison.Ordinal);

        string aside = _directory.File("aside.jsonl");
        (exitCode, said) = await CheckAsync("--salvage", aside);
        Assert.True(exitCode == 0, said);
        Assert.Contains(named, said, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(aside));
        Assert.All(File.ReadAllLines(aside), line => Assert.StartsWith("{\"table\":", line, StringComparison.Ordinal));

        Assert.Equal(0, (await CheckAsync()).ExitCode);
        using SessionMaster master = SessionMaster.Start(options, new AccessManager(), NullLoggerFactory.Instance);
        Assert.True(master.Leads);
    }

    [Fact]
    public async Task All_that_is_wrong_is_listed_and_what_is_right_is_kept()
    {
        Fill();
        RawFile.Execute(StorePath, "DELETE FROM sessions WHERE id = 1");
        RawFile.Execute(StorePath, "INSERT INTO items VALUES (2, 'by hand', x'01', 5, 0)");
        string aside = _directory.File("aside.jsonl");
        (int exitCode, string said) = await CheckAsync("--salvage", aside);
        Assert.True(exitCode == 0, said);
        string[] lines = File.ReadAllLines(aside);
        // Two items and the answers of session 1, and the row that was put in.
        Assert.Equal(4, lines.Length);
        Assert.Contains("moved 4 rows", said, StringComparison.Ordinal);
        using SqliteSessionStore store = new(StorePath, 0, create: false);
        StoreSnapshot kept = store.Lead(Stored.LeadNow());
        Assert.Equal("two", Assert.Single(kept.Sessions()).Description.Identity);
        Assert.Equal("kept", Assert.Single(kept.Items()).Key);
        Assert.Single(kept.Assignments());
        // Whose session is gone may live: no identity is given to another before that is over.
        Assert.True(kept.IsRestored);
    }

    [Theory]
    [InlineData("DELETE FROM meta WHERE key = 'revision'", "revision")]
    [InlineData("DELETE FROM meta WHERE key = 'master_epoch'", "master_epoch")]
    [InlineData("UPDATE meta SET value = value - 1 WHERE key = 'revision'", "revision")]
    [InlineData("UPDATE meta SET value = 'x' WHERE key = 'is_restored'", "is_restored")]
    public void What_belongs_to_no_session_cannot_be_done_without(string sql, string named)
    {
        Fill();
        RawFile.Execute(StorePath, sql);
        using SqliteSessionStore store = new(StorePath, 0, create: false);
        SessionException refusal = Assert.Throws<SessionException>(() => store.Lead(Stored.LeadNow()));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("meta, row", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("backup", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_with_the_right_checksum_is_checked_all_the_same()
    {
        Fill();
        object[] values = [7L, "orphan", new byte[] { 1 }, 5L];
        long checksum = RowChecksum.Of(StoreTable.Items.Name, values);
        RawFile.Execute(StorePath, $"INSERT INTO items VALUES (7, 'orphan', x'01', 5, {checksum})");
        SessionMasterOptions options = new() { ListenAddress = "127.0.0.1:0", StorePath = StorePath, Insecure = Insecure.Loopback };
        SessionException refusal = Assert.Throws<SessionException>(
            () => SessionMaster.Start(options, new AccessManager(), NullLoggerFactory.Instance).Dispose());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("items, row 0000000000000007 'orphan'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_a_later_leadership_finds_keeps_the_master_from_leading_until_it_is_gone()
    {
        Fill();
        RecordedLog log = new();
        RecordingAccessManager host = new() { OnCheckLeader = () => new LeaderAnswer(true, null, Limits.MaxMasterEpoch - 1) };
        using SessionMaster master = SessionMaster.Start(
            new SessionMasterOptions
            {
                ListenAddress = "127.0.0.1:0",
                StorePath = StorePath,
                Insecure = Insecure.Loopback,
                Leadership = LeadershipSource.Host,
            },
            host, log);
        await Eventually.IsTrueAsync(() => master.Leads, "it leads");
        host.OnCheckLeader = () => new LeaderAnswer(false);
        await Eventually.IsTrueAsync(() => !master.Leads, "it leads no more");
        RawFile.Execute(StorePath, "INSERT INTO items VALUES (7, 'orphan', x'01', 5, 0)");

        host.OnCheckLeader = () => new LeaderAnswer(true, null, Limits.MaxMasterEpoch);
        await Eventually.IsTrueAsync(() => log.Any(1014, "items, row 0000000000000007 'orphan'"), "it says why it cannot lead");
        Assert.False(master.Leads);

        RawFile.Execute(StorePath, "DELETE FROM items WHERE session_id = 7");
        await Eventually.IsTrueAsync(() => master.Leads, "it leads again");
    }

    private async Task<(int ExitCode, string Said)> CheckAsync(params string[] more) =>
        await Shell.RunAsync(DaemonProcess.Program, ["check", "--store", StorePath, .. more]);

    private void Fill()
    {
        using SqliteSessionStore store = new(StorePath, 0, create: true);
        store.Lead(Stored.LeadNow());
        store.Commit(
            [
                Changes.Session(1, 1, "one"), Changes.Session(2, 2, "two"), Changes.Item(1, "a", 3),
                Changes.Item(1, "z", 3), Changes.Item(2, "kept", 4),
                new StoreChange.PutAssignment(AccessPointKind.Nfs, "volume", 2),
                new StoreChange.PutWrites(1, 5, new WriteLog(1, [new WriteAnswer(1, 3)])),
            ],
            5);
    }
}
