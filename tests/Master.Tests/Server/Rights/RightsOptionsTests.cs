using System;
using System.Diagnostics;
using System.IO;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Master.Tests.Server.Rights;

/// <summary>A master does not start with files that make no sense: it says which, and what is wrong.</summary>
public sealed class RightsOptionsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_file_that_is_not_there() => AssertRefused(_directory.File("none"), "cannot be read: No such file or directory");

    [Fact]
    public void A_folder() => AssertRefused(_directory.Path, "is no regular file");

    [Fact]
    public void A_device_without_end() => AssertRefused("/dev/zero", "is no regular file");

    /// <summary>Whoever opened it to read would wait for a writer for ever.</summary>
    [Fact]
    public void A_pipe()
    {
        string path = _directory.File("pipe");
        using Process mkfifo = Process.Start("mkfifo", path);
        mkfifo.WaitForExit();
        AssertRefused(path, "is no regular file");
    }

    [Fact]
    public void A_file_that_is_too_large() =>
        AssertRefused(Write(new string('#', Limits.MaxRightsFileBytes + 1)), $"has more than {Limits.MaxRightsFileBytes} bytes");

    [Fact]
    public void A_file_that_every_user_may_write()
    {
        string path = Write("allow a serve a");
        SetMode(path, "646");
        AssertRefused(path, "has mode 0646: every user of the machine could give itself rights");
    }

    [Fact]
    public void A_file_that_is_no_text()
    {
        string path = _directory.File("bytes");
        File.WriteAllBytes(path, [0xff, 0xfe]);
        AssertRefused(path, "is no text in UTF-8");
    }

    [Fact]
    public void A_rule_that_makes_no_sense() => AssertRefused(Write("\nallow a own b"), "line 2: 'own' is no right");

    [Fact]
    public void A_file_of_tokens_that_makes_no_sense() => AssertRefused(
        options => (options.AuthorizationFile, options.TokensFile) = (Write("allow a serve a"), Write("a secret", "tokens")),
        $"file of tokens '{_directory.File("tokens")}', line 1: its second word is not the SHA-256 of a token");

    [Fact]
    public void Tokens_without_rules() => AssertRefused(
        options => options.TokensFile = Write("", "tokens"), "tokens_file needs authorization_file: without rules every caller may do everything");

    private static void AssertRefused(string path, string problem) =>
        AssertRefused(options => options.AuthorizationFile = path, $"file of rules '{path}'", problem);

    private static void AssertRefused(Action<SessionMasterOptions> configure, params string[] said)
    {
        using TemporaryDirectory stores = new();
        SessionMasterOptions options = new() { ListenAddress = "127.0.0.1:0", StorePath = stores.File("s.db"), CreateStore = true, Insecure = Insecure.Loopback };
        configure(options);
        SessionException refusal = Assert.Throws<SessionException>(
            () => SessionMaster.Start(options, new AccessManager(), Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance).Dispose());
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.All(said, words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
    }

    private static void SetMode(string path, string mode)
    {
        using Process chmod = Process.Start("chmod", [mode, path]);
        chmod.WaitForExit();
    }

    private string Write(string text, string name = "rules")
    {
        File.WriteAllText(_directory.File(name), text);
        SetMode(_directory.File(name), "644");
        return _directory.File(name);
    }
}
