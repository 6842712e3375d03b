using System;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests;

public sealed class NonceHashTests
{
    /// <summary>As sha256sum has it: whoever reads a store finds the same by hand.</summary>
    [Fact]
    public void It_is_the_beginning_of_SHA_256_over_the_bytes_of_the_nonce()
    {
        byte[] nonce = [0, 1, 2, 3, 4, 5, 6, 7];

        byte[] hash = BitConverter.GetBytes(NonceHash.Of(BitConverter.ToUInt64(nonce)));

        Assert.Equal("8a851ff82ee7048a", Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void No_text_that_a_host_may_log_has_a_nonce()
    {
        OwnConnection connection = TestConnections.Of(0xA1B2C3D4E5F60718);

        Assert.Equal($"connection {NonceHash.Of(connection.Nonce):x16}", connection.ToString());
        Assert.Equal("session 0000000000000007 of epoch 9", new SessionKey(7, 9, connection.Nonce).ToString());
    }
}
