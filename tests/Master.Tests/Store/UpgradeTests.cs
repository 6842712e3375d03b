using System;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Master.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>A store that release 1.0 has written is taken over with all that is in it.</summary>
public sealed class UpgradeTests : IDisposable
{
    /// <summary>As release 1.0 made it, word for word.</summary>
    private const string Recorded = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE meta (
          key TEXT PRIMARY KEY,
          value INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE sessions (
          id INTEGER PRIMARY KEY,
          epoch INTEGER NOT NULL,
          nonce INTEGER NOT NULL,
          identity TEXT NOT NULL UNIQUE,
          host_name TEXT NOT NULL,
          process_id INTEGER NOT NULL,
          capabilities INTEGER NOT NULL,
          nfs_endpoint TEXT NOT NULL,
          iscsi_endpoint TEXT NOT NULL,
          term_ms INTEGER NOT NULL,
          secret BLOB NOT NULL,
          is_revoked INTEGER NOT NULL,
          suspect_ms INTEGER
        );
        CREATE TABLE items (
          session_id INTEGER NOT NULL,
          key TEXT NOT NULL,
          value BLOB NOT NULL,
          revision INTEGER NOT NULL,
          PRIMARY KEY (session_id, key)
        ) WITHOUT ROWID;
        CREATE TABLE assignments (
          kind INTEGER NOT NULL,
          object_name TEXT NOT NULL,
          session_id INTEGER NOT NULL,
          PRIMARY KEY (kind, object_name)
        ) WITHOUT ROWID;
        CREATE INDEX assignments_of_session ON assignments (session_id);
        INSERT INTO meta VALUES ('master_epoch', 4), ('longest_term_ms', 60000), ('revision', 9);
        INSERT INTO sessions VALUES
          (-2, 5, -7, 'one', 'host', 42, -1, 'nfs', 'iscsi', 10000, x'000102030405060708090a0b0c0d0e0f', 0, NULL),
          (3, 6, 8, 'two', '', 0, 0, '', '', 3000, x'ffffffffffffffffffffffffffffffff', 1, 250);
        INSERT INTO items VALUES (-2, 'key', x'0900ff', 7);
        INSERT INTO assignments VALUES (1, 'volume', 3);
        PRAGMA user_version = 1;
        """;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Its_sessions_items_access_points_and_counters_are_there()
    {
        string path = _directory.File("recorded.db");
        RawFile.Execute(path, Recorded);
        for (int opened = 0; opened < 2; opened++)
        {
            using SqliteSessionStore store = new(path, 0, create: false);
            Assert.Empty(store.FindFaults());
            StoreSnapshot loaded = store.Lead(Stored.LeadNow());
            Assert.Equal(60_000U, loaded.LengthenedTermMs);
            Assert.False(loaded.IsRestored);
            Assert.True(opened > 0 || loaded.FormerRevision == 9);
            Assert.Equal(
                [
                    new StoreChange.PutSession(
                        new SessionKey(ulong.MaxValue - 1, 5, ulong.MaxValue - 6),
                        new SessionItem
                        {
                            Identity = "one",
                            HostName = "host",
                            ProcessId = 42,
                            Capabilities = ulong.MaxValue,
                            NfsEndpoint = "nfs",
                            IscsiEndpoint = "iscsi",
                        },
                        10_000, new UInt128(0x0f0e0d0c0b0a0908, 0x0706050403020100), IsRevoked: false, SuspectMs: null),
                    new StoreChange.PutSession(
                        new SessionKey(3, 6, 8), new SessionItem { Identity = "two" }, 3000, UInt128.MaxValue, IsRevoked: true,
                        SuspectMs: 250),
                ],
                loaded.Sessions());
            StoreChange.PutItem item = Assert.Single(loaded.Items());
            Assert.Equal((ulong.MaxValue - 1, "key", 7UL), (item.SessionId, item.Key, item.Revision));
            Assert.Equal([9, 0, 255], item.Value.ToArray());
            Assert.Equal(new StoreChange.PutAssignment((AccessPointKind)1, "volume", 3), Assert.Single(loaded.Assignments()));
        }
    }
}
