using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>What the documents name exists.</summary>
public sealed partial class DocsTests
{
    private static IEnumerable<string> Documents => Tree.Files(["docs", "src", "bench"], ".md").Append("README.md");

    [GeneratedRegex(@"`((?:src|tests|native|bench|docs|cmake|packaging|\.ci)/[A-Za-z0-9_.+/-]+)(?::(\d+))?[^`]*`")]
    private static partial Regex InTheTree { get; }

    [GeneratedRegex(@"\]\(([A-Za-z0-9_./-]+)(?:#[^)]*)?\)")]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"`((?:src|tests|native)/[A-Za-z0-9_.+/-]+):(\d+)` \(`([^`]+)`\)")]
    private static partial Regex Stop { get; }

    [Fact]
    public void Each_path_that_is_named_exists() => Assert.Empty(Documents
        .SelectMany(document => InTheTree.Matches(Tree.Text(document)).Select(match => (document, Path: match.Groups[1].Value.TrimEnd('.', '/'))))
        .Where(named => !Exists(named.Path)).Select(named => $"{named.document}: {named.Path}"));

    [Fact]
    public void Each_link_leads_somewhere() => Assert.Empty(Documents
        .SelectMany(document => Link.Matches(Tree.Text(document)).Select(match => (document, Path: match.Groups[1].Value)))
        .Where(link => !Exists(Path.Combine(Path.GetDirectoryName(link.document)!, link.Path)))
        .Select(link => $"{link.document}: {link.Path}"));

    /// <summary>A line that is named has the word beside it.</summary>
    [Fact]
    public void Each_line_that_is_named_is_still_there()
    {
        (string Document, Match Match)[] stops =
            [.. Documents.SelectMany(document => Stop.Matches(Tree.Text(document)).Select(match => (document, match)))];
        Assert.NotEmpty(stops);
        Assert.Empty(stops.Where(stop => !Has(stop.Match)).Select(stop => $"{stop.Document}: {stop.Match.Value}"));
    }

    private static bool Has(Match stop)
    {
        string[] lines = Tree.Lines(stop.Groups[1].Value);
        int line = int.Parse(stop.Groups[2].ValueSpan, provider: null);
        return line <= lines.Length && lines[line - 1].Contains(stop.Groups[3].Value, StringComparison.Ordinal);
    }

    private static bool Exists(string path)
    {
        string full = Path.Combine(Tree.Root, path);
        return File.Exists(full) || Directory.Exists(full);
    }
}
