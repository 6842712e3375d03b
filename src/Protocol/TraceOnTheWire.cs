using System.Diagnostics;
using Grpc.Core;

namespace Interop.Sessions.Protocol;

/// <summary>On whose behalf a call is made: the traceparent of W3C Trace Context, as a header of the request.</summary>
public static class TraceOnTheWire
{
    private const string Header = "traceparent";

    /// <summary>Of what is done now; null: it belongs to no trace.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;

    /// <summary>The headers of a call that is made now, or null: it belongs to no trace.</summary>
    public static Metadata? Headers => Current is { } id ? new Metadata { { Header, id } } : null;

    /// <summary>What a call has said; null: nothing.</summary>
    public static string? Of(Metadata headers) => headers?.GetValue(Header) is { Length: Limits.TraceParentBytes } trace ? trace : null;
}
