using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions;

/// <summary>How long the certificates of one file are good.</summary>
/// <param name="File">Which file.</param>
/// <param name="From">From when on.</param>
/// <param name="Until">Until when.</param>
public sealed record CertificateSpan(string File, DateTime From, DateTime Until)
{
    /// <summary>Of a certificate and its chain, which are good together or not at all: the first that ends counts.</summary>
    /// <param name="file">Where they stand.</param>
    /// <param name="spans">Of each; at least one.</param>
    public static CertificateSpan OfChain(string file, IEnumerable<(DateTime From, DateTime Until)> spans)
    {
        (DateTime from, DateTime until) = spans.MinBy(span => span.Until);
        return new CertificateSpan(file, from, until);
    }

    /// <summary>
    /// Of authorities, one of which is enough: one that has ended beside others was left behind when they were replaced, and says nothing.
    /// </summary>
    /// <param name="file">Where they stand.</param>
    /// <param name="spans">Of each; at least one.</param>
    /// <param name="now">The wall clock now.</param>
    public static CertificateSpan OfAuthorities(string file, IReadOnlyList<(DateTime From, DateTime Until)> spans, DateTime now)
    {
        (DateTime From, DateTime Until)[] good = [.. spans.Where(span => span.Until > now)];
        (DateTime from, DateTime until) = good.Length > 0 ? good.MinBy(span => span.Until) : spans.MaxBy(span => span.Until);
        return new CertificateSpan(file, from, until);
    }
}
