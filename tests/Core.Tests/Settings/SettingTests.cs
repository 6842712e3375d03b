using System.Linq;
using Xunit;

namespace Interop.Sessions.Core.Tests.Settings;

public sealed class SettingTests
{
    private static readonly NumberSetting<Choices> s_high = new()
    {
        Name = "part.high_ms",
        Flag = "--high-ms",
        Value = "milliseconds",
        Description = "The higher one.",
        Least = 10,
        Most = 100,
        Get = choices => choices.High,
        Set = (choices, given) => choices.High = given,
    };

    private static readonly NumberSetting<Choices> s_low = new()
    {
        Name = "part.low_ms",
        Description = "The lower one, with no flag.",
        Least = 10,
        NotAbove = s_high,
        Get = choices => choices.Low,
    };

    private static readonly NumberSetting<Choices> s_size = new()
    {
        Name = "size",
        Flag = "--size",
        Description = "With no highest value.",
        Least = 5,
        Get = choices => choices.Size,
        Set = (choices, given) => choices.Size = given,
    };

    [Fact]
    public void A_name_is_spelled_as_whoever_gave_it_spells_it()
    {
        Assert.Equal("part.high_ms", s_high.NameIn(Spelling.C));
        Assert.Equal("Part.HighMs", s_high.NameIn(Spelling.DotNet));
        Assert.Equal("--high-ms", s_high.NameIn(Spelling.CommandLine));
        Assert.Equal("part.low_ms", s_low.NameIn(Spelling.CommandLine));
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(100, null)]
    [InlineData(9, "--high-ms is 9; it must be 10 to 100")]
    [InlineData(101, "--high-ms is 101; it must be 10 to 100")]
    public void A_number_out_of_its_limits_is_named_with_them(uint high, string? problem) =>
        Assert.Equal(problem, s_high.ProblemsOf(new Choices { High = high }, Spelling.CommandLine).SingleOrDefault());

    [Theory]
    [InlineData(20, 30, null)]
    [InlineData(30, 30, null)]
    [InlineData(31, 30, "part.low_ms is 31; it must be 10 to 30")]
    [InlineData(31, 9, null)] // The bound is wrong, and says so itself.
    public void A_number_is_bounded_by_another_setting(uint low, uint high, string? problem) =>
        Assert.Equal(problem, s_low.ProblemsOf(new Choices { Low = low, High = high }, Spelling.C).SingleOrDefault());

    [Theory]
    [InlineData(0, "size is 0; it must be at least 5")]
    [InlineData(5, null)]
    [InlineData(4, "size is 4; it must be at least 5")]
    public void A_number_need_have_no_highest_value(uint size, string? problem) =>
        Assert.Equal(problem, s_size.ProblemsOf(new Choices { Size = size }, Spelling.C).SingleOrDefault());

    [Fact]
    public void Limits_name_the_settings_that_bound_them()
    {
        Assert.Equal("10 to part.high_ms", s_low.LimitsIn(Spelling.C));
        Assert.Equal("10 to --high-ms", s_low.LimitsIn(Spelling.CommandLine));
    }

    [Theory]
    [InlineData("many", "--high-ms is 'many'; it must be a number, 10 to 100")]
    [InlineData("-1", "--high-ms is '-1'; it must be a number, 10 to 100")]
    [InlineData("", "--high-ms is ''; it must be a number, 10 to 100")]
    [InlineData("4294967306", "--high-ms is '4294967306'; it must be a number, 10 to 100")]
    [InlineData("99999999999999999999", "--high-ms is '99999999999999999999'; it must be a number, 10 to 100")]
    public void What_is_no_number_or_does_not_fit_is_refused_where_it_is_given(string given, string said)
    {
        Choices choices = new();
        SessionException refusal = Assert.Throws<SessionException>(() => s_high.Take(choices, given));
        Assert.Equal((SessionStatus.InvalidArgument, said, 50UL), (refusal.Status, refusal.Message, choices.High));
    }

    private sealed class Choices
    {
        internal ulong Low { get; set; } = 20;

        internal ulong High { get; set; } = 50;

        internal ulong Size { get; set; }
    }
}
