using System;
using Interop.Sessions.Master;
using Xunit;

namespace Interop.Sessions.Core.Tests.Master;

public sealed class CallerPlacesTests
{
    [Fact]
    public void Each_name_has_so_many_and_those_without_one_together()
    {
        CallerPlaces places = new(2);

        Assert.Null(places.Begin("a"));
        Assert.Null(places.Begin("a"));
        SessionException refusal = places.Begin("a")!;
        Assert.Equal((SessionStatus.Overloaded, Limits.WireRetryMs), (refusal.Status, refusal.RetryAfterMs));
        Assert.Null(places.Begin("b"));
        Assert.Null(places.Begin(null));
        Assert.Null(places.Begin(null));
        Assert.Contains("callers without a name", places.Begin(null)!.Message, StringComparison.Ordinal);
        places.End(null);
        Assert.Null(places.Begin(null));

        places.End("a");
        Assert.Null(places.Begin("a"));
        Assert.NotNull(places.Begin("a"));
    }

    [Fact]
    public void A_name_that_has_none_is_forgotten()
    {
        CallerPlaces places = new(2);
        places.Begin("a");
        places.Begin("a");
        places.End("a");
        Assert.Equal(1, places.Count);
        places.End("a");
        Assert.Equal(0, places.Count);
    }
}
