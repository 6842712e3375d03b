using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;
using Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Follower.Client;

/// <content>What a follower forwards for its session.</content>
internal sealed partial class SessionClient
{
    /// <summary>Gives a session back or acknowledges its loss; best effort, since expiry does the rest.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="effectsOverNs">
    /// When the last effect of the holder is over: the master is not told before that, since it may give the work on at once. 0:
    /// no follower held the session.
    /// </param>
    internal async Task CloseSessionAsync(SessionKey key, long effectsOverNs)
    {
        CloseSessionRequest request = new() { Session = ToWire(key) };
        for (long leftNs; (leftNs = Ns.Left(effectsOverNs, endpoints.Time.NowNs)) > 0;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Ns.ToMsUp(leftNs)), endpoints.Time).ConfigureAwait(false);
        }

        try
        {
            await CallAsync(
                (client, options) => client.CloseSessionAsync(request, options), CallKind.Repeatable,
                Limits.CloseTimeoutMs, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SessionException error)
        {
            FollowerLog.CloseNotTold(logger, key.SessionId, error.Message);
        }
    }

    internal async Task<ulong> SetItemAsync(
        HeldSession session, string itemKey, ReadOnlyMemory<byte> value, ulong? compareRevision, uint timeoutMs,
        CancellationToken cancellation)
    {
        if (value.Length > Limits.MaxItemBytes)
        {
            throw new SessionException(
                SessionStatus.ItemTooLarge, $"value has {value.Length} bytes; the limit is {Limits.MaxItemBytes}");
        }

        SetItemRequest request = new()
        {
            Session = ToWire(session.Key),
            Key = itemKey,
            Value = ByteString.CopyFrom(value.Span),
        };
        if (compareRevision is { } compared)
        {
            request.CompareRevision = compared;
        }

        SetItemReply reply = await session.Writes.RunAsync(
            (write, leftMs) =>
            {
                request.Write = write;
                return CallAsync(
                    (client, options) => client.SetItemAsync(request, options), CallKind.NumberedWrite, leftMs, cancellation);
            },
            timeoutMs, cancellation).ConfigureAwait(false);
        return reply.Revision;
    }

    internal async Task RemoveItemAsync(
        HeldSession session, string itemKey, ulong? compareRevision, uint timeoutMs, CancellationToken cancellation)
    {
        RemoveItemRequest request = new() { Session = ToWire(session.Key), Key = itemKey };
        if (compareRevision is { } compared)
        {
            request.CompareRevision = compared;
        }

        await session.Writes.RunAsync(
            (write, leftMs) =>
            {
                request.Write = write;
                return CallAsync(
                    (client, options) => client.RemoveItemAsync(request, options), CallKind.NumberedWrite, leftMs, cancellation);
            },
            timeoutMs, cancellation).ConfigureAwait(false);
    }

    internal async Task<ulong> ApplyItemsAsync(
        HeldSession session, IReadOnlyList<Sessions.ItemChange> changes, uint timeoutMs, CancellationToken cancellation)
    {
        ApplyItemsRequest request = new() { Session = ToWire(session.Key) };
        request.Changes.AddRange(changes.Select(ToWire));
        ApplyItemsReply reply = await session.Writes.RunAsync(
            (write, leftMs) =>
            {
                request.Write = write;
                return CallAsync(
                    (client, options) => client.ApplyItemsAsync(request, options), CallKind.NumberedWrite, leftMs, cancellation);
            },
            timeoutMs, cancellation).ConfigureAwait(false);
        return reply.Revision;
    }

    internal async Task<Item> GetItemAsync(
        SessionKey key, string itemKey, uint timeoutMs, CancellationToken cancellation)
    {
        GetItemRequest request = new() { Session = ToWire(key), Key = itemKey };
        GetItemReply reply = await CallAsync(
            (client, options) => client.GetItemAsync(request, options), CallKind.Repeatable, timeoutMs, cancellation)
            .ConfigureAwait(false);
        return AnswersOnTheWire.Of(reply.Item);
    }

    internal async Task<IReadOnlyList<Item>> ListItemsAsync(
        SessionKey key, string prefix, uint timeoutMs, CancellationToken cancellation)
    {
        ListItemsRequest request = new() { Session = ToWire(key), Prefix = prefix };
        ListItemsReply reply = await CallAsync(
            (client, options) => client.ListItemsAsync(request, options), CallKind.Repeatable, timeoutMs, cancellation)
            .ConfigureAwait(false);
        return [.. reply.Items.Select(AnswersOnTheWire.Of)];
    }

    internal async Task<AccessPoint> FindAccessPointAsync(
        SessionKey key, Sessions.AccessPointKind kind, string objectName, uint timeoutMs, CancellationToken cancellation)
    {
        FindAccessPointRequest request = new()
        {
            Session = ToWire(key),
            Kind = (uint)kind,
            Object = objectName,
        };
        FindAccessPointReply reply = await CallAsync(
            (client, options) => client.FindAccessPointAsync(request, options), CallKind.Repeatable, timeoutMs, cancellation)
            .ConfigureAwait(false);
        return new AccessPoint(reply.SessionId, reply.Epoch, reply.Identity, reply.Endpoint, reply.Revision);
    }

    internal async Task ReleaseAccessPointAsync(
        SessionKey key, Sessions.AccessPointKind kind, string objectName, AccessPoint? found, uint timeoutMs,
        CancellationToken cancellation)
    {
        ReleasedAssignment released = ReleasedAssignment.Of(found);
        ReleaseAccessPointRequest request = new()
        {
            Session = ToWire(key),
            Kind = (uint)kind,
            Object = objectName,
            ServerSessionId = released.SessionId,
            ServerEpoch = released.Epoch,
            Revision = released.Revision,
        };

        // A release that names its assignment does nothing when it comes once more; a release that names none could take a
        // newer assignment away.
        await CallAsync(
            (client, options) => client.ReleaseAccessPointAsync(request, options), released.SessionId != 0 ? CallKind.Repeatable : CallKind.Once,
            timeoutMs, cancellation).ConfigureAwait(false);
    }

    internal async Task<Sessions.ReportWindow> ReportDataAsync(
        HeldSession session, Sessions.ReportWindow window, ReadOnlyMemory<ulong> pids, uint timeoutMs,
        CancellationToken cancellation)
    {
        ReportDataRequest request = new()
        {
            Session = ToWire(session.Key),
            Window = new() { StartPid = window.StartPid, ReportSize = window.ReportSize },
        };
        request.Pids.AddRange(pids.ToArray());
        ReportDataReply reply = await session.Writes.RunAsync(
            (write, leftMs) =>
            {
                request.Write = write;
                return CallAsync(
                    (client, options) => client.ReportDataAsync(request, options), CallKind.NumberedWrite, leftMs, cancellation);
            },
            timeoutMs, cancellation).ConfigureAwait(false);
        return AnswersOnTheWire.Of(reply.Next);
    }

    internal async Task<SessionPage> ListSessionsAsync(
        SessionKey key, string identityPrefix, ulong fromSessionId, uint limit, uint timeoutMs, CancellationToken cancellation)
    {
        ListSessionsRequest request = new()
        {
            Session = ToWire(key),
            IdentityPrefix = identityPrefix,
            FromSessionId = fromSessionId,
            Limit = limit,
        };
        long sentNs = endpoints.Time.NowNs;
        ListSessionsReply reply = await CallAsync(
            (client, options) => client.ListSessionsAsync(request, options), CallKind.Repeatable, timeoutMs, cancellation)
            .ConfigureAwait(false);
        return new SessionPage([.. reply.Sessions.Select(row => AnswersOnTheWire.Of(row, reply.MasterEpoch, sentNs))], reply.NextSessionId);
    }

    internal async Task<SessionRow> FindSessionAsync(
        SessionKey key, string identity, uint timeoutMs, CancellationToken cancellation)
    {
        FindSessionRequest request = new() { Session = ToWire(key), Identity = identity };
        long sentNs = endpoints.Time.NowNs;
        FindSessionReply reply = await CallAsync(
            (client, options) => client.FindSessionAsync(request, options), CallKind.Repeatable, timeoutMs, cancellation)
            .ConfigureAwait(false);
        return AnswersOnTheWire.Of(reply.Found, reply.MasterEpoch, sentNs);
    }

    internal async Task<IReadOnlyList<Item>> ListSessionItemsAsync(
        SessionKey key, ulong sessionId, string prefix, uint timeoutMs, CancellationToken cancellation)
    {
        ListSessionItemsRequest request = new() { Session = ToWire(key), SessionId = sessionId, Prefix = prefix };
        ListItemsReply reply = await CallAsync(
            (client, options) => client.ListSessionItemsAsync(request, options), CallKind.Repeatable, timeoutMs, cancellation)
            .ConfigureAwait(false);
        return [.. reply.Items.Select(AnswersOnTheWire.Of)];
    }

    private static Protocol.V1.ItemChange ToWire(Sessions.ItemChange change)
    {
        Protocol.V1.ItemChange wire = new()
        {
            Kind = (uint)change.Kind,
            Key = change.Key,
            Value = ByteString.CopyFrom(change.Value.Span),
        };
        if (change.CompareRevision is { } compared)
        {
            wire.CompareRevision = compared;
        }

        return wire;
    }
}
