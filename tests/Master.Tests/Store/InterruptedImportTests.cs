using System;
using System.IO;
using System.Linq;
using System.Text;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Master.Tests.Support;
using Interop.Sessions.Tests.Support;
using Interop.Sessions.Tests.Support.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>A file that an import has made and not filled is no new cluster: it is refused until an import has filled it.</summary>
public sealed class InterruptedImportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string StorePath => _directory.File("sessions.db");

    private SessionMasterOptions Options => new() { StorePath = StorePath, Insecure = Insecure.Loopback };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_an_import_has_made_is_refused_until_an_import_has_filled_it(bool hasBegun)
    {
        using (SqliteSessionStore import = SqliteSessionStore.OpenForImport(StorePath, 0, NullLogger.Instance))
        {
            if (hasBegun)
            {
                import.BeginImport(Stored.LeadNow());
            }
        }

        AssertRefused();
        Assert.Equal(1, Import());
        AssertFilled();
    }

    [Fact]
    public void A_store_that_was_empty_before_is_refused_from_when_its_import_has_begun()
    {
        StoreTransfer.Create(Options, NullLogger.Instance);
        using (SqliteSessionStore import = SqliteSessionStore.OpenForImport(StorePath, 0, NullLogger.Instance))
        {
            import.BeginImport(Stored.LeadNow());
        }

        AssertRefused();
        Assert.Equal(1, Import());
        AssertFilled();
    }

    [Fact]
    public void A_whole_cluster_is_refused_as_before_and_stays_as_it_is()
    {
        Import();
        SessionException refusal = Assert.Throws<SessionException>(() => Import());
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains("not empty", refusal.Message, StringComparison.Ordinal);
        AssertFilled();
    }

    [Fact]
    public void A_file_that_was_killed_before_it_had_tables_is_no_store_unless_one_is_asked_for()
    {
        RawFile.Execute(StorePath, "CREATE TABLE letters (id INTEGER PRIMARY KEY); DROP TABLE letters");
        Assert.NotEmpty(File.ReadAllBytes(StorePath));
        SessionException refusal = Assert.Throws<SessionException>(() => new SqliteSessionStore(StorePath, 0, create: false).Dispose());
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        Assert.Contains("new cluster", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, Import());
        AssertFilled();
    }

    private void AssertRefused()
    {
        SessionException[] refusals =
        [
            Assert.Throws<SessionException>(() => new SqliteSessionStore(StorePath, 0, create: false).Dispose()),
            Assert.Throws<SessionException>(() => new SqliteSessionStore(StorePath, 0, create: true).Dispose()),
            Assert.Throws<SessionException>(() => StoreTransfer.Export(Options, Stream.Null, NullLogger.Instance)),
            Assert.Throws<SessionException>(() => StoreCheck.Find(Options, NullLogger.Instance)),
        ];
        Assert.All(refusals, refusal =>
        {
            Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
            Assert.Contains(StorePath, refusal.Message, StringComparison.Ordinal);
            Assert.Contains("run the import again", refusal.Message, StringComparison.Ordinal);
        });
    }

    private void AssertFilled()
    {
        using SqliteSessionStore store = new(StorePath, 0, create: false);
        StoreSnapshot led = store.Lead(Stored.LeadNow());
        Assert.Equal((StoreFormat.New, true), (led.Format, led.IsRestored));
        Assert.Equal("one", Assert.Single(led.Sessions()).Description.Identity);
    }

    private long Import()
    {
        StoredRecord[] records =
        [
            new StateRecord { MasterEpoch = 3, Revision = 9, StoreFormat = StoreFormat.New },
            RecordText.ToRecord(Changes.Session(1, 5, "one")),
            new EndRecord { Records = 1 },
        ];
        using MemoryStream input = new(Encoding.UTF8.GetBytes(
            string.Concat(records.Select(record => Encoding.UTF8.GetString(RecordText.Write(record)) + "\n"))));
        return StoreTransfer.Import(Options, input, NullLogger.Instance);
    }
}
