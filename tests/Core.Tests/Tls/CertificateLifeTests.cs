using System;
using Xunit;

namespace Interop.Sessions.Core.Tests.Tls;

public sealed class CertificateLifeTests
{
    private static readonly DateTimeOffset s_from = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(365, 357.9, 7, false)]
    [InlineData(365, 358.1, 7, true)]
    [InlineData(365, 400, 7, true)]
    [InlineData(365, 334.9, 30, false)]
    [InlineData(365, 335.1, 30, true)]
    [InlineData(365, 364.9, 0, false)]
    // One that lives for a day, in its last quarter.
    [InlineData(1, 0.74, 7, false)]
    [InlineData(1, 0.76, 7, true)]
    // Not in the last week of four, which is more than a quarter, but in the last quarter.
    [InlineData(20, 14.9, 7, false)]
    [InlineData(20, 15.1, 7, true)]
    public void An_end_is_near_within_some_days_of_it_and_in_the_last_quarter(double days, double passed, uint warningDays, bool isNear) =>
        Assert.Equal(isNear, CertificateLife.IsNearEnd(s_from, s_from.AddDays(days), s_from.AddDays(passed), warningDays));
}
