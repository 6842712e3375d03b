using CsCheck;
using Xunit;

namespace Interop.Sessions.Core.Tests;

/// <summary>What others chose, for terminals and logs.</summary>
public sealed class PrintableTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("cs-1", "cs-1")]
    [InlineData("Müller 日本 \U0001F600", "Müller 日本 \U0001F600")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("\u202eevil", "\\u202eevil")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    [InlineData("tag \U000E0041", "tag \\udb40\\udc41")]
    public void What_is_obeyed_is_written_as_its_code(string text, string shown) => Assert.Equal(shown, Printable.Of(text));

    [Fact]
    public void Half_of_a_pair_is_written_as_its_code() =>
        Assert.Equal("a\\ud83db", Printable.Of(new string(['a', '\ud83d', 'b'])));

    [Fact]
    public void What_was_made_printable_stays_as_it_is() => Gen.String.Sample(text =>
    {
        string shown = Printable.Of(text);
        return Printable.Is(shown) && ReferenceEquals(shown, Printable.Of(shown)) && (Printable.Is(text) == ReferenceEquals(shown, text));
    });
}
