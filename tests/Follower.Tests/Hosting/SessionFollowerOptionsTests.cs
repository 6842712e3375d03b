using System;
using System.Threading.Tasks;
using Interop.Sessions.Follower.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace Interop.Sessions.Follower.Tests.Hosting;

public sealed class SessionFollowerOptionsTests
{
    public static TheoryData<string, Action<SessionFollowerHostOptions>> Wrong => new()
    {
        { "Identity has 0 bytes", options => options.Identity = "" },
        { $"must have 1 to {Limits.MaxIdentityBytes}", options => options.Identity = new string('x', Limits.MaxIdentityBytes + 1) },
        { "Endpoints has 0 entries", options => options.Endpoints.Clear() },
        { "Endpoints[1] 'nowhere' is not host:port", options => options.Endpoints.Add("nowhere") },
        { "ClockRateBoundPpm is 0", options => options.ClockRateBoundPpm = 0 },
        { "EffectDelayMs is", options => options.EffectDelayMs = Limits.MaxTermMs + 1 },
        { "Description.Identity is 'other'", options => options.Description = new ServerDescription { Identity = "other" } },
        { "Recreate is 7", options => options.Recreate = (RecreatePolicy)7 },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task A_host_does_not_start_with_an_option_that_is_wrong_and_says_which(
        string expected, Action<SessionFollowerHostOptions> spoil)
    {
        using IHost host = Build(services => services.AddSessionFollower(options => spoil(Valid(options))));

        OptionsValidationException refusal =
            await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_told_with_the_name_of_the_follower_and_all_at_once()
    {
        using IHost host = Build(services => services.AddSessionFollower("second", options => options.EffectDelayMs = uint.MaxValue));

        OptionsValidationException refusal =
            await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal("second", refusal.OptionsName);
        Assert.Collection(
            refusal.Failures,
            one => Assert.StartsWith("session follower 'second': Identity ", one, StringComparison.Ordinal),
            one => Assert.StartsWith("session follower 'second': Endpoints ", one, StringComparison.Ordinal),
            one => Assert.StartsWith("session follower 'second': EffectDelayMs ", one, StringComparison.Ordinal),
            one => Assert.Equal(
                "session follower 'second': Tls.CaFile must be given, for TLS, or Insecure (loopback or anywhere), to do without", one));
    }

    [Fact]
    public void Two_followers_of_one_name_are_refused_where_they_are_added()
    {
        ServiceCollection services = new();
        services.AddSessionFollower(_ => { });
        services.AddSessionFollower("a", _ => { });

        Assert.Contains("name", Assert.Throws<ArgumentException>(() => services.AddSessionFollower(_ => { })).Message, StringComparison.Ordinal);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => services.AddSessionFollower("a", _ => { })).Message, StringComparison.Ordinal);
    }

    private static SessionFollowerHostOptions Valid(SessionFollowerHostOptions options)
    {
        options.Identity = "hosted";
        options.Endpoints.Add("127.0.0.1:1");
        options.Insecure = Insecure.Loopback;
        return options;
    }

    private static IHost Build(Action<IServiceCollection> add)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        add(builder.Services);
        return builder.Build();
    }
}
