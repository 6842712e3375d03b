using System;
using System.Linq;
using Interop.Sessions.Master;

namespace Interop.Sessions.Tests.Support.Stores;

/// <summary>Changes as a table makes them, and what to call them.</summary>
internal static class Changes
{
    internal static StoreChange.PutSession Session(ulong id, ulong epoch, string identity) => new(
        new SessionKey(id, epoch, ulong.MaxValue - id),
        new ServerDescription { Identity = identity, HostName = "host", ProcessId = 7, Endpoints = [new(AccessPointKind.Nfs, "nfs")] },
        10_000, new SecretHash(UInt128.MaxValue - id), IsRevoked: false, SuspectMs: null);

    internal static StoreChange.PutItem Item(ulong sessionId, string key, ulong revision, int bytes = 1) =>
        new(sessionId, key, new byte[bytes], revision);

    internal static StoreChange.PutAssignment Assignment(AccessPointKind kind, string objectName, ulong sessionId) =>
        new(kind, objectName, sessionId);

    /// <summary>What is kept of the end of a session.</summary>
    internal static SessionEnd End(ulong revision, ulong id, ulong epoch, string identity) => new()
    {
        Revision = revision,
        SessionId = id,
        Epoch = epoch,
        Identity = identity,
        HostName = "host",
        ProcessId = 7,
        PeerAddress = "[::1]:4711",
        Reason = SessionEndReason.Expired,
        Text = "no word of it",
        EndedUnixMs = 1_790_000_000_000,
        SilentMs = 10_000,
        IsHeard = true,
        IsGateClosed = false,
    };

    internal static StoreChange.PutDrain Drain(string identity) => new(new Drain { Identity = identity, Reason = "of no account", SinceUnixMs = 7 });

    /// <summary>Kind and name.</summary>
    internal static string NameOf(StoreChange put) => put switch
    {
        StoreChange.PutSession session => $"session {session.Key.SessionId}",
        StoreChange.PutItem item => $"item {item.SessionId} {item.Key}",
        StoreChange.PutAssignment assignment => $"assignment {assignment.SessionId} {assignment.Kind} {assignment.ObjectName}",
        StoreChange.PutWrites writes => $"writes {writes.SessionId}",
        StoreChange.PutEnd ended => $"end {ended.End.Revision}",
        StoreChange.PutDrain drained => $"drain {drained.Drain.Identity}",
        _ => throw new ArgumentException($"no store holds {put}", nameof(put)),
    };

    /// <summary>All of it, to the last bit.</summary>
    internal static string TextOf(StoreChange put) => put switch
    {
        StoreChange.PutSession { Key: var key, Description: var server } session =>
            $"{NameOf(put)} {key.Epoch} {key.Nonce} {server.Identity} {server.HostName} {server.ProcessId} {server.Capabilities} {server.Weight} " +
            $"{string.Join(", ", server.Endpoints.Select(endpoint => $"{(uint)endpoint.Kind} {endpoint.Address}"))} {session.TermMs} " +
            $"{session.SecretHash.Value:x32} {session.IsRevoked} '{session.RevokeReason}' {session.SuspectMs?.ToString(null, null) ?? "no suspect"}",
        StoreChange.PutItem item => $"{NameOf(put)} {item.Revision} {Convert.ToHexString(item.Value.Span)}",
        StoreChange.PutWrites { Log: var log } writes =>
            $"{NameOf(put)} {writes.Nonce} {log.FirstUnfinished}: " +
            string.Join(' ', log.Answers.Select(answer => $"{answer.Number} {answer.Revision}")),
        StoreChange.PutEnd ended => ended.End.ToString(),
        StoreChange.PutDrain drained => drained.Drain.ToString(),
        _ => NameOf(put),
    };
}
