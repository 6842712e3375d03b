using System;
using System.Collections.Generic;
using Google.Protobuf;
using Interop.Sessions.Master.Server.Rows;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Server;

/// <summary>What a right is asked to: an identity, or that of a session, or any of a list.</summary>
/// <param name="Identity">The identity, or what those of a list begin with; null: none is named.</param>
/// <param name="SessionId">The session whose identity it is; null: the identity is named itself.</param>
/// <param name="IsList">Of a list any is enough: it shows nothing that its caller may not read.</param>
internal readonly record struct RightSubject(string? Identity = null, ulong? SessionId = null, bool IsList = false);

/// <summary>One right that a verb needs.</summary>
/// <param name="RightOf">Which, as a request says.</param>
/// <param name="SubjectOf">To what.</param>
internal sealed record RightNeeded(Func<IMessage, Right> RightOf, Func<IMessage, RightSubject> SubjectOf)
{
    internal RightNeeded(Right right, Func<IMessage, RightSubject> subjectOf)
        : this(_ => right, subjectOf)
    {
    }
}

/// <summary>
/// What every verb of both services needs. What belongs to a session needs the right to hold the session's identity; what shows sessions
/// to a follower needs the right to read beside that, and what assigns objects to servers the right to assign. A verb that is not in the
/// table is denied to everybody.
/// </summary>
internal static class VerbRights
{
    private static readonly Dictionary<string, RightNeeded[]> s_needed = new(StringComparer.Ordinal)
    {
        [OfSessions("CreateSession")] = [CreatedIdentity],
        [OfSessions("ReattachSession")] = [Named<ReattachSessionRequest>(Right.Hold, request => request.Identity)],
        // Of some identity; StreamRights asks for each session.
        [OfSessions("KeepAlive")] = [new RightNeeded(Right.Hold, _ => default)],
        [OfSessions("CloseSession")] = [Own<CloseSessionRequest>(request => request.Session)],
        [OfSessions("SetItem")] = [Own<SetItemRequest>(request => request.Session)],
        [OfSessions("RemoveItem")] = [Own<RemoveItemRequest>(request => request.Session)],
        [OfSessions("ApplyItems")] = [Own<ApplyItemsRequest>(request => request.Session)],
        [OfSessions("GetItem")] = [Own<GetItemRequest>(request => request.Session)],
        [OfSessions("ListItems")] = [Own<ListItemsRequest>(request => request.Session)],
        [OfSessions("FindAccessPoint")] = [Own<FindAccessPointRequest>(request => request.Session), Assign],
        [OfSessions("ReleaseAccessPoint")] = [Own<ReleaseAccessPointRequest>(request => request.Session), Assign],
        [OfSessions("ReportData")] = [Own<ReportDataRequest>(request => request.Session)],
        [OfSessions("ListSessions")] = [Own<ListSessionsRequest>(request => request.Session), List],
        [OfSessions("FindSession")] =
            [Own<FindSessionRequest>(request => request.Session), Named<FindSessionRequest>(Right.Read, request => request.Identity)],
        [OfSessions("ListSessionItems")] =
        [
            Own<ListSessionItemsRequest>(request => request.Session),
            OfSession<ListSessionItemsRequest>(Right.Read, request => request.SessionId),
        ],
        // To read anything at all.
        [OfAdministration("GetStatus")] = [new RightNeeded(Right.Read, _ => new RightSubject(IsList: true))],
        [OfAdministration("Resign")] = [new RightNeeded(Right.Administer, _ => default)],
        [OfSessions("Watch")] = [Own<WatchRequest>(request => request.Session), Watch],
        [OfAdministration("ListSessions")] = [List],
        [OfAdministration("ListEnds")] = [ListOf<ListEndsRequest>(request => request.IdentityPrefix)],
        [OfAdministration("Watch")] = [Watch],
        [OfAdministration("ListSessionItems")] = [OfSession<ListSessionItemsRequest>(Right.Read, request => request.SessionId)],
        [OfAdministration("Drain")] = [Named<DrainRequest>(Right.Administer, request => request.Identity)],
        [OfAdministration("Undrain")] = [Named<UndrainRequest>(Right.Administer, request => request.Identity)],
        [OfAdministration("ListDrains")] = [ListOf<ListDrainsRequest>(request => request.IdentityPrefix)],
        [OfAdministration("ListAccessPoints")] = [ListOf<ListAccessPointsRequest>(request => request.IdentityPrefix)],
        [OfAdministration("RevokeSession")] = [OfSession<RevokeSessionRequest>(Right.Administer, request => request.SessionId)],
    };

    /// <summary>A session with endpoints is sent the users of objects.</summary>
    private static RightNeeded CreatedIdentity =>
        Named<CreateSessionRequest>(Right.Hold, request => request.Description?.Identity) with
        {
            RightOf = request => ((CreateSessionRequest)request).Description?.Endpoints.Count > 0 ? Right.Serve : Right.Hold,
        };

    private static RightNeeded Assign => new(Right.Assign, _ => default);

    private static RightNeeded List => ListOf<ListSessionsRequest>(request => request.IdentityPrefix);

    private static RightNeeded Watch => ListOf<WatchRequest>(request => request.IdentityPrefix);

    /// <summary>What a method needs; null: it is not in the table.</summary>
    /// <param name="method">"/package.Service/Method".</param>
    internal static IReadOnlyList<RightNeeded>? Of(string method) => s_needed.GetValueOrDefault(method);

    private static string OfSessions(string method) => $"/{Protocol.V1.Sessions.Descriptor.FullName}/{method}";

    private static string OfAdministration(string method) => $"/{Administration.Descriptor.FullName}/{method}";

    private static RightNeeded ListOf<T>(Func<T, string> prefixOf) =>
        new(Right.Read, request => new RightSubject(IdentityIn(prefixOf((T)request)), IsList: true));

    private static RightNeeded Named<T>(Right right, Func<T, string?> identityOf) =>
        new(right, request => new RightSubject(IdentityIn(identityOf((T)request) ?? "")));

    private static RightNeeded OfSession<T>(Right right, Func<T, ulong> sessionOf) =>
        new(right, request => new RightSubject(SessionId: sessionOf((T)request)));

    /// <summary>The caller's own session; one that is missing is refused by the verb itself.</summary>
    private static RightNeeded Own<T>(Func<T, Protocol.V1.SessionKey?> keyOf) =>
        OfSession<T>(Right.Hold, request => keyOf(request)?.SessionId ?? 0);

    private static string IdentityIn(string given) => WireInput.Text("identity", given, Limits.MaxIdentityBytes);
}
