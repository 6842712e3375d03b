using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>A page of the objects that are assigned to servers.</summary>
/// <param name="Rows">In the order of their servers' session ids, of their kinds and of their names.</param>
/// <param name="Next">Where the next page begins; null: there is none. A page that is not full, or empty, may be followed by others.</param>
public sealed record AccessPointPage(IReadOnlyList<AccessPointRow> Rows, AccessPointPlace? Next);

/// <summary>An object, and the server that answers for it.</summary>
/// <param name="Kind">How it is reached.</param>
/// <param name="ObjectName">Its name.</param>
/// <param name="Server">The session that answers for it, and where.</param>
public sealed record AccessPointRow(AccessPointKind Kind, string ObjectName, AccessPoint Server);

/// <summary>A place in the order of a list of access points.</summary>
/// <param name="SessionId">Of the server's session.</param>
/// <param name="Kind">Of the object.</param>
/// <param name="ObjectName">Its name.</param>
public sealed record AccessPointPlace(ulong SessionId, AccessPointKind Kind = default, string ObjectName = "");

/// <summary>Which access points somebody asks for.</summary>
public sealed record AccessPointQuery
{
    /// <summary>Of this object alone, whatever its kinds; empty: of all.</summary>
    public string ObjectName { get; init; } = "";

    /// <summary>What the names of objects begin with.</summary>
    public string ObjectPrefix { get; init; } = "";

    /// <summary>Of this kind; 0: of all.</summary>
    public AccessPointKind Kind { get; init; }

    /// <summary>What the identities of their servers begin with.</summary>
    public string IdentityPrefix { get; init; } = "";

    /// <summary>The first that may come; null: from the start.</summary>
    public AccessPointPlace? From { get; init; }

    /// <summary>How many at most; 0: <see cref="Limits.MaxAccessPointsPerPage"/>.</summary>
    public uint Limit { get; init; }

    /// <summary>How many rows a page has.</summary>
    internal int Rows => (int)(Limit == 0 ? Limits.MaxAccessPointsPerPage : Limit);

    /// <summary>Is an object one of them?</summary>
    internal bool Wants((AccessPointKind Kind, string ObjectName) place) =>
        (Kind == 0 || place.Kind == Kind) && place.ObjectName.StartsWith(ObjectPrefix, StringComparison.Ordinal);

    /// <summary>Is a server one of theirs?</summary>
    internal bool Wants(string identity) => identity.StartsWith(IdentityPrefix, StringComparison.Ordinal);

    /// <exception cref="SessionException">InvalidArgument: the limit.</exception>
    internal void Require() => PageLimit.Require(Limit, Limits.MaxAccessPointsPerPage);
}
