using System.Globalization;
using Interop.Sessions.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Interop.Sessions.Master.Server;

/// <summary>
/// Counts calls that were refused, by kind and status: what a stranger sends that makes no sense costs this, and no line of a
/// log. The instrument is <c>interop_sessions.master.refused_calls</c> of the meter <c>Interop.Sessions.Master</c>.
/// </summary>
internal sealed class RefusedCalls(MasterMetrics metrics)
{
    /// <summary>Before gRPC saw it.</summary>
    internal void Note(RequestKind kind, SessionStatus status) => metrics.NoteRefused(kind.Class, kind.Message, status);

    /// <summary>As its answer says; gRPC puts it into the headers if there is nothing between those and the trailers.</summary>
    internal void Note(RequestKind kind, HttpContext answered)
    {
        string? said = answered.Response.Headers[StatusOnTheWire.StatusTrailer];
        said ??= answered.Features.Get<IHttpResponseTrailersFeature>()?.Trailers[StatusOnTheWire.StatusTrailer];
        if (int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            Note(kind, (SessionStatus)status);
        }
    }
}
