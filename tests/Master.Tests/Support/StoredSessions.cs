using System;

namespace Interop.Sessions.Master.Tests.Support;

/// <summary>Changes as a table makes them.</summary>
internal static class StoredSessions
{
    internal static StoreChange.PutSession Session(ulong id, ulong epoch, string identity) => new(
        new SessionKey(id, epoch, ulong.MaxValue - id),
        new ServerDescription { Identity = identity, HostName = "host", ProcessId = 7, Endpoints = [new(AccessPointKind.Nfs, "nfs")] },
        10_000, UInt128.MaxValue - id, IsRevoked: false, SuspectMs: null);

    internal static StoreChange.PutItem Item(ulong sessionId, string key, ulong revision, int bytes = 1) =>
        new(sessionId, key, new byte[bytes], revision);
}
