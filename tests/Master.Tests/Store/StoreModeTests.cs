using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Interop.Sessions.Master.Store.Sqlite;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Store;

/// <summary>What holds secrets is for its owner only, whatever the umask.</summary>
[SupportedOSPlatform("linux")]
public sealed class StoreModeTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string StorePath => _directory.File("sessions.db");

    [Theory]
    [InlineData("000")]
    [InlineData("022")]
    [InlineData("0377")]
    public async Task A_new_store_and_its_log_are_for_their_owner_only(string umask)
    {
        using (DaemonProcess daemon = await DaemonProcess.StartWithUmaskAsync(umask, StorePath))
        {
            await daemon.KillAsync();
        }

        Assert.Equal(
            [("sessions.db", OwnerOnly), ("sessions.db-end", OwnerOnly), ("sessions.db-wal", OwnerOnly)],
            Directory.GetFiles(_directory.Path).Order().Select(path => (Path.GetFileName(path), File.GetUnixFileMode(path))));
    }

    [Fact]
    public async Task A_store_that_the_superuser_makes_belongs_to_the_owner_of_its_folder()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only the superuser gives files away");
        const string Owner = "4711:4712";
        string folder = Directory.CreateDirectory(_directory.File("folder")).FullName;
        string store = Path.Combine(folder, "sessions.db");
        Assert.Equal((0, ""), await Shell.RunAsync("chown", Owner, folder));

        using (DaemonProcess daemon = await DaemonProcess.StartAsync(store))
        {
            await daemon.KillAsync();
        }

        // What a killed master leaves, its own service must be able to open.
        string[] files = [.. Directory.GetFiles(folder).Order()];
        Assert.Equal([store, store + "-end", store + "-wal"], files);
        Assert.Equal((0, $"{Owner}\n{Owner}\n{Owner}\n"), await Shell.RunAsync("stat", ["-c", "%u:%g", .. files]));
    }

    [Fact]
    public async Task A_store_that_others_could_read_is_narrowed_and_that_is_said()
    {
        const UnixFileMode Wide = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        using (DaemonProcess former = await DaemonProcess.StartAsync(StorePath))
        {
            await former.KillAsync();
        }

        File.SetUnixFileMode(StorePath, Wide);
        File.SetUnixFileMode(StorePath + "-wal", Wide);
        using DaemonProcess daemon = await DaemonProcess.StartAsync(StorePath);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(StorePath));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(StorePath + "-wal"));
        await daemon.EndsCleanlyAsync();
        string said = await daemon.ErrorsAsync();
        Assert.Contains($"{StorePath} had mode 644", said, StringComparison.Ordinal);
        Assert.Contains($"{StorePath}-wal had mode 644", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_is_for_its_owner_only_and_a_failed_one_leaves_nothing()
    {
        string output = _directory.File("export.jsonl");
        string[] export = [DaemonProcess.Program, "export", "--store", StorePath, "--output", output];
        Assert.Equal(1, (await DaemonProcess.EndAsync(export)).ExitCode);
        Assert.Empty(Directory.GetFiles(_directory.Path));

        new SqliteSessionStore(StorePath, 0, create: true).Dispose();
        (int exitCode, string errors) = await DaemonProcess.EndAsync(DaemonProcess.WithUmask("000", export));
        Assert.True(exitCode == 0, errors);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(output));
        Assert.Equal(["export.jsonl", "sessions.db"], Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order());
        (exitCode, errors) = await DaemonProcess.EndAsync(export);
        Assert.Equal(1, exitCode);
        Assert.Contains("exists already", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_makes_a_store_for_its_owner_only()
    {
        new SqliteSessionStore(StorePath, 0, create: true).Dispose();
        string export = _directory.File("export.jsonl");
        string imported = _directory.File("imported.db");
        await DaemonProcess.EndAsync(DaemonProcess.Program, "export", "--store", StorePath, "--output", export);
        (int exitCode, string errors) = await DaemonProcess.EndAsync(
            DaemonProcess.WithUmask("000", DaemonProcess.Program, "import", "--store", imported, "--input", export));
        Assert.True(exitCode == 0, errors);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(imported));
    }
}
