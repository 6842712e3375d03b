using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Interop.Sessions.Tests.Support;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>The files of the source tree, by their paths from its root.</summary>
internal static partial class Tree
{
    /// <summary>Not written by hand, or kept as a release had it.</summary>
    private static readonly string[] s_foreign = ["/Generated/", "/obj/", "/bin/", "/TestResults/", "tests/abi/"];

    internal static string Root { get; } = Path.GetFullPath(Built.Value("RepositoryRoot"));

    /// <summary>The source files beneath some folders, with one of the endings.</summary>
    internal static IReadOnlyList<string> Files(string[] folders, params string[] endings) =>
    [
        .. folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => endings.Contains(Path.GetExtension(path)) && !s_foreign.Any(part => path.Contains(part, System.StringComparison.Ordinal)))
            .Order(System.StringComparer.Ordinal),
    ];

    internal static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    internal static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>C# without its comments and the texts in it.</summary>
    internal static string Code(string path) => Texts.Replace(Comments.Replace(Text(path), ""), "\"\"");

    [GeneratedRegex("//.*")]
    private static partial Regex Comments { get; }

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Texts { get; }
}
