using System;
using Xunit;

namespace Interop.Sessions.Core.Tests.Tls;

public sealed class CertificateSpanTests
{
    private static readonly DateTime s_now = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_chain_is_good_until_its_first_certificate_ends()
    {
        CertificateSpan span = CertificateSpan.OfChain("cert.pem", [Span(-30, 60), Span(-300, 10), Span(-1, 90)]);
        Assert.Equal(new CertificateSpan("cert.pem", s_now.AddDays(-300), s_now.AddDays(10)), span);
    }

    [Theory]
    [InlineData(-5, 90, 90)] // The old one was left in the file.
    [InlineData(5, 90, 5)] // And before it ends it is still in use.
    [InlineData(-5, -2, -2)]
    public void Of_authorities_one_is_enough(int endOfOne, int endOfOther, int end)
    {
        CertificateSpan span = CertificateSpan.OfAuthorities("ca.pem", [Span(-300, endOfOne), Span(-30, endOfOther)], s_now);
        Assert.Equal(s_now.AddDays(end), span.Until);
    }

    private static (DateTime From, DateTime Until) Span(int from, int until) => (s_now.AddDays(from), s_now.AddDays(until));
}
