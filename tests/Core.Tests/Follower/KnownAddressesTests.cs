using System.Linq;
using System.Net;
using Interop.Sessions.Follower;
using Xunit;

namespace Interop.Sessions.Core.Tests.Follower;

/// <summary>Which address of a name is dialled first.</summary>
public sealed class KnownAddressesTests
{
    private static readonly IPAddress _a = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress _b = IPAddress.Parse("10.0.0.2");
    private static readonly IPAddress _c = IPAddress.Parse("10.0.0.3");

    private readonly KnownAddresses _known = new();

    [Fact]
    public void A_name_that_was_never_resolved_has_no_address()
    {
        Assert.Empty(_known.InOrder([]));
        Assert.False(_known.HasAny);
    }

    [Fact]
    public void What_answered_before_is_tried_beside_what_the_resolver_says_and_without_it()
    {
        Work(_a);

        Assert.True(_known.HasAny);
        Assert.Equal([_a], _known.InOrder([]));
        Assert.Equal([_b, _a], _known.InOrder([_b]));
    }

    [Fact]
    public void A_connection_that_nobody_answered_over_is_not_remembered()
    {
        _known.InOrder([_a]);
        _known.Connected(_a);

        Assert.Empty(_known.InOrder([]));
    }

    [Fact]
    public void A_name_that_moved_is_followed_when_its_former_address_fails()
    {
        Work(_a);
        _known.Failed();

        Assert.Equal([_b, _a], _known.InOrder([_b]));
    }

    [Fact]
    public void A_resolver_that_names_a_wrong_address_does_not_hide_the_one_that_worked()
    {
        Work(_a);
        _known.Failed();
        _known.InOrder([_b]);

        // It takes connections, and no master answers there.
        _known.Connected(_b);

        Assert.True(_known.Failed());
        Assert.Equal([_a, _b], _known.InOrder([_b]));
    }

    [Fact]
    public void Addresses_that_fail_in_turn_are_gone_through()
    {
        for (int i = 0; i < 6; i++)
        {
            IPAddress first = _known.InOrder([_a, _b, _c])[0];
            Assert.Equal(new[] { _a, _b, _c }[i % 3], first);
            _known.Failed(first);
        }
    }

    [Fact]
    public void The_failures_of_many_calls_over_one_connection_count_once()
    {
        _known.InOrder([_a, _b]);
        _known.Connected(_a);

        Assert.True(_known.Failed());
        Assert.False(_known.Failed());
    }

    [Fact]
    public void An_only_address_has_no_other()
    {
        _known.InOrder([_a]);
        _known.Connected(_a);

        Assert.False(_known.Failed());
    }

    [Fact]
    public void So_many_are_remembered_and_the_latest_of_them()
    {
        IPAddress[] many = [.. Enumerable.Range(1, 20).Select(i => IPAddress.Parse($"10.1.0.{i}"))];
        foreach (IPAddress address in many)
        {
            Work(address);
        }

        Assert.Equal(many.Reverse().Take(Limits.MaxRememberedAddresses), _known.InOrder([]));
    }

    [Theory]
    [InlineData(ConnectionSign.None, false, false)]
    [InlineData(ConnectionSign.Works, false, false)]
    [InlineData(ConnectionSign.Useless, false, true)]
    [InlineData(ConnectionSign.Lost, true, true)]
    public void A_useless_connection_is_dialled_again_where_there_is_another_address_and_a_lost_one_always(
        ConnectionSign sign, bool withOne, bool withTwo)
    {
        _known.InOrder([_a]);
        _known.Connected(_a);
        Assert.Equal(withOne, _known.Note(sign));

        _known.InOrder([_a, _b]);
        _known.Connected(_a);
        Assert.Equal(withTwo, _known.Note(sign));
        Assert.Equal(withTwo ? _b : _a, _known.InOrder([_a, _b])[0]);
        Assert.Equal(sign == ConnectionSign.Works, _known.HasAny);
    }

    private void Work(IPAddress address)
    {
        _known.InOrder([address]);
        _known.Connected(address);
        _known.Answered();
    }
}
