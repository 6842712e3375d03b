using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>The table of log events in docs/operations.md, against the source.</summary>
public sealed partial class LogTests
{
    [GeneratedRegex(@"LoggerMessage\(\s*(\d+), LogLevel\.(\w+),\s*((?:""[^""]*""[\s+]*)+)")]
    private static partial Regex Event { get; }

    [GeneratedRegex(@"\{(\w+)(?::[^}]*)?\}")]
    private static partial Regex Field { get; }

    [GeneratedRegex(@"^\| (\d{4}) \| ([^|]*) \| [^|]* \| [^|]* \| ([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    /// <summary>Of an event whose level is chosen when it is told.</summary>
    [GeneratedRegex(@"LoggerMessage\(EventId = (\d+), Message = ""([^""]*)""")]
    private static partial Regex LevelledLater { get; }

    /// <summary>That log records were dropped is told by whoever drops them, beside the loggers.</summary>
    private const string Dropped = "9000";

    [Fact]
    public void Each_event_is_in_the_table_with_its_level_and_fields_and_no_other_is()
    {
        string[] sources = [.. Tree.Files(["src"], ".cs").Select(Tree.Text)];
        string[] later = [.. sources.SelectMany(text => LevelledLater.Matches(text)).Select(match => match.Groups[1].Value)];
        string[] written =
        [
            .. sources.SelectMany(text => Event.Matches(text))
                .Select(match => Line(match.Groups[1].Value, match.Groups[2].Value, FieldsOf(match.Groups[3].Value))),
            .. sources.SelectMany(text => LevelledLater.Matches(text))
                .Select(match => Line(match.Groups[1].Value, "", FieldsOf(match.Groups[2].Value))),
        ];
        string[] told =
        [
            .. Row.Matches(Tree.Text("docs/operations.md")).Where(match => match.Groups[1].Value != Dropped).Select(match => Line(
                match.Groups[1].Value, later.Contains(match.Groups[1].Value) ? "" : match.Groups[2].Value,
                match.Groups[3].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))),
        ];
        Assert.Empty(written.Except(told));
        Assert.Empty(told.Except(written));
        Assert.Equal(told.Length, told.Distinct().Count());
    }

    private static IEnumerable<string> FieldsOf(string message) => Field.Matches(message).Select(field => field.Groups[1].Value);

    private static string Line(string id, string level, IEnumerable<string> fields) =>
        $"{id} {level.ToLowerInvariant()}: {string.Join(", ", fields.Order(StringComparer.Ordinal))}";
}
