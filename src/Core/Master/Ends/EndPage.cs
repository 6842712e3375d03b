using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>A page of ends.</summary>
/// <param name="Rows">In the order in which they came.</param>
/// <param name="NextRevision">Where the next page begins; 0: there is none.</param>
public sealed record EndPage(IReadOnlyList<SessionEnd> Rows, ulong NextRevision);

/// <summary>Which ends somebody asks for.</summary>
/// <param name="FromRevision">The first that may come; 0: from the oldest.</param>
/// <param name="Limit">How many at most; 0: <see cref="Limits.MaxEndsPerPage"/>.</param>
/// <param name="IdentityPrefix">What their identity begins with.</param>
/// <param name="SinceUnixMs">Not those before, in milliseconds since 1970.</param>
public sealed record EndQuery(ulong FromRevision = 0, uint Limit = 0, string IdentityPrefix = "", long SinceUnixMs = 0)
{
    /// <summary>How many rows a page has.</summary>
    internal int Rows => (int)(Limit == 0 ? Limits.MaxEndsPerPage : Limit);

    /// <summary>Is an end one of them?</summary>
    internal bool Wants(SessionEnd end) =>
        end.EndedUnixMs >= SinceUnixMs && end.Identity.StartsWith(IdentityPrefix, StringComparison.Ordinal);

    /// <exception cref="SessionException">InvalidArgument: the limit.</exception>
    internal void Require() => PageLimit.Require(Limit, Limits.MaxEndsPerPage);
}
