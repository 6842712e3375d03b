using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>What decides has no I/O, no clock, no thread and no lock: that is what lets a simulator run it.</summary>
public sealed partial class CoreTests
{
    /// <summary>What has one of them all the same, and why.</summary>
    private static readonly Dictionary<string, string> s_allowed = new()
    {
        ["src/Core/Leading/LeadershipLease.cs"] = "its deadline is one number that any thread reads while another moves it",
    };

    [GeneratedRegex(
        @"using System\.(Threading|IO|Net\.Sockets|Net\.Http)\b|\block \(|\bTask\b|\bThread\b|DateTime(Offset)?\.(Utc)?Now|Stopwatch|TickCount|" +
        @"TimeProvider|\bRandom\.Shared\b|\bFile\.|\bEnvironment\.|\bConsole\.|\bGrpc\b|BootClock|BootTime")]
    private static partial Regex Outside { get; }

    [Fact]
    public void No_file_of_the_core_reaches_outside_but_those_with_a_reason()
    {
        string[] reaching = [.. Tree.Files(["src/Core"], ".cs").Where(path => Outside.IsMatch(Tree.Code(path)))];
        Assert.Empty(reaching.Except(s_allowed.Keys));
        Assert.Empty(s_allowed.Keys.Except(reaching));
    }

    /// <summary>Behind it are values that the core knows.</summary>
    [Fact]
    public void The_wires_types_stop_at_the_server() => Assert.DoesNotContain(
        Tree.Files(["src/Master"], ".cs").Where(path => !path.StartsWith("src/Master/Server/", System.StringComparison.Ordinal)),
        path => Tree.Code(path).Contains("Protocol.V1", System.StringComparison.Ordinal));

    /// <summary>So does the simulator: its time is a number.</summary>
    [Fact]
    public void The_simulator_reads_no_clock() => Assert.DoesNotContain(
        Tree.Files(["tests/Simulator"], ".cs").Where(path => !path.EndsWith("/Program.cs", System.StringComparison.Ordinal)),
        path => Clock.IsMatch(Tree.Code(path)));

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now|Stopwatch|TickCount|TimeProvider|BootClock|BootTime")]
    private static partial Regex Clock { get; }
}
