using System;
using Xunit;

namespace Interop.Sessions.Master.Tests;

/// <summary>Every option that is out of range is refused by its name, with its value and the limit.</summary>
public sealed class SessionMasterOptionsTests
{
    public static TheoryData<string, Action<SessionMasterOptions>, string[]> Mistakes => new()
    {
        { "no store", options => options.StorePath = "", ["store_path"] },
        { "a store's name cut off", options => options.StorePath = "a\0b", ["store_path", "NUL"] },
        { "no port", options => options.ListenAddress = "127.0.0.1", ["listen_address", "127.0.0.1"] },
        { "no host", options => options.ListenAddress = ":7070", ["listen_address", ":7070"] },
        { "a port too high", options => options.ListenAddress = "127.0.0.1:65536", ["listen_address", "65536"] },
        { "a signed port", options => options.ListenAddress = "127.0.0.1:+1", ["listen_address"] },
        { "a name", options => options.ListenAddress = "example.org:7070", ["listen_address", "example.org", "numeric"] },
        { "an address that nobody reaches", options => options.AdvertiseAddress = "m1", ["advertise_address", "m1"] },
        { "clocks without an error", options => options.ClockRateBoundPpm = 0, ["clock_rate_bound_ppm", "0", "500000"] },
        { "clocks too wrong", options => options.ClockRateBoundPpm = 500_001, ["clock_rate_bound_ppm", "500001", "500000"] },
        { "no source of leadership", options => options.Leadership = (LeadershipSource)7, ["leadership is 7", "0 (store) or 1 (host)"] },
        { "a term too short", options => options.MinTermMs = 199, ["min_term_ms", "199", "200"] },
        { "a term too long", options => options.MaxTermMs = 3_600_001, ["max_term_ms", "3600001", "3600000"] },
        { "bounds that cross", options => (options.MinTermMs, options.MaxTermMs) = (5000, 4000), ["min_term_ms", "5000", "4000"] },
        { "a default below", options => options.TermMs = 999, ["term_ms", "999", "1000"] },
        { "a default above", options => options.TermMs = 60_001, ["term_ms", "60001", "60000"] },
        { "no sessions", options => options.MaxSessions = 0, ["max_sessions", "0"] },
        { "too many sessions", options => options.MaxSessions = 1_000_001, ["max_sessions", "1000001", "1000000"] },
        { "too many items", options => options.MaxItemsPerSession = 65_537, ["max_items_per_session", "65537", "65536"] },
        { "items too large", options => options.MaxItemBytes = 1_048_577, ["max_item_bytes", "1048577", "1048576"] },
        { "sessions too large", options => options.MaxSessionBytes = 67_108_865, ["max_session_bytes", "67108865", "67108864"] },
        { "no access points", options => options.MaxAccessPointsPerIdentity = 0, ["max_access_points_per_identity", "0", "1000000"] },
        { "too many access points", options => options.MaxAccessPointsPerIdentity = 1_000_001, ["max_access_points_per_identity", "1000001", "1000000"] },
        { "a store too small", options => options.StoreMaxBytes = 131_071, ["store_max_bytes", "131071", "131072"] },
    };

    [Fact]
    public void Defaults_are_valid_with_a_store_path() => Options().Validate();

    [Theory]
    [InlineData(0, 1000, 60_000, 10_000)]
    [InlineData(0, 1000, 5000, 5000)]
    [InlineData(0, 20_000, 60_000, 20_000)]
    [InlineData(7000, 1000, 60_000, 7000)]
    public void A_term_that_is_not_given_is_the_default_or_the_nearest_that_is_allowed(
        uint termMs, uint minTermMs, uint maxTermMs, uint expectedMs)
    {
        SessionMasterOptions options = Options() with { TermMs = termMs, MinTermMs = minTermMs, MaxTermMs = maxTermMs };
        options.Validate();
        Assert.Equal(expectedMs, options.TermMs);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_by_name_value_and_limit(
        string mistake, Action<SessionMasterOptions> configure, string[] said)
    {
        SessionMasterOptions options = Options();
        configure(options);
        SessionException refusal = Assert.Throws<SessionException>(options.Validate);
        Assert.Equal((SessionStatus.InvalidArgument, mistake), (refusal.Status, mistake));
        Assert.All(said, words => Assert.Contains(words, refusal.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[::1]:0", "::1", 0)]
    [InlineData("0.0.0.0:65535", "0.0.0.0", 65535)]
    [InlineData("localhost:7070", "127.0.0.1", 7070)]
    public void Addresses_of_both_families_and_localhost_are_understood(string address, string host, int port)
    {
        SessionMasterOptions options = Options();
        options.ListenAddress = address;
        options.Validate();
        Assert.Equal((host, port), (options.ParseListenAddress().Address.ToString(), options.ParseListenAddress().Port));
    }

    private static SessionMasterOptions Options() => new() { StorePath = "sessions.db", Insecure = Insecure.Anywhere };
}
