using System;
using System.IO;
using System.Threading.Tasks;
using Interop.Sessions.Etcd.Tests.Support;
using Interop.Sessions.Master;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Etcd.Tests.Store;

/// <summary>session-master export and import, as an operator runs them.</summary>
public sealed class TransferProgramTests(OneNode etcd) : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_store_goes_to_a_file_of_its_owner_and_into_etcd()
    {
        string store = _directory.File("store.db");
        using (SqliteSessionStore filled = new(store, 0, create: true))
        {
            filled.Lead(Stored.LeadNow());
            filled.Commit(
                [new StoreChange.PutSession(new SessionKey(1, 1, 1), new ServerDescription { Identity = "one" }, 1000, default, false, null)], 1);
        }

        string backup = _directory.File("backup.jsonl");
        await SucceedAsync("exported 1 records", "export", "--store", store, "--output", backup);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        string prefix = etcd.NewOptions().Prefix;
        await SucceedAsync(
            "imported 1 records", "import", "--etcd", etcd.Endpoints, "--etcd-insecure", "loopback", "--etcd-prefix", prefix, "--input", backup);
        await FailAsync("not empty", "import", "--etcd", etcd.Endpoints, "--etcd-insecure", "loopback", "--etcd-prefix", prefix, "--input", backup);
        await FailAsync("backup.jsonl", "export", "--store", store, "--output", backup);
    }

    [Fact]
    public async Task What_is_missing_or_too_much_is_named()
    {
        await FailAsync("--store", "export");
        await FailAsync("--etcd", "import", "--store", "x", "--etcd", "y:1");
        await FailAsync("missing.jsonl", "import", "--store", _directory.File("new.db"), "--input", _directory.File("missing.jsonl"));
        Assert.False(File.Exists(_directory.File("new.db")));
        await FailAsync(
            "missing.password", "export", "--etcd", etcd.Endpoints, "--etcd-insecure", "loopback", "--etcd-username", "somebody", "--etcd-password-file",
            _directory.File("missing.password"));
    }

    private static async Task SucceedAsync(string said, params string[] arguments)
    {
        (int exitCode, string errors) = await DaemonProcess.EndAsync([DaemonProcess.Program, .. arguments]);
        Assert.True(exitCode == 0, errors);
        Assert.Contains(said, errors, StringComparison.Ordinal);
    }

    private static async Task FailAsync(string said, params string[] arguments)
    {
        (int exitCode, string errors) = await DaemonProcess.EndAsync([DaemonProcess.Program, .. arguments]);
        Assert.Equal(1, exitCode);
        Assert.Contains(said, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
