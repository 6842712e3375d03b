using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Store;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>What can be read of a damaged store is taken into a new one, which counts as restored; nothing else changes.</summary>
public sealed class SalvageTests : IDisposable
{
    private const int Seed = 20261129;
    private const int Sessions = 220;
    private const int Damages = 25;

    private readonly TemporaryDirectory _directory = new();
    private ulong _masterEpoch;
    private ulong _revision;

    private string StorePath => _directory.File("sessions.db");

    private string NewPath => _directory.File("new.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_store_that_is_sound_is_taken_as_a_whole()
    {
        HashSet<string> written = Fill();
        SalvageReport report = Salvage(out StoreSnapshot taken);
        Assert.Empty(report.Lost);
        Assert.Empty(report.Doubtful);
        Assert.Equal(written, Texts(taken));
    }

    [Fact]
    public void A_killed_store_is_taken_with_its_log()
    {
        HashSet<string> written = FillAndKill();
        SalvageReport report = Salvage(out StoreSnapshot taken);
        Assert.Empty(report.Lost);
        Assert.Equal(written, Texts(taken));
    }

    [Fact]
    public void Whatever_page_is_damaged_the_others_are_read()
    {
        HashSet<string> written = Fill();
        byte[] file = File.ReadAllBytes(StorePath);
        Random random = new(Seed);
        long least = long.MaxValue;
        for (int i = 0; i < Damages; i++)
        {
            byte[] damaged = (byte[])file.Clone();
            random.NextBytes(damaged.AsSpan(random.Next(file.Length / 4096) * 4096, 4096));
            File.WriteAllBytes(StorePath, damaged);
            SalvageReport report = Salvage(out StoreSnapshot taken);
            HashSet<string> found = Texts(taken);
            Assert.Subset(written, found);
            Assert.True(found.Count == written.Count || report.Lost.Count > 0, $"{written.Count - found.Count} are missing, and nobody says so");
            least = Math.Min(least, found.Count);
        }

        // The worst page is not worth half of the store: what only an inner page leads to is found without it.
        Assert.True(least > written.Count / 2, $"{least} of {written.Count}");
    }

    [Fact]
    public void What_follows_the_damage_of_a_log_is_taken_and_said_to_be_doubtful()
    {
        HashSet<string> written = FillAndKill();
        byte[] log = File.ReadAllBytes(StorePath + "-wal");
        log[MiddleOfLog()] ^= 0x10;
        File.WriteAllBytes(StorePath + "-wal", log);
        Assert.Throws<SessionException>(() => new SqliteSessionStore(StorePath, 0, create: false).Dispose());
        SalvageReport report = Salvage(out StoreSnapshot taken);
        Assert.Contains(report.Lost, line => line.Contains("-wal", StringComparison.Ordinal));
        Assert.NotEmpty(report.Doubtful);
        HashSet<string> found = Texts(taken);
        Assert.True(found.Count > written.Count * 9 / 10, $"{found.Count} of {written.Count}");
        Assert.Subset(written, found);
    }

    [Fact]
    public void Without_its_log_a_store_is_what_was_brought_into_its_file()
    {
        FillAndKill();
        File.Delete(StorePath + "-wal");
        SalvageReport report = Salvage(out _);
        Assert.Contains(report.Lost, line => line.Contains("missing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_truncated_store_is_taken_from_its_log()
    {
        HashSet<string> written = FillAndKill();
        File.WriteAllBytes(StorePath, []);
        Salvage(out StoreSnapshot taken);
        Assert.Subset(written, Texts(taken));
        Assert.NotEmpty(taken.Sessions());
    }

    [Fact]
    public void What_is_no_store_is_refused_and_nothing_is_made()
    {
        File.WriteAllText(StorePath, string.Concat(Enumerable.Repeat("a letter to a friend ", 1000)));
        SessionException refusal = Assert.Throws<SessionException>(() => Salvage(out _));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains(StorePath, refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(NewPath));

        refusal = Assert.Throws<SessionException>(() => StoreSalvage.Run(_directory.File("none.db"), NewPath, NullLogger.Instance));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
    }

    [Fact]
    public void No_store_is_salvaged_whose_master_runs_and_no_file_is_overwritten()
    {
        using (SqliteSessionStore store = new(StorePath, 0, create: true))
        {
            SessionException locked = Assert.Throws<SessionException>(() => StoreSalvage.Run(StorePath, NewPath, NullLogger.Instance));
            Assert.Equal(SessionStatus.StoreLocked, locked.Status);
        }

        File.WriteAllText(NewPath, "somebody's");
        SessionException refusal = Assert.Throws<SessionException>(() => StoreSalvage.Run(StorePath, NewPath, NullLogger.Instance));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Equal("somebody's", File.ReadAllText(NewPath));
    }

    [Fact]
    public async Task The_program_says_what_is_lost_and_a_master_leads_on_the_new_store()
    {
        FillAndKill();
        byte[] log = File.ReadAllBytes(StorePath + "-wal");
        File.WriteAllBytes(StorePath + "-wal", log[..(int)MiddleOfLog()]);
        (int exitCode, string errors) = await DaemonProcess.EndAsync(
            DaemonProcess.Program, "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", StorePath);
        Assert.Equal(1, exitCode);
        Assert.Contains("session-master salvage", errors, StringComparison.Ordinal);

        (exitCode, string said) = await Shell.RunAsync(DaemonProcess.Program, "salvage", "--store", StorePath, "--into", NewPath);
        Assert.True(exitCode == 0, said);
        Assert.Contains("lost: of the log '-wal'", said, StringComparison.Ordinal);
        using DaemonProcess daemon = await DaemonProcess.StartAsync(NewPath);
        using MasterClient client = new(daemon.Port);
        // An identity that the new store does not know may be one that was lost, and its holder may live.
        await MasterClient.AssertRefusedAsync(SessionStatus.IdentityInUse, () => client.CreateAsync("new"));
        await daemon.EndsCleanlyAsync();
    }

    private SalvageReport Salvage(out StoreSnapshot taken)
    {
        KilledStore.Delete(NewPath);
        string[] names = [.. Directory.GetFiles(_directory.Path).Order()];
        byte[][] before = [.. names.Select(File.ReadAllBytes)];
        SalvageReport report = StoreSalvage.Run(StorePath, NewPath, NullLogger.Instance);
        Assert.Equal(before, names.Select(File.ReadAllBytes));
        using SqliteSessionStore store = new(NewPath, 0, create: false);
        taken = store.Lead(Stored.LeadNow());
        taken = taken with { Content = [.. taken.Content] };
        Assert.True(taken.IsRestored);
        Assert.True(taken.MasterEpoch > _masterEpoch);
        Assert.True(taken.Revision >= _revision);
        return report;
    }

    /// <summary>Of what was committed: behind it there may be what an earlier use of the file has left.</summary>
    private long MiddleOfLog() => LogEnd.Read(File.ReadAllBytes(StorePath + "-end"))!.Value.Frames / 2 * (LogCheck.FrameHeaderBytes + 4096);

    private HashSet<string> Fill()
    {
        using SqliteSessionStore store = new(StorePath, 0, create: true);
        return FillOpen(store);
    }

    /// <summary>Half of it is in the file, half of it in the log.</summary>
    private HashSet<string> FillAndKill()
    {
        string open = _directory.File("open.db");
        HashSet<string> written;
        using (SqliteSessionStore store = new(open, 0, create: true))
        {
            written = FillOpen(store);
            KilledStore.Of(open, []).Write(StorePath);
        }

        KilledStore.Delete(open);
        return written;
    }

    private HashSet<string> FillOpen(SqliteSessionStore store)
    {
        StoreSnapshot lead = store.Lead(Stored.LeadNow());
        ulong revision = lead.Revision;
        List<StoreChange> all = [];
        for (int i = 0; i < Sessions; i++)
        {
            ulong id = ((ulong)i + 1) * 0x9E3779B97F4A7C15;
            revision++;
            StoreChange[] some =
            [
                Changes.Session(id, revision, $"server-{i}"), Changes.Item(id, "small", revision), Changes.Item(id, "large", revision, bytes: 9000),
                new StoreChange.PutAssignment(AccessPointKind.Nfs, $"volume-{i}", id),
                new StoreChange.PutWrites(id, 5, new WriteLog(1, [new WriteAnswer(1, revision)])),
            ];
            store.Commit(some, revision);
            all.AddRange(some);
        }

        _masterEpoch = lead.MasterEpoch;
        _revision = revision;
        return [.. all.Select(Changes.TextOf)];
    }

    private static HashSet<string> Texts(StoreSnapshot snapshot) => [.. snapshot.Content.Select(Changes.TextOf)];
}
