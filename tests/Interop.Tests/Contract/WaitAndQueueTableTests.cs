using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Interop.Tests.Contract;

/// <summary>The tables "Waits" and "Queues" of docs/architecture.md, against the source.</summary>
public sealed partial class WaitAndQueueTableTests
{
    private const string WaitedFor = "Waits";
    private const string Queued = "Queues";

    /// <summary>No queues: an index of followers, the free places of a table, what is known of each kind of call, the pages of a file.</summary>
    private static readonly string[] s_indexes = ["FollowerManager", "HandleTable", "MessageBounds", "SqlitePages"];

    /// <summary>What keeps a thread waiting: of .NET, and of the library's C part.</summary>
    [GeneratedRegex(
        @"(?<!HostCall)\.Wait\(|_?thread\.Join\(|_renewing\.Join\(|WaitOne\(|Monitor\.Wait\(|deadline\.WaitFor\(|\.GetResult\(\)|WaitAny\(|WaitAll\(|Thread\.Sleep\(|" +
        @"\.TryEnter\(|GetConsumingEnumerable\(|SpinUntil\(|pthread_join\(|pthread_cond_wait\(|\bpoll\(|nanosleep\(")]
    private static partial Regex Waiting { get; }

    [GeneratedRegex(@"BlockingCollection<|Channel\.Create|\bConcurrent[A-Z]\w+<|\bQueue<|\bLinkedList<|\bPriorityQueue<|\bStack<|MaxQueueLength")]
    private static partial Regex Queueing { get; }

    [GeneratedRegex("`Limits\\.([A-Za-z]+)`")]
    private static partial Regex Limit { get; }

    [GeneratedRegex("`([A-Za-z_.]+)`")]
    private static partial Regex Name { get; }

    [Fact]
    public void Each_file_that_keeps_a_thread_waiting_is_in_the_table_and_no_other_is()
    {
        Assert.Empty(FilesWith(Waiting).Except(NamedIn(WaitedFor, column: 1)));
        Assert.Empty(NamedIn(WaitedFor, column: 1).Except(FilesWith(Waiting)));
    }

    [Fact]
    public void Each_file_that_queues_is_in_the_table() =>
        Assert.Empty(FilesWith(Queueing).Except([.. NamedIn(Queued, column: 1), .. s_indexes]));

    [Fact]
    public void Each_queue_of_the_table_is_a_file_and_is_shown_by_a_test_that_exists()
    {
        Assert.Empty(NamedIn(Queued, column: 1).Except(Files(Repository.Sources, "*.cs").Select(NameOf)));
        string[] tests = [.. Files(Repository.Tests, "*.cs").Concat(Files(Repository.Tests, "*.cpp")).Select(NameOf)];
        Assert.Empty(NamedIn(Queued, column: 4).Except(tests));
        Assert.All(Rows(Queued), row => Assert.True(Name.IsMatch(row[4]), row[0]));
    }

    [Theory]
    [InlineData(WaitedFor, 3)]
    [InlineData(Queued, 2)]
    public void Each_bound_of_the_table_is_the_limit_that_it_names(string table, int column)
    {
        int bounds = 0;
        foreach (string[] row in Rows(table))
        {
            foreach (Match limit in Limit.Matches(row[column]))
            {
                string[] forms = FormsOf(limit.Groups[1].Value);
                bounds++;
                Assert.True(
                    forms.Any(form => Regex.IsMatch(row[column], $@"(^|\W){Regex.Escape(form)}\b")),
                    $"{row[0]}: {limit.Groups[1].Value} is {string.Join(" or ", forms)}, not as in: {row[column]}");
            }
        }

        Assert.InRange(bounds, Rows(table).Length / 2, int.MaxValue);
    }

    [Theory]
    [InlineData(WaitedFor, 3)]
    [InlineData(Queued, 2)]
    public void Each_row_names_a_bound_or_says_why_there_is_none(string table, int column) => Assert.All(
        Rows(table),
        row => Assert.True(
            Limit.IsMatch(row[column]) || Reason.IsMatch(row[column]), $"{row[0]}: {row[column]}"));

    [GeneratedRegex(@"none is needed|: none|^none|time-out|the time of|a quarter of|one of each")]
    private static partial Regex Reason { get; }

    /// <summary>As one writes it: with or without commas; bytes in MiB; milliseconds in seconds.</summary>
    private static string[] FormsOf(string limit)
    {
        FieldInfo field = typeof(Limits).GetField(limit, BindingFlags.Public | BindingFlags.Static)
            ?? throw new InvalidOperationException($"there is no Limits.{limit}");
        long value = Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture);
        return limit.EndsWith("Ms", StringComparison.Ordinal)
            ? [$"{value} ms", .. value % 1000 == 0 ? [$"{value / 1000} s"] : Array.Empty<string>()]
            : limit.EndsWith("Bytes", StringComparison.Ordinal)
                ? [$"{value / (1024 * 1024)} MiB"]
                : [$"{value}", value.ToString("N0", CultureInfo.InvariantCulture)];
    }

    private static string[][] Rows(string table) =>
    [
        .. File.ReadAllText(Repository.Architecture).Split($"\n## {table}\n")[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
    ];

    private static SortedSet<string> NamedIn(string table, int column) => new(
        Rows(table).SelectMany(row => Name.Matches(row[column])).Select(match => match.Groups[1].Value), StringComparer.Ordinal);

    private static SortedSet<string> FilesWith(Regex what) => new(
        Files(Repository.Sources, "*.cs").Concat(Files(Repository.Sources, "*.c"))
            .Where(file => File.ReadLines(file).Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && what.IsMatch(line)))
            .Select(NameOf),
        StringComparer.Ordinal);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(file => !file.Contains("/Generated/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);
}
