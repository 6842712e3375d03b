using System;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Interop.Sessions.Core.Tests;

public sealed class Sha256Tests
{
    /// <summary>FIPS 180-4, examples of NIST.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void It_is_that_of_the_standard(string message, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Sha256.Of(Encoding.ASCII.GetBytes(message))));

    [Fact]
    public void It_is_that_of_OpenSSL_at_every_length()
    {
        byte[] message = new byte[2 * Limits.MaxTokenLength];
        new Random(5).NextBytes(message);
        for (int length = 0; length <= message.Length; length++)
        {
            Assert.Equal(SHA256.HashData(message.AsSpan(0, length)), Sha256.Of(message.AsSpan(0, length)));
        }
    }
}
