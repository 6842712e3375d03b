using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master.Tests.Recorded;

/// <summary>What is recorded of a store: each kind of record, with values at the edges of their types.</summary>
internal static class RecordedContent
{
    internal const ulong Holder = 0x1111111111111111;
    internal const ulong HolderNonce = 0xf111111111111111;
    internal const ulong Server = 0x2222222222222222;
    internal const ulong ServerNonce = 0xf222222222222222;
    internal const ulong Suspect = ulong.MaxValue;
    internal const uint LengthenedTermMs = 60_000;
    internal static readonly UInt128 ServerSecret = UInt128.MaxValue - 2;

    /// <summary>When the recorded store begins: a moment before any recording, so that its numbers are always the same.</summary>
    internal static LeadRequest Lead => new() { UnixMs = 1_750_000_000_000 };

    /// <summary>How many revisions it takes.</summary>
    internal const ulong Revisions = 20;

    /// <param name="revision">Where the leadership that writes it begins to count.</param>
    internal static StoreChange[] At(ulong revision) =>
    [
        Session(Holder, revision + 1, HolderNonce, "holder", 1),
        Session(Server, revision + 2, ServerNonce, "server \u20ac/1", ServerSecret),
        Session(Suspect, revision + 3, 3, "\U0001F600", 3) with { SuspectMs = 30_000 },
        Session(4, revision + 4, 4, "revoked", 4) with { IsRevoked = true, RevokeReason = "rack 7 goes down" },
        new StoreChange.PutItem(Holder, "item", new byte[] { 0, 255, 0, 128 }, revision + 5),
        new StoreChange.PutItem(Holder, "empty", default, revision + 6),
        new StoreChange.PutItem(Server, "other/\u00e9 \"quoted\"", new byte[300], revision + 7),
        new StoreChange.PutAssignment(AccessPointKind.Nfs, "volume/with/slashes", Server),
        new StoreChange.PutAssignment(AccessPointKind.Iscsi, "volume", Suspect),
        new StoreChange.PutAssignment((AccessPointKind)uint.MaxValue, "volume", Server),
        new StoreChange.PutWrites(
            Holder, HolderNonce, new WriteLog(2, [new WriteAnswer(2, revision + 5), new WriteAnswer(4, revision + 6)])),
        new StoreChange.PutWrites(Server, ServerNonce, WriteLog.Empty),
        new StoreChange.PutEnd(End(revision + 9, "ended \u20ac")),
        new StoreChange.PutEnd(End(revision + 10, "not heard") with
        {
            HostName = "",
            PeerAddress = "",
            Reason = SessionEndReason.Revoked,
            Text = "moved \"away\"",
            IsHeard = false,
            IsGateClosed = false,
        }),
        new StoreChange.PutDrain(new Drain
        {
            Identity = "drained \u20ac/1",
            Reason = "rack 7 goes \"down\"",
            SinceUnixMs = 1_750_000_000_000,
            MovesObjects = true,
            RevokesSession = true,
        }),
        new StoreChange.PutDrain(new Drain { Identity = "revoked", SinceUnixMs = 1 }),
    ];

    /// <summary>The calls that are recorded, in their order.</summary>
    /// <param name="revision">As of <see cref="At"/>.</param>
    internal static IEnumerable<(string Method, Google.Protobuf.IMessage Request)> CallsAt(ulong revision) =>
        RecordedRequests.Of(
            new() { SessionId = Holder, Epoch = revision + 1, Nonce = HolderNonce },
            new() { SessionId = Server, Epoch = revision + 2, Nonce = ServerNonce });

    private static SessionEnd End(ulong revision, string identity) => new()
    {
        Revision = revision,
        SessionId = ulong.MaxValue - revision,
        Epoch = revision - 1,
        Identity = identity,
        HostName = $"host of {identity}",
        ProcessId = uint.MaxValue,
        PeerAddress = "[fe80::1%eth0]:65535",
        Reason = SessionEndReason.Expired,
        Text = SessionEndReason.Expired.Text(),
        EndedUnixMs = 1_750_000_000_000,
        SilentMs = 60_000,
        IsHeard = true,
        IsGateClosed = true,
    };

    private static StoreChange.PutSession Session(ulong id, ulong epoch, ulong nonce, string identity, UInt128 secret) => new(
        new SessionKey(id, epoch, nonce),
        new ServerDescription
        {
            Identity = identity,
            HostName = $"host of {identity}",
            ProcessId = uint.MaxValue,
            Capabilities = ulong.MaxValue,
            Weight = id == Server ? Limits.MaxWeight : Limits.DefaultWeight,
            Endpoints = [new(AccessPointKind.Nfs, $"nfs{id % 10}:2049"), new((AccessPointKind)uint.MaxValue, "own/\u20ac")],
        },
        60_000, SecretHash.Of(secret), IsRevoked: false, SuspectMs: null);
}
