using System.Net;
using Xunit;

namespace Interop.Sessions.Core.Tests.Tls;

public sealed class InsecureTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:127.0.0.2")]
    public void A_loopback_address_is_of_this_machine(string address)
    {
        Assert.False(Insecure.No.Allows(IPAddress.Parse(address)));
        Assert.True(Insecure.Loopback.Allows(IPAddress.Parse(address)));
        Assert.True(Insecure.Anywhere.Allows(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("128.0.0.1")]
    [InlineData("::")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fe80::1")]
    public void No_other_is(string address)
    {
        Assert.False(Insecure.No.Allows(IPAddress.Parse(address)));
        Assert.False(Insecure.Loopback.Allows(IPAddress.Parse(address)));
        Assert.True(Insecure.Anywhere.Allows(IPAddress.Parse(address)));
    }
}
