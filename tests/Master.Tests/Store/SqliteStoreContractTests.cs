using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>What every store promises, of SQLite on real files.</summary>
public sealed class SqliteStoreContractTests : ProductStoreContract
{
    private readonly TemporaryDirectory _directory = new();
    private int _copies;

    private string StorePath => _directory.File("sessions.db");

    private string LogPath => StorePath + "-wal";

    private string AwayPath => StorePath + ".away";

    protected override IStoreMaster Open() => new StoreMaster(StorePath);

    /// <summary>A lock keeps others out as long as the file is there: somebody puts what a kill would leave in its place.</summary>
    protected override void Depose(IStoreMaster former)
    {
        File.Copy(StorePath, StorePath + ".copy");
        File.Copy(LogPath, LogPath + ".copy");
        File.Move(StorePath + ".copy", StorePath, overwrite: true);
        File.Move(LogPath + ".copy", LogPath, overwrite: true);
    }

    protected override Action Copy()
    {
        string copy = _directory.File($"copy-{_copies++}");
        File.Copy(StorePath, copy);
        return () =>
        {
            File.Delete(LogPath);
            File.Move(copy, StorePath, overwrite: true);
        };
    }

    /// <summary>The file goes elsewhere in the midst of the transaction.</summary>
    protected override void CommitInDoubt(IStoreMaster master, IReadOnlyList<StoreChange> changes, ulong revision)
    {
        ArgumentNullException.ThrowIfNull(master);
        master.Commit(new Interrupted(changes, () => File.Move(StorePath, AwayPath)), revision);
    }

    protected override void EndDoubt(IStoreMaster master)
    {
        ArgumentNullException.ThrowIfNull(master);
        master.Leave();
        File.Move(AwayPath, StorePath);
    }

    protected override void Release() => _directory.Dispose();

    private sealed class StoreMaster(string path) : IStoreMaster
    {
        private readonly SqliteSessionStore _store = new(path, 0, create: true);

        public StoreSnapshot Lead(LeadRequest request) => _store.Lead(request);

        public void Commit(IReadOnlyList<StoreChange> changes, ulong revision) => _store.Commit(changes, revision);

        public void Leave() => _store.Dispose();

        public void Dispose() => _store.Dispose();
    }

    /// <summary>Changes behind the first of which something happens.</summary>
    private sealed class Interrupted(IReadOnlyList<StoreChange> changes, Action happens) : IReadOnlyList<StoreChange>
    {
#if DEBUG
        // What the two sides of the boundary promise is asserted before, in two looks through the batch.
        private int _looks = 2;
#else
        private int _looks;
#endif

        public int Count => changes.Count;

        public StoreChange this[int index] => changes[index];

        public IEnumerator<StoreChange> GetEnumerator()
        {
            yield return changes[0];
            if (_looks-- == 0)
            {
                happens();
            }

            for (int i = 1; i < changes.Count; i++)
            {
                yield return changes[i];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
