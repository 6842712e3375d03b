using System;
using Grpc.Core;

namespace Interop.Sessions.Protocol;

/// <summary>A token as a header of a request: "authorization: Bearer ..." (RFC 6750).</summary>
public static class BearerOnTheWire
{
    /// <summary>The header's name.</summary>
    public const string Header = "authorization";

    private const string Scheme = "Bearer ";

    /// <summary>The header's value for a token.</summary>
    public static string ValueOf(string token) => Scheme + token;

    /// <summary>What a call has sent; null: no such header. A header of another scheme is a token that nobody has.</summary>
    public static string? Of(Metadata headers) => headers?.GetValue(Header) is not { } value ? null
        : value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..]
        : "";
}
