using System;
using System.IO;
using System.Runtime.Versioning;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Daemon;

/// <summary>
/// A store that the master may read but not write. The superuser may write everything, so as root the program runs as
/// nobody, from a copy that nobody can reach.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class ReadOnlyStoreTests : IDisposable
{
    private const UnixFileMode ReadAndEnter =
        UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const string Nobody = "65534";

    private readonly TemporaryDirectory _directory = new();

    private string StoreDirectory => _directory.File("store");

    private string StorePath => Path.Combine(StoreDirectory, "sessions.db");

    public void Dispose()
    {
        if (Directory.Exists(StoreDirectory))
        {
            File.SetUnixFileMode(StoreDirectory, ReadAndEnter | UnixFileMode.UserWrite);
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_is_refused_as_read_only()
    {
        Directory.CreateDirectory(StoreDirectory);
        using (DaemonProcess daemon = await DaemonProcess.StartAsync(StorePath))
        {
            await daemon.EndsCleanlyAsync();
        }

        File.SetUnixFileMode(StorePath, Read);
        File.SetUnixFileMode(StoreDirectory, ReadAndEnter);

        await AssertReadOnlyAsync();
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused_as_read_only()
    {
        Directory.CreateDirectory(StoreDirectory, ReadAndEnter);
        await AssertReadOnlyAsync();
    }

    private async Task AssertReadOnlyAsync()
    {
        (int exitCode, string errors) = await DaemonProcess.EndAsync(
            [.. CommandWithoutPrivileges(), "--listen", "127.0.0.1:0", "--insecure", "loopback", "--store", StorePath, "--create"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("STORE_READ_ONLY", errors, StringComparison.Ordinal);
        Assert.Contains(StorePath, errors, StringComparison.Ordinal);
    }

    private string[] CommandWithoutPrivileges()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [DaemonProcess.Program];
        }

        File.SetUnixFileMode(_directory.Path, ReadAndEnter | UnixFileMode.UserWrite);
        string copy = Directory.CreateDirectory(_directory.File("program"), ReadAndEnter | UnixFileMode.UserWrite).FullName;
        string source = Path.GetDirectoryName(DaemonProcess.Program)!;
        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!, ReadAndEnter | UnixFileMode.UserWrite);
            File.Copy(file, target);
        }

        return
        [
            "setpriv", $"--reuid={Nobody}", "--clear-groups", Path.Combine(copy, Path.GetFileName(DaemonProcess.Program)),
        ];
    }
}
