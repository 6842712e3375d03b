using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>Files that are read at one sitting, folders that are looked over, lines that fit.</summary>
public sealed partial class SizeTests
{
    private const int MostLines = 420;
    private const int MostFiles = 30;
    private const int MostColumns = 150;

    private static readonly string[] s_folders = ["src", "native", "tests", "bench"];

    /// <summary>What has more lines, and why.</summary>
    private static readonly Dictionary<string, string> s_long = new()
    {
        ["native/include/interop_sessions/interop_sessions.h"] = "the contract and its manual, in one file for who reads or copies it",
        ["src/Core/Limits.cs"] = "one list of limits, with a reason for each",
        ["tests/Core.Tests/Master/Hooks/HookOrderTests.cs"] = "the promises of one machine",
        ["tests/native/abi/every_function.c"] = "a line or two for each function of the contract",
        ["tests/native/abi/null_pointer_test.cpp"] = "the same",
    };

    /// <summary>What has more files, and why.</summary>
    private static readonly Dictionary<string, string> s_full = new()
    {
        ["tests/Follower.Tests"] = "a file for each promise of a follower",
        ["tests/Simulator/Machines"] = "a file for each thing that a machine does, and each that it does it with",
        ["tests/native/session"] = "the same of a session as C++ has it",
    };

    [Fact]
    public void No_file_is_longer_than_may_be_but_those_with_a_reason()
    {
        string[] longer = [.. Sources().Where(path => Tree.Lines(path).Length > MostLines)];
        Assert.Empty(longer.Except(s_long.Keys));
        Assert.Empty(s_long.Keys.Except(longer));
    }

    [Fact]
    public void No_folder_has_more_files_than_may_be_but_those_with_a_reason()
    {
        string[] fuller =
        [
            .. Sources().GroupBy(path => Path.GetDirectoryName(path)!).Where(folder => folder.Count() > MostFiles)
                .Select(folder => folder.Key),
        ];
        Assert.Empty(fuller.Except(s_full.Keys));
        Assert.Empty(s_full.Keys.Except(fuller));
    }

    [Fact]
    public void No_line_is_longer_than_may_be_where_its_texts_are_not_counted() => Assert.Empty(
        Tree.Files(s_folders, ".cs")
            .SelectMany(path => Tree.Lines(path).Select((line, i) => (Columns: Text.Replace(line, "").Length, At: $"{path}:{i + 1}")))
            .Where(line => line.Columns > MostColumns).Select(line => line.At));

    private static IReadOnlyList<string> Sources() => Tree.Files(s_folders, ".cs", ".c", ".h", ".cpp", ".hpp");

    [GeneratedRegex("\"\"\".*\"\"\"|\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Text { get; }
}
