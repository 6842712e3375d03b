using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Harness.Tests;

/// <summary>What CppSharp made is what it would make of today's facade; it cannot be asked everywhere.</summary>
public sealed partial class GeneratedTests
{
    private const string Generated = "tests/Harness.Tests/Generated/";

    [Fact]
    public void The_generated_code_is_that_of_these_headers_and_nobody_edited_it()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf(Generated + "sha256sums.txt"));
        Assert.Equal(5, lines.Length);
        Assert.All(lines, line =>
        {
            string[] columns = line.Split("  ");
            string sum = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Repository.PathOf(columns[1]))));
            Assert.True(
                sum == columns[0], $"{columns[1]} is not what was generated: cmake --build --preset debug --target harness-bindings");
        });
    }

    [Fact]
    public void The_generated_code_calls_every_function_of_the_facade_and_no_other()
    {
        string code = File.ReadAllText(Repository.PathOf(Generated + "interop_sessions_harness.cs"));
        Assert.Equal(
            FunctionsOfTheFacade().Order(StringComparer.Ordinal),
            EntryPoint().Matches(code).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The members of its four classes, as the linker names them; of constructors the variant that is called.</summary>
    private static IEnumerable<string> FunctionsOfTheFacade()
    {
        using Process nm = Process.Start(new ProcessStartInfo("nm")
        {
            ArgumentList = { "-D", "--defined-only", Repository.Harness },
            RedirectStandardOutput = true,
        })!;
        string output = nm.StandardOutput.ReadToEnd();
        nm.WaitForExit();
        Assert.Equal(0, nm.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[2])
            .Where(name => FacadeMember().IsMatch(name) && !CompleteObject().IsMatch(name));
    }

    [GeneratedRegex("EntryPoint = \"([^\"]+)\"")]
    private static partial Regex EntryPoint();

    [GeneratedRegex(@"^_ZNK?7harness(11ChunkServer|13AccessHandler|10NodeServer|10MetaServer)([0-9]+[A-Z][A-Za-z]*|[CD][12])E")]
    private static partial Regex FacadeMember();

    [GeneratedRegex("[CD]1E")]
    private static partial Regex CompleteObject();
}
