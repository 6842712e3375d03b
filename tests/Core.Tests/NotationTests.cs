using Xunit;

namespace Interop.Sessions.Core.Tests;

public sealed class NotationTests
{
    [Fact]
    public void Flags_have_their_names_in_C_and_unknown_ones_their_numbers()
    {
        Assert.Empty(SessionFlags.None.Names());
        Assert.Equal(["REVOKING", "SUSPECT", "REATTACHED", "DRAINING"], ((SessionFlags)15).Names());
        Assert.Equal(["SUSPECT", "16", "2147483648"], ((SessionFlags)unchecked((int)0x80000012)).Names());
    }
}
