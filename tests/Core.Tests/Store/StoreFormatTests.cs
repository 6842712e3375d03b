using System;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class StoreFormatTests
{
    [Theory]
    [InlineData(StoreFormat.Known, StoreFormat.LowestReader)]
    [InlineData(StoreFormat.Known + 1, StoreFormat.Known)]
    [InlineData(int.MaxValue, 1)]
    public void Who_knows_min_reader_may_read_whatever_else_was_added(int format, int minReader)
    {
        Assert.Null(new StoreFormat(format, minReader).Refusal());
        new StoreFormat(format, minReader).RequireReadable("a store");
    }

    [Theory]
    [InlineData(StoreFormat.Known + 1, StoreFormat.Known + 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Who_knows_less_is_refused_with_both_numbers_and_what_to_do(int format, int minReader)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => new StoreFormat(format, minReader).RequireReadable("a store"));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        foreach (string words in new[] { "a store", $"min_reader {minReader}", $"knows {StoreFormat.Known}", "or a later one" })
        {
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(-1, -1)]
    public void Numbers_that_no_release_writes_are_refused(int format, int minReader) =>
        Assert.Contains("makes no sense", new StoreFormat(format, minReader).Refusal(), StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 1, 0, 1, 1)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(5, 1, 0, 5, 1)]
    [InlineData(5, 3, 2, 5, 3)]
    [InlineData(5, 1, 3, 5, 3)]
    [InlineData(1, 1, 4, 4, 4)]
    public void A_leadership_takes_neither_number_back_and_raises_min_reader_only_when_asked(
        int format, int minReader, int asked, int thenFormat, int thenMinReader)
    {
        LeadRequest request = new() { UnixMs = 0, MinReader = asked };
        Assert.Equal(new StoreFormat(thenFormat, thenMinReader), new StoreFormat(format, minReader).LedBy(request));
    }

    [Theory]
    [InlineData(StoreFormat.Known, StoreFormat.LowestReader)]
    [InlineData(StoreFormat.Known + 8, StoreFormat.Known)]
    public void A_store_that_an_import_fills_is_refused_with_the_way_out_by_whoever_knows_of_imports_or_not(int format, int minReader)
    {
        StoreFormat importing = new StoreFormat(format, minReader).AsImporting();

        Assert.True(importing.IsImporting);
        Assert.False(new StoreFormat(format, minReader).IsImporting);
        SessionException refusal = Assert.Throws<SessionException>(() => importing.RequireReadable("a store"));
        Assert.Equal(SessionStatus.StoreFailed, refusal.Status);
        foreach (string words in new[] { "a store", "import", "interrupted", "run the import again" })
        {
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        }

        // Another reader compares two numbers, and refuses by both of its rules.
        Assert.True(importing.Format < importing.MinReader && importing.MinReader > StoreFormat.Known);
    }

    [Theory]
    [InlineData(1, 1, 0, 1, 1)]
    [InlineData(5, 1, 0, 5, 1)]
    [InlineData(5, 3, 0, 5, StoreFormat.LowestReader)]
    [InlineData(1, 1, 4, 4, 4)]
    public void What_an_import_has_filled_is_for_whoever_may_read_what_was_imported(
        int format, int minReader, int imported, int thenFormat, int thenMinReader)
    {
        LeadRequest request = new() { UnixMs = 0, MinReader = imported };
        StoreFormat filled = new StoreFormat(format, minReader).AsImporting().LedBy(request);
        Assert.Equal(new StoreFormat(thenFormat, thenMinReader), filled);
        Assert.False(filled.IsImporting);
    }
}
