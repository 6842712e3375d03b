using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>The rooms of a project: whoever reads one needs those below it, and none above.</summary>
public sealed partial class FolderTests
{
    /// <summary>Two folders that know each other, and why.</summary>
    private static readonly Dictionary<string, string> s_defended = new()
    {
        ["src/Core/Master/Table, src/Core/Store"] = "the table hands out what is to be stored, and what was stored makes a table",
        ["src/Follower, src/Follower/Client"] = "the client logs as the follower does, whose session it asks for",
        ["src/Interop, src/Interop/Boundary"] = "one library for a process: everything at the boundary finds its objects there",
        ["src/Interop, src/Interop/Hooks"] = "the same, of what calls the host",
        ["src/Interop/Boundary, src/Interop/Hooks"] = "a handle leads to the host's object, whose calls cross the boundary",
    };

    [GeneratedRegex(@"^(?:public|internal|file)[\w ]*? (?:class|struct|interface|enum|record|delegate) (?:class |struct )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared { get; }

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Named { get; }

    /// <summary>Whether the name of a member is meant or that of a type cannot be seen here.</summary>
    [GeneratedRegex(@" ([A-Z]\w+)(?: \{ get| =>|\n? *\{\n *get)")]
    private static partial Regex Members { get; }

    [Fact]
    public void No_two_folders_of_a_project_know_each_other_but_those_with_a_reason()
    {
        List<string> circles = [];
        foreach (string project in Directory.GetDirectories(Path.Combine(Tree.Root, "src")).Select(path => Path.GetRelativePath(Tree.Root, path)))
        {
            circles.AddRange(CirclesOf(project));
        }

        Assert.Empty(circles.Except(s_defended.Keys));
        Assert.Empty(s_defended.Keys.Except(circles));
    }

    private static IEnumerable<string> CirclesOf(string project)
    {
        (string Folder, string Code)[] files =
            [.. Tree.Files([project], ".cs").Select(path => (Path.GetDirectoryName(path)!, Tree.Code(path)))];
        HashSet<string> members = [.. files.SelectMany(file => Members.Matches(file.Code).Select(match => match.Groups[1].Value))];
        Dictionary<string, string> homes = files
            .SelectMany(file => Declared.Matches(file.Code).Select(match => (Type: match.Groups[1].Value, file.Folder)).Distinct())
            .GroupBy(one => one.Type).Where(type => type.Select(one => one.Folder).Distinct().Count() == 1 && !members.Contains(type.Key))
            .ToDictionary(type => type.Key, type => type.First().Folder);
        HashSet<(string From, string To)> knows =
        [
            .. files.SelectMany(file => Named.Matches(file.Code).Select(name => homes.GetValueOrDefault(name.Value, file.Folder))
                .Distinct().Where(home => home != file.Folder).Select(home => (file.Folder, home))),
        ];
        return knows
            .Where(pair => string.CompareOrdinal(pair.From, pair.To) < 0 && knows.Contains((pair.To, pair.From)))
            .Select(pair => $"{pair.From}, {pair.To}").Order(StringComparer.Ordinal);
    }

    /// <summary>A product is used by what it shows to everybody.</summary>
    [Fact]
    public void No_product_opens_its_internals_to_another_but_the_follower_to_the_library() => Assert.Equal(
        ["src/Follower/Follower.csproj: interop_sessions"],
        Tree.Files(["src"], ".csproj").SelectMany(path => Friend.Matches(Tree.Text(path)).Select(match => $"{path}: {match.Groups[1].Value}"))
            .Where(friend => !friend.EndsWith(".Tests", StringComparison.Ordinal) && !friend.EndsWith(".Simulator", StringComparison.Ordinal)));

    [GeneratedRegex("InternalsVisibleTo Include=\"([^\"]+)\"")]
    private static partial Regex Friend { get; }
}
