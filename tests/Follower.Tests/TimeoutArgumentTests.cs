using System;
using System.Globalization;
using Interop.Sessions.Follower.Tests.Support;
using Interop.Sessions.Tests.Support;
using Xunit;

namespace Interop.Sessions.Follower.Tests;

/// <summary>A time-out that no call has is an argument like any other.</summary>
public sealed class TimeoutArgumentTests : IDisposable
{
    private static readonly ReportWindow _window = new(1, 1);
    private readonly LyingMaster _master = new();
    private readonly TestFollower _test;

    public TimeoutArgumentTests() => _test = new TestFollower(_master.Address);

    private SessionFollower Follower => _test.Follower;

    [Theory]
    [InlineData(0U)]
    [InlineData(Limits.MaxTimeoutMs + 1)]
    public void Every_call_refuses_it(uint timeoutMs)
    {
        ulong epoch = _test.Create().Epoch;
        Action[] calls =
        [
            () => Follower.SetItem(epoch, "k", new byte[1], null, timeoutMs),
            () => Follower.RemoveItem(epoch, "k", null, timeoutMs),
            () => Follower.GetItem(epoch, "k", timeoutMs),
            () => Follower.ListItems(epoch, "", timeoutMs),
            () => Follower.FindAccessPoint(epoch, AccessPointKind.Nfs, "o", timeoutMs),
            () => Follower.ReleaseAccessPoint(epoch, AccessPointKind.Nfs, "o", null, timeoutMs),
            () => Follower.ReportData(epoch, _window, Array.Empty<ulong>(), timeoutMs),
            () => Follower.Begin(
                epoch, timeoutMs, ending => Follower.GetItemAsync(epoch, "k", cancellationToken: ending),
                (_, _) => Assert.Fail("completed")),
            () => Follower.Begin(
                epoch, timeoutMs, ending => Follower.RemoveItemAsync(epoch, "k", cancellationToken: ending),
                _ => Assert.Fail("completed")),
            () => Follower.Ordered.BeginCreateSession(TestFollower.Description, timeoutMs, (_, _) => { }),
            () => Follower.Ordered.BeginReattachSession(1, 1, timeoutMs, (_, _) => { }),
        ];

        Assert.All(calls, call =>
        {
            SessionException refusal = Assert.Throws<SessionException>(call);
            Assert.Equal(SessionStatus.InvalidArgument, refusal.Status);
            Assert.Contains(timeoutMs.ToString(CultureInfo.InvariantCulture), refusal.Message, StringComparison.Ordinal);
        });
        Assert.Equal(0, _master.Sets);
    }

    public void Dispose()
    {
        _test.Dispose();
        _master.Dispose();
    }
}
