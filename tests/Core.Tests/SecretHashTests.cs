using System;
using Interop.Sessions.Follower;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Core.Tests;

public sealed class SecretHashTests
{
    /// <summary>As sha256sum has it: a client in any language finds the same.</summary>
    [Fact]
    public void It_is_the_beginning_of_SHA_256_over_the_bytes_of_the_secret()
    {
        byte[] secret = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        UInt128 value = new(BitConverter.ToUInt64(secret, 8), BitConverter.ToUInt64(secret, 0));

        SecretHash hash = SecretHash.Of(value);

        byte[] bytes = [.. BitConverter.GetBytes((ulong)hash.Value), .. BitConverter.GetBytes((ulong)(hash.Value >> 64))];
        Assert.Equal("be45cb2605bf36bebde684841a28f0fd", Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    public void Each_bit_counts(int bit)
    {
        UInt128 secret = TestConnections.SecretOf(7);
        SecretHash hash = SecretHash.Of(secret);

        Assert.True(hash.IsOf(secret));
        Assert.False(hash.IsOf(secret ^ (UInt128.One << bit)));
        Assert.True(hash.Matches(new SecretHash(hash.Value)));
        Assert.False(hash.Matches(new SecretHash(hash.Value ^ (UInt128.One << bit))));
    }

    [Fact]
    public void No_text_that_a_host_may_log_has_a_secret()
    {
        UInt128 secret = new(0x1234_5678_9abc_def0, 0x0fed_cba9_8765_4321);
        string[] texts = [$"{new OwnConnection(7, secret)}", $"{new SessionInfo { SessionId = 7, Secret = secret }}"];

        Assert.Contains("0000000000000007", texts[1], StringComparison.Ordinal);
        Assert.All(texts, text => Assert.DoesNotContain("1234", text, StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotContain(secret.ToString(null, null), text, StringComparison.Ordinal));
    }
}
