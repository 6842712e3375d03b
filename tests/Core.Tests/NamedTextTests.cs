using Interop.Sessions.Core.Tests.Master;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests;

/// <summary>Texts that are stored: what a table takes, the next one loads.</summary>
public sealed class NamedTextTests
{
    [Theory]
    [InlineData(null, SessionStatus.InvalidArgument, "key is null")]
    [InlineData("", SessionStatus.InvalidArgument, "key has 0 bytes; it must have 1 to 4")]
    [InlineData("\u20ac\u20ac", SessionStatus.TooLong, "key has 6 bytes; it must have 1 to 4")]
    [InlineData("a\0b", SessionStatus.InvalidArgument, "key contains a NUL character")]
    public void A_refusal_names_the_text_and_the_limit(string? text, SessionStatus status, string message)
    {
        SessionException refusal = Assert.Throws<SessionException>(() => NamedText.Require("key", text, 1, 4));
        Assert.Equal((status, message), (refusal.Status, refusal.Message));
        Assert.Equal(message, NamedText.FaultOf("key", text, 1, 4));
    }

    [Fact]
    public void What_fits_has_no_fault()
    {
        Assert.Null(NamedText.FaultOf("key", "\U0001f600", 1, 4));
        NamedText.Require("key", "\U0001f600", 1, 4);
    }

    [Fact]
    public void A_table_takes_no_name_with_a_NUL()
    {
        TestTable test = new();
        SessionKey key = test.Create("a").Key;
        test.AssertRefused(SessionStatus.InvalidArgument, table => table.SetItem(key, "k\0", new byte[1], null));
        test.AssertRefused(SessionStatus.InvalidArgument, table => table.ApplyItems(key, [ItemChange.Set("k\0", new byte[1])]));
        test.AssertRefused(SessionStatus.InvalidArgument, table => table.FindAccessPoint(key, AccessPointKind.Nfs, "o\0"));
        Assert.DoesNotContain(test.Table.Changes, change => change is StoreChange.PutItem);
    }
}
