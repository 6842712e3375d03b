using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Interop.Sessions.Tidy.Tests;

/// <summary>What limits something has its unit and its reason in one place.</summary>
public sealed partial class LimitsTests
{
    private const string Format = "a format, which nobody may choose";
    private const string Kernel = "a struct of the kernel";

    /// <summary>Constants with a unit or a bound in their names that are no choice of ours, or are made of such, and why.</summary>
    private static readonly Dictionary<string, string> s_others = new()
    {
        ["src/Client/BoundedStream.cs: PrefixBytes"] = Format,
        ["src/Core/Leading/EpochFloor.cs: MaxUnixMs"] = Format,
        ["src/Core/Ns.cs: PerMs"] = "what a millisecond is",
        ["src/Core/Store/LogCheck.cs: FrameHeaderBytes"] = Format,
        ["src/Core/Store/LogCheck.cs: HeaderBytes"] = Format,
        ["src/Core/Store/LogEnd.cs: Bytes"] = Format,
        ["src/Core/Store/SqlitePages.cs: FileHeaderBytes"] = Format,
        ["src/Core/Secrets/SecretHash.cs: Bytes"] = Format,
        ["src/Core/Secrets/Sha256.cs: BlockBytes"] = Format,
        ["src/Core/Secrets/Sha256.cs: Bytes"] = Format,
        ["src/Core/Secrets/Sha256.cs: LengthBytes"] = Format,
        ["src/Follower/Lease/LeaseWord.cs: SlotBytes"] = "a cache line",
        ["src/Master/Server/CountedBody.cs: PrefixBytes"] = Format,
        ["src/Master/Server/Listening/UnixSocketFile.cs: StatusBytes"] = Kernel,
        ["src/Master/Store/Sqlite/DamagedPages.cs: UsualPageBytes"] = "what SQLite makes where nothing is said",
        ["src/Protocol/SecretOnTheWire.cs: Bytes"] = Format,
        ["src/Protocol/SmallFile.cs: StatusBytes"] = Kernel,
    };

    /// <summary>A constant that is made of a limit is one only by another name.</summary>
    [GeneratedRegex(
        @"\bconst (?:s?byte|u?short|u?int|u?long|float|double|decimal) ((?:Max|Most|Min|Least)[A-Z]\w*|\w*(?:Ms|Ns|Bytes|Max|Most|PerTerm))\s*=(?![^;]*\bLimits\.)")]
    private static partial Regex Limit { get; }

    /// <summary>The same of what is no constant only because a TimeSpan cannot be one.</summary>
    [GeneratedRegex(@"\bstatic readonly TimeSpan (\w+)\s*=(?![^;]*\bLimits\.)")]
    private static partial Regex Span { get; }

    [Fact]
    public void No_constant_outside_of_Limits_limits_anything_but_those_with_a_reason()
    {
        string[] found =
        [
            .. Tree.Files(["src"], ".cs").Where(path => path != "src/Core/Limits.cs").SelectMany(path => Constants(Tree.Code(path))
                .Select(name => $"{path}: {name}")),
        ];
        Assert.Empty(found.Except(s_others.Keys));
        Assert.Empty(s_others.Keys.Except(found));
    }

    /// <summary>The look itself: what it must find, and what it must leave.</summary>
    [Theory]
    [InlineData("private const long IdleNs = 60 * Ns.PerSecond;", true)]
    [InlineData("private const int MostUnused = 1024;", true)]
    [InlineData("internal const uint MaxPriority = 99;", true)]
    [InlineData("private const int Bytes = 55;", true)]
    [InlineData("private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);", true)]
    [InlineData("private const long TickNs = Limits.WheelTickMs * Ns.PerMs;", false)]
    [InlineData("private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(Limits.BeatMs);", false)]
    [InlineData("private const int SlotBits = 19;", false)]
    public void A_limit_is_known_by_its_name(string code, bool isLimit) => Assert.Equal(isLimit, Constants(code).Any());

    private static IEnumerable<string> Constants(string code) =>
        Limit.Matches(code).Concat(Span.Matches(code)).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
}
