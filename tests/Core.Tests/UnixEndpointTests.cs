using System.Linq;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests;

public sealed class UnixEndpointTests
{
    private static readonly string s_longest = "/" + new string('x', Limits.MaxUnixPathBytes - 1);

    [Theory]
    [InlineData("unix:/run/master.sock", "/run/master.sock")]
    [InlineData("unix:/a:7070", "/a:7070")]
    [InlineData("unix:/", null)]
    [InlineData("unix:/run/", null)]
    [InlineData("unix:", null)]
    [InlineData("unix:master.sock", null)]
    [InlineData("unix:@abstract", null)]
    [InlineData("unix:/a\0b", null)]
    [InlineData("/run/master.sock", null)]
    [InlineData("UNIX:/run/master.sock", null)]
    [InlineData("m1:7070", null)]
    public void It_has_a_path_from_the_root(string address, string? path)
    {
        Assert.Equal(path, UnixEndpoint.PathOf(address));
        Assert.Equal(path != null || address == "m1:7070", !EndpointAddress.ProblemsOf([address]).Any());
        Assert.Equal(address == "m1:7070", EndpointAddress.IsValid(address));
    }

    [Theory]
    [InlineData("unix:/run/master.sock")]
    [InlineData("unix:/run/master.sock:7070")]
    public void No_hint_leads_to_it_though_it_is_configured(string hint)
    {
        Endpoints endpoints = new(["10.0.0.1:7070", "10.0.0.2:7070", "unix:/run/master.sock"]);
        Assert.Equal(NextMaster.Untried, endpoints.DoesNotLead("10.0.0.1:7070", hint, nowNs: 0));
        Assert.Equal("10.0.0.2:7070", endpoints.Current);
    }

    [Theory]
    [InlineData("127.0.0.1:7071")]
    [InlineData("m2.example:7070")]
    public void A_hint_from_there_leads_to_this_machine_and_to_others(string hint)
    {
        Endpoints endpoints = new(["unix:/run/master.sock", "10.0.0.2:7070"]);
        endpoints.DoesNotLead("unix:/run/master.sock", hint, nowNs: 0);
        Assert.Equal(hint, endpoints.Current);
    }

    [Fact]
    public void A_path_is_as_long_as_the_kernel_takes_it()
    {
        Assert.Equal(s_longest, UnixEndpoint.PathOf("unix:" + s_longest));
        Assert.Equal(
            (0, $"'unix:{s_longest}x' is no endpoint: its path has 108 bytes; the kernel's limit is 108 with the NUL behind it"),
            Assert.Single(EndpointAddress.ProblemsOf([$"unix:{s_longest}x"])));
        // Two bytes of UTF-8 each.
        Assert.Null(UnixEndpoint.PathOf("unix:/" + new string('ä', Limits.MaxUnixPathBytes / 2 + 1)));
    }
}
