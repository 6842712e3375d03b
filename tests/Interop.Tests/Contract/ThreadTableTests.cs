using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Interop.Sessions.Interop.Tests.Abi;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>The table "Threads" of docs/architecture.md, against the source and against what runs.</summary>
[Collection(nameof(OneLibrary))]
public sealed partial class ThreadTableTests
{
    /// <summary>What the kernel keeps of a name.</summary>
    private const int MaxNameLength = 15;

    /// <summary>They run only on etcd, where a name has no number, and in a .NET host.</summary>
    private static readonly string[] s_elsewhere = ["sessions-lease", "sessions-dns", "sessions-start"];

    /// <summary>They run only with files of TLS, of rules or of a token, and where the host is asked for rights.</summary>
    private static readonly string[] s_ofGuards = ["sessions-tls", "sessions-files", "sessions-rights"];

    private static readonly SortedSet<string> s_table = NamesIn(
        RowName(), File.ReadAllText(Repository.Architecture).Split("## Threads")[1].Split("\n## ")[0]);

    [Fact]
    public void Each_thread_of_the_table_is_made_in_the_source_and_no_other_is()
    {
        string[] sources = Directory.GetFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories);
        SortedSet<string> made = NamesIn(QuotedName(), string.Join('\n', sources.Select(File.ReadAllText)));
        Assert.Equal(s_table, made);
    }

    private const string OfAnEnd = "sessions-stop";

    [Fact]
    public void Every_thread_is_made_where_a_failure_is_told()
    {
        string[] bare =
        [
            .. Directory.GetFiles(Repository.Sources, "*.cs", SearchOption.AllDirectories)
                .Where(file => BareThread().IsMatch(File.ReadAllText(file)))
                .Select(file => Path.GetFileName(file)),
        ];
        Assert.Equal(["OwnThread.cs"], bare);
    }

    [Fact]
    public void The_kernel_shows_whole_names() =>
        Assert.DoesNotContain(s_table, name => name.Length > MaxNameLength);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_a_life_of_both_sides_the_threads_of_the_table_run_and_no_others(bool isGuarded)
    {
        using RunningSession running = new(isGuarded);
        running.CreateSession();
        // That of an end may still be about to go after an earlier test's.
        string[] elsewhere = [.. s_elsewhere, OfAnEnd, .. isGuarded ? [] : s_ofGuards];
        Assert.Equal(s_table.Except(elsewhere).Order(StringComparer.Ordinal), Running().Where(name => name != OfAnEnd));
    }

    /// <summary>Names of the threads of this process that are the library's.</summary>
    private static SortedSet<string> Running() => NamesIn(
        AnyName(), string.Join('\n', Directory.GetDirectories("/proc/self/task").Select(NameOf)));

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            // Ended meanwhile.
            return "";
        }
    }

    private static SortedSet<string> NamesIn(Regex regex, string text) =>
        new(regex.Matches(text).Select(match => match.Groups[1].Value), StringComparer.Ordinal);

    [GeneratedRegex(@"^\| `(sessions-[a-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex RowName();

    [GeneratedRegex("\"(sessions-[a-z]+)\"")]
    private static partial Regex QuotedName();

    [GeneratedRegex(@"(sessions-[a-z]+)")]
    private static partial Regex AnyName();

    [GeneratedRegex(@"new Thread\(|new\(body, stackBytes\)|LongRunning")]
    private static partial Regex BareThread();
}
