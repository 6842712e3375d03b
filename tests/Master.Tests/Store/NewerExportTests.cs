using System;
using System.IO;
using System.Linq;
using System.Text;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>An export that a newer release wrote.</summary>
public sealed class NewerExportTests : IDisposable
{
    private const string SessionLine =
        """{"kind":"session","zone":"north","session":"0000000000000001","epoch":5,"nonce_hash":"0000000000000001","secret_hash":"00000000000000000000000000000001","identity":"one","capabilities":"0000000000000000","term_ms":1000}""";

    private const string ItemLine = """{"kind":"item","session":"0000000000000001","key":"k","value":"AQ==","revision":6,"type":3}""";

    private const string LockLine = """{"kind":"lock","session":"0000000000000001","until":5}""";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    public void What_is_not_known_is_left_out_of_an_import_and_the_rest_is_there(int format, int minReader)
    {
        Assert.Equal(2, Import(State(format, minReader), SessionLine, LockLine, ItemLine, LockLine, End(4)));
        using SqliteSessionStore store = new(StorePath, 0, create: false);
        StoreSnapshot loaded = store.Read();
        Assert.Equal(1U, loaded.Sessions().Single().Key.SessionId);
        Assert.Equal(("k", 6UL), (loaded.Items().Single().Key, loaded.Items().Single().Revision));
        // What is not here was left out: the file is of this release's own format.
        Assert.Equal(StoreFormat.New, loaded.Format);
    }

    [Theory]
    [InlineData(2, 2, "line 1", "format 2", "min_reader 2", "knows 1")]
    [InlineData(9, 3, "line 1", "format 9", "min_reader 3", "knows 1")]
    [InlineData(1, 9, "line 1", "makes no sense")]
    public void An_export_that_is_not_for_this_release_is_refused_before_there_is_a_store(
        int format, int minReader, params string[] said)
    {
        SessionException refusal = Assert.Throws<SessionException>(
            () => Import(State(format, minReader), SessionLine, End(1)));
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.All(said, words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void A_line_that_is_not_known_counts_as_a_record()
    {
        SessionException refusal = Assert.Throws<SessionException>(
            () => Import(State(2, 1), SessionLine, LockLine, End(1)));
        Assert.Contains("2 are there", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_is_not_known_does_not_stand_for_the_state()
    {
        SessionException refusal = Assert.Throws<SessionException>(() => Import(LockLine, State(2, 1), End(1)));
        Assert.Contains("line 1", refusal.Message, StringComparison.Ordinal);
    }

    private string StorePath => _directory.File("sessions.db");

    private static string State(int format, int minReader) =>
        $$"""{"kind":"state","clusters":[1],"format":{{format}},"min_reader":{{minReader}},"master_epoch":3,"revision":9}""";

    private static string End(int records) => $$"""{"kind":"end","records":{{records}},"sum":"abc"}""";

    private long Import(params string[] lines)
    {
        using MemoryStream input = new(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        return StoreTransfer.Import(new SessionMasterOptions { StorePath = StorePath }, input, NullLogger.Instance);
    }
}
