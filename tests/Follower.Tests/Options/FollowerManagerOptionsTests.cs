using System;
using System.Linq;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Options;

public sealed class FollowerManagerOptionsTests
{
    private static readonly FollowerManagerOptions s_valid = new() { Endpoints = ["127.0.0.1:7070"], Insecure = Insecure.Loopback };

    [Fact]
    public void Defaults_with_an_endpoint_are_valid() => s_valid.Validate();

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData("host:")]
    [InlineData(":7070")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("http://host:7070")]
    [InlineData("host:7070/path")]
    public void An_endpoint_that_is_no_host_and_port_is_named(string endpoint) =>
        Refuses(s_valid with { Endpoints = ["127.0.0.1:7070", endpoint] }, "endpoints[1]");

    [Fact]
    public void The_number_of_endpoints_is_limited()
    {
        Refuses(s_valid with { Endpoints = [] }, "endpoints");
        Refuses(s_valid with { Endpoints = [.. Enumerable.Repeat("h:1", Limits.MaxEndpoints + 1)] }, "16");
    }

    [Fact]
    public void Bounds_of_the_clock_and_of_the_effect_are_limited()
    {
        Refuses(s_valid with { ClockRateBoundPpm = 0 }, "clock_rate_bound_ppm");
        Refuses(s_valid with { ClockRateBoundPpm = Limits.MaxClockRateBoundPpm + 1 }, "500000");
        Refuses(s_valid with { EffectDelayMs = Limits.MaxTermMs + 1 }, "effect_delay_ms");
    }

    private static void Refuses(FollowerManagerOptions options, string named)
    {
        SessionException refusal = Assert.Throws<SessionException>(options.Validate);
        Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }
}
