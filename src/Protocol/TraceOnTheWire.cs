using System.Diagnostics;
using Grpc.Core;

namespace Interop.Sessions.Protocol;

/// <summary>On whose behalf a call is made: the traceparent of W3C Trace Context, as a header of the request.</summary>
public static class TraceOnTheWire
{
    private const string Header = "traceparent";

    /// <summary>Bytes of a traceparent of version 00; a longer text is something else.</summary>
    private const int Bytes = 55;

    /// <summary>The headers of a call that is made now, or null: it belongs to no trace.</summary>
    public static Metadata? Headers => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? new Metadata { { Header, id } } : null;

    /// <summary>What a call has said; null: nothing.</summary>
    public static string? Of(Metadata headers) => headers?.GetValue(Header) is { Length: Bytes } trace ? trace : null;
}
