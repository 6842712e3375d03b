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
    /// <summary>Folders of which each leads to all others, and why.</summary>
    private static readonly Dictionary<string, string> s_defended = new()
    {
        ["src/Interop, src/Interop/Boundary, src/Interop/Hooks"] =
            "one library for a process: everything at the boundary finds its objects there, and a handle leads to the host's object, " +
            "whose calls cross the boundary",
    };

    /// <summary>How the names end of what is no product.</summary>
    private static readonly string[] s_ofTests = [".Tests", ".Simulator", ".Fuzz"];

    [GeneratedRegex(@"^(?:public|internal|file)[\w ]*? (?:class|struct|interface|enum|record|delegate) (?:class |struct )?(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared { get; }

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Named { get; }

    /// <summary>Whether the name of a member is meant or that of a type cannot be seen here.</summary>
    [GeneratedRegex(@" ([A-Z]\w+)(?: \{ get| =>|\n? *\{\n *get)")]
    private static partial Regex Members { get; }

    /// <summary>Also over third folders, and also where all folders of a room are taken together, as whoever enters a room does.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_folders_of_a_project_lead_in_a_circle_but_those_with_a_reason(bool byRoom)
    {
        List<string> circles = [];
        foreach (string project in Directory.GetDirectories(Path.Combine(Tree.Root, "src")).Select(path => Path.GetRelativePath(Tree.Root, path)))
        {
            circles.AddRange(CirclesOf(Knowledge(project, byRoom)));
        }

        Assert.Empty(circles.Except(s_defended.Keys));
        Assert.Empty(s_defended.Keys.Except(circles));
    }

    [Fact]
    public void A_circle_is_found_whole_and_what_only_leads_to_it_is_not_in_it() => Assert.Equal(
        ["a, b, c", "x, y"],
        CirclesOf([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("z", "a"), ("x", "y"), ("y", "x")]));

    /// <summary>Folders from each of which one gets to each other.</summary>
    private static IReadOnlyList<string> CirclesOf(HashSet<(string From, string To)> knows)
    {
        Dictionary<string, HashSet<string>> reached =
            knows.Select(pair => pair.From).Distinct().ToDictionary(from => from, from => Reached(from, knows));
        return
        [
            .. reached.Where(from => from.Value.Contains(from.Key))
                .Select(from => string.Join(", ", from.Value.Where(to => reached.GetValueOrDefault(to)?.Contains(from.Key) == true)
                    .Order(StringComparer.Ordinal)))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private static HashSet<string> Reached(string from, HashSet<(string From, string To)> knows)
    {
        HashSet<string> reached = [];
        Stack<string> open = new([from]);
        while (open.TryPop(out string? next))
        {
            foreach ((_, string to) in knows.Where(pair => pair.From == next && reached.Add(pair.To)))
            {
                open.Push(to);
            }
        }

        return reached;
    }

    private static HashSet<(string From, string To)> Knowledge(string project, bool byRoom)
    {
        (string Folder, string File, string Code)[] files =
        [
            .. Tree.Files([project], ".cs")
                .Select(path => (Path.GetDirectoryName(path)!, Path.GetFileNameWithoutExtension(path), Tree.Code(path))),
        ];
        HashSet<string> members = [.. files.SelectMany(file => Members.Matches(file.Code).Select(match => match.Groups[1].Value))];
        // One of several parts is at home where the file with its name alone is.
        Dictionary<string, string> homes = files
            .SelectMany(file => Declared.Matches(file.Code).Select(match => (Type: match.Groups[1].Value, file.Folder, file.File)))
            .GroupBy(one => one.Type).Where(type => !members.Contains(type.Key))
            .Select(type => (type.Key, Folders: type.Select(one => one.Folder).Distinct().ToArray(),
                Own: type.Where(one => one.File == type.Key).Select(one => one.Folder).ToArray()))
            .Where(type => type.Folders.Length == 1 || type.Own.Length == 1)
            .ToDictionary(type => type.Key, type => type.Folders.Length == 1 ? type.Folders[0] : type.Own[0]);
        return
        [
            .. files.SelectMany(file => Named.Matches(file.Code).Select(name => homes.GetValueOrDefault(name.Value, file.Folder)).Distinct()
                .Select(home => byRoom ? (RoomOf(file.Folder), RoomOf(home)) : (file.Folder, home)))
                .Where(pair => pair.Item1 != pair.Item2),
        ];
    }

    /// <summary>"src/Core/Master" of "src/Core/Master/Table".</summary>
    private static string RoomOf(string folder) => string.Join('/', folder.Split('/').Take(3));

    /// <summary>A product is used by what it shows to everybody.</summary>
    [Fact]
    public void No_product_opens_its_internals_to_another() => Assert.DoesNotContain(
        Tree.Files(["src"], ".csproj").SelectMany(path => Friend.Matches(Tree.Text(path)).Select(match => match.Groups[1].Value)),
        friend => !s_ofTests.Any(tests => friend.EndsWith(tests, StringComparison.Ordinal)));

    [GeneratedRegex("InternalsVisibleTo Include=\"([^\"]+)\"")]
    private static partial Regex Friend { get; }
}
