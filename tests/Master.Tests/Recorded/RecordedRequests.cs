using System.Collections.Generic;
using Google.Protobuf;
using Interop.Sessions.Protocol;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Master.Tests.Recorded;

/// <summary>Each call of a follower and of an operator, for two sessions that the recorded store has.</summary>
internal static class RecordedRequests
{
    private const string Sessions = "/interop.sessions.v1.Sessions/";
    private const string Administration = "/interop.sessions.v1.Administration/";

    internal static IEnumerable<(string Method, IMessage Request)> Of(Protocol.V1.SessionKey holder, Protocol.V1.SessionKey server)
    {
        Protocol.V1.WriteId fifth = new() { Number = 5, FirstUnfinished = 5 };
        ByteString value = ByteString.CopyFrom(7, 0, 9);
        yield return (Administration + "ListSessions", new ListSessionsRequest { Limit = 10 });
        yield return (Administration + "ListEnds", new ListEndsRequest { Limit = 10 });
        yield return (Administration + "ListSessionItems", new ListSessionItemsRequest { SessionId = holder.SessionId });
        yield return (Sessions + "GetItem", new GetItemRequest { Session = holder, Key = "item" });
        yield return (Sessions + "SetItem", new SetItemRequest { Session = holder, Key = "new", Value = value, Write = fifth });
        yield return (Sessions + "SetItem", new SetItemRequest { Session = holder, Key = "new", Value = value, Write = fifth });
        yield return (Sessions + "SetItem", new SetItemRequest { Session = holder, Key = "new", Value = value, CompareRevision = 1 });
        yield return (Sessions + "RemoveItem", new RemoveItemRequest { Session = holder, Key = "empty" });
        yield return (Sessions + "GetItem", new GetItemRequest { Session = holder, Key = "empty" });
        ApplyItemsRequest apply = new() { Session = holder, Write = new() { Number = 6, FirstUnfinished = 5 } };
        apply.Changes.Add(
        [
            new Protocol.V1.ItemChange { Kind = 1, Key = "one", Value = value, CompareRevision = 0 },
            new Protocol.V1.ItemChange { Kind = 2, Key = "new" },
            new Protocol.V1.ItemChange { Kind = 3, Key = "empty", CompareRevision = 0 },
        ]);
        yield return (Sessions + "ApplyItems", apply);
        yield return (Sessions + "ApplyItems", apply);
        yield return (Sessions + "ApplyItems", new ApplyItemsRequest { Session = holder, Changes = { apply.Changes } });
        yield return (Sessions + "ListItems", new ListItemsRequest { Session = holder });
        yield return (Sessions + "FindAccessPoint", new FindAccessPointRequest
        {
            Session = holder,
            Kind = (uint)AccessPointKind.Nfs,
            Object = "volume/with/slashes",
        });
        yield return (Sessions + "FindAccessPoint", new FindAccessPointRequest { Session = holder, Object = "of no kind" });
        KeepAliveRequest renewals = new() { BatchId = 3 };
        renewals.Renewals.Add([holder, new Protocol.V1.SessionKey { SessionId = 77, Epoch = 1, Nonce = 1 }]);
        renewals.Inquiries.Add(server);
        renewals.GateClosed.Add(server.SessionId);
        yield return (Sessions + "KeepAlive", renewals);
        yield return (Sessions + "ReportData", new ReportDataRequest { Session = holder, Window = new() { ReportSize = 2 } });
        yield return (Sessions + "ReattachSession", new ReattachSessionRequest
        {
            SessionId = server.SessionId,
            Identity = "server \u20ac/1",
            Secret = SecretOnTheWire.ToWire(RecordedContent.ServerSecret),
            Nonce = 0xabc,
            SecretHash = SecretOnTheWire.ToWire(SecretHash.Of(1)),
        });
        yield return (Sessions + "SetItem", new SetItemRequest { Session = server, Key = "of the former connection" });
        CreateSessionRequest create = new()
        {
            Nonce = 0xdef,
            SecretHash = SecretOnTheWire.ToWire(SecretHash.Of(2)),
            Description = new() { Identity = "another", HostName = "host", ProcessId = 1, Capabilities = 5, TermMs = 2000 },
        };
        create.Description.Endpoints.Add(
        [
            new Protocol.V1.Endpoint { Kind = (uint)AccessPointKind.NvmeOf, Address = "nqn.2026-01.test:another" },
            new Protocol.V1.Endpoint { Kind = (uint)AccessPointKinds.FirstOfHosts, Address = "own" },
        ]);
        yield return (Sessions + "CreateSession", create);
        yield return (Sessions + "CreateSession", new CreateSessionRequest { Nonce = 0xdea, Description = create.Description });
        CreateSessionRequest withItems = new() { Nonce = 0xdeb, Description = new() { Identity = "with items", TermMs = 2000 } };
        withItems.Items.Add(new Protocol.V1.Item { Key = "rack", Value = value });
        yield return (Sessions + "CreateSession", withItems);
        yield return (Sessions + "CreateSession", withItems);
        yield return (Administration + "ListDrains", new ListDrainsRequest { Limit = 10 });
        yield return (Administration + "ListAccessPoints", new ListAccessPointsRequest { Limit = 10 });
        yield return (Administration + "ListAccessPoints", new ListAccessPointsRequest { Object = "volume", IdentityPrefix = "server" });
        yield return (Sessions + "CreateSession", new CreateSessionRequest { Nonce = 0xdec, Description = new() { Identity = "drained \u20ac/1" } });
        yield return (Administration + "Undrain", new UndrainRequest { Identity = "drained \u20ac/1" });
        yield return (Administration + "Drain", new DrainRequest { Identity = "server \u20ac/1", Reason = "recorded", Move = true, Revoke = true });
        yield return (Administration + "RevokeSession", new RevokeSessionRequest
        {
            SessionId = holder.SessionId,
            Epoch = holder.Epoch,
            Reason = "recorded",
        });
        yield return (Sessions + "GetItem", new GetItemRequest { Session = holder, Key = "item" });
        yield return (Sessions + "CloseSession", new CloseSessionRequest { Session = holder });
        yield return (Administration + "ListEnds", new ListEndsRequest { IdentityPrefix = "hold" });
    }
}
