using System;
using System.Text;
using CsCheck;
using Xunit;

namespace Interop.Sessions.Core.Tests;

public sealed class Utf8OrderTests
{
    // Few letters, so that prefixes are shared; both sides of the surrogates, where UTF-16 sorts otherwise.
    private static readonly Gen<string> _texts = Gen.OneOf(
        "a", "b", "\u007F", "\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFD", "\U00010000", "\U0010FFFF")
        .Array[0, 6].Select(string.Concat);

    [Fact]
    public void Texts_are_in_the_order_of_their_bytes() =>
        Gen.Select(_texts, _texts).Sample((left, right) =>
            Math.Sign(Utf8Order.Instance.Compare(left, right)) ==
            Math.Sign(Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))));
}
