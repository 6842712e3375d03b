using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>One place that turns milliseconds into nanoseconds, and back.</summary>
public sealed partial class TimeTests
{
    /// <summary>What has a million or a thousand million all the same, and of what.</summary>
    private static readonly Dictionary<string, string> s_numbers = new()
    {
        ["src/Core/Ns.cs"] = "the one place",
        ["src/Core/Lease/LeaseArithmetic.cs"] = "parts per million",
        ["src/Core/Limits.cs"] = "sessions, access points, renewals a second",
    };

    [Fact]
    public void No_file_but_one_turns_milliseconds_into_nanoseconds()
    {
        string[] turning = [.. Tree.Files(["src"], ".cs").Where(path => Millions.IsMatch(Tree.Code(path)))];
        Assert.Empty(turning.Except(s_numbers.Keys));
        Assert.Empty(s_numbers.Keys.Except(turning));
    }

    [GeneratedRegex(@"\b(?:\d+_?000_?000(?:_?000)?|999_?999|500_?000)[uUlL]*\b|\b\d+(?:\.0)?[eE]\+?[69]\b|\b(?:TicksPer\w+|AddTicks|FromTicks)\b")]
    private static partial Regex Millions { get; }
}
