using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Control.Tests;

/// <summary>What docs/security.md tells people to do, done.</summary>
public sealed partial class SecurityGuideTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly string[] _blocks =
        [.. Block().Matches(File.ReadAllText(Path.Combine(Built.Value("RepositoryRoot"), "docs/security.md"))).Select(match => match.Groups[1].Value)];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_cluster_with_certificates_of_its_own_is_set_up_and_lets_nobody_else_in()
    {
        (int exitCode, string said) = await Shell.RunAsync("sh", "-e", "-c", $"cd {_directory.Path}\n{_blocks[0]}");
        Assert.True(exitCode == 0, said);
        string[] served = _blocks[1].Split("sessionctl");
        using DaemonProcess master = await DaemonProcess.StartAsync(_directory.File("sessions.db"), FlagsIn(served[0]));
        string address = $"127.0.0.1:{master.Port}";
        string[] operatorFlags = FlagsIn(served[1]);

        Assert.Single(await Sessionctl.LinesAsync(["list", "--masters", address, .. operatorFlags]));
        Assert.Contains("leads", Assert.Single(await Sessionctl.LinesAsync(["masters", "--masters", address, .. operatorFlags])), StringComparison.Ordinal);

        await Sessionctl.FailAsync(["list", "--masters", address, .. operatorFlags[..2]], "UNAUTHENTICATED", "none was shown");
        await Sessionctl.FailAsync(["list", "--masters", address], "UNAUTHENTICATED", "this master speaks TLS");
        await Sessionctl.FailAsync(["list", "--masters", address, "--tls-cert-file", "x"], "INVALID_ARGUMENT", "--tls-key-file");
        Assert.Contains("[1090]", master.Said, StringComparison.Ordinal);
    }

    /// <summary>The flags of TLS, with the files where they are.</summary>
    private string[] FlagsIn(string command) => [.. Flag().Matches(command)
        .SelectMany(match => new[] { match.Groups[1].Value, _directory.File(match.Groups[2].Value) })];

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(--tls-[a-z-]+) (\S+)")]
    private static partial Regex Flag();
}
