using System.IO;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>A path names a file, whatever SQLite would make of it: a store in memory would forget every session.</summary>
public sealed class StorePathTests
{
    [Theory]
    [InlineData(":memory:")]
    [InlineData("file:sessions-in-memory?mode=memory")]
    [InlineData("|DataDirectory|sessions.db")]
    public void A_name_that_SQLite_knows_otherwise_is_a_file_too(string path)
    {
        try
        {
            ulong former;
            using (SqliteSessionStore store = new(path, maxBytes: 0, create: true))
            {
                former = store.Lead(Stored.LeadNow()).Revision;
            }

            using SqliteSessionStore again = new(path, maxBytes: 0, create: true);
            Assert.Equal(former, again.Lead(Stored.LeadNow()).FormerRevision);
            Assert.True(File.Exists(path));
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + "-wal");
        }
    }
}
