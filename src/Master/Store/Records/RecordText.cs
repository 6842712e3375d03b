using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Interop.Sessions.Master.Store.Records;

/// <summary>Between what the table knows and its text in etcd and in exports.</summary>
internal static class RecordText
{
    internal static byte[] Write(StoredRecord record) =>
        JsonSerializer.SerializeToUtf8Bytes(record, StoredRecordJson.Default.StoredRecord);

    internal static byte[] Write(StoreChange put) => Write(ToRecord(put));

    /// <summary>Reads one: <see cref="StoredRecord"/> itself if it is of a kind that this release does not know.</summary>
    /// <exception cref="SessionException">StoreFailed, naming where it stood.</exception>
    internal static StoredRecord Read(ReadOnlySpan<byte> text, string where)
    {
        try
        {
            StoredRecord record = JsonSerializer.Deserialize(text, StoredRecordJson.Default.StoredRecord) ??
                throw new JsonException("null");
            return record.GetType() != typeof(StoredRecord) || HasKind(text) ? record : throw new JsonException("it has no kind");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw Unreadable(where, error);
        }
    }

    /// <summary>As <see cref="Read"/>, of what belongs to a session; null: a newer release knows what it is.</summary>
    internal static StoreChange? ReadPut(ReadOnlySpan<byte> text, string where) => ToPut(Read(text, where), where);

    /// <summary>What belongs to a session; null: a newer release knows what it is.</summary>
    internal static StoreChange? ToPut(StoredRecord record, string where)
    {
        try
        {
            return IsOfNewerKind(record) ? null : ToPut(record) with { Unknown = UnknownOf(record) };
        }
        catch (Exception error) when (error is FormatException or OverflowException or JsonException or InvalidOperationException)
        {
            throw Unreadable(where, error);
        }
    }

    internal static StoredRecord ToRecord(StoreChange put)
    {
        StoredRecord record = ToKnownRecord(put);
        record.Unknown = put.Unknown == null
            ? null
            : JsonSerializer.Deserialize(put.Unknown, StoredRecordJson.Default.DictionaryStringJsonElement);
        return record;
    }

    internal static string Hex(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture);

    // At the first level only: what a newer release nests may have kinds of its own.
    private static bool HasKind(ReadOnlySpan<byte> text)
    {
        Utf8JsonReader reader = new(text);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("kind"u8))
            {
                return reader.Read() && reader.TokenType == JsonTokenType.String;
            }
        }

        return false;
    }

    private static bool IsOfNewerKind(StoredRecord record) =>
        record.GetType() == typeof(StoredRecord) ||
        (record is AssignmentRecord assignment && AccessPointKinds.IsOfNewerRelease((AccessPointKind)assignment.AccessPoint));

    private static string? UnknownOf(StoredRecord record) => record.Unknown is not { Count: > 0 } unknown
        ? null
        : JsonSerializer.Serialize(unknown, StoredRecordJson.Default.DictionaryStringJsonElement);

    private static StoredRecord ToKnownRecord(StoreChange put) => put switch
    {
        StoreChange.PutSession session => new SessionRecord
        {
            Session = Hex(session.Key.SessionId),
            Epoch = session.Key.Epoch,
            NonceHash = Hex(session.Key.Nonce),
            SecretHash = session.SecretHash.Value.ToString("x32", CultureInfo.InvariantCulture),
            Identity = session.Description.Identity,
            HostName = session.Description.HostName,
            ProcessId = session.Description.ProcessId,
            Capabilities = Hex(session.Description.Capabilities),
            Endpoints = EndpointText.ToRecords(session.Description.Endpoints),
            TermMs = session.TermMs,
            IsRevoked = session.IsRevoked,
            RevokeReason = session.RevokeReason.Length == 0 ? null : session.RevokeReason,
            Weight = session.Description.Weight == Limits.DefaultWeight ? null : session.Description.Weight,
            SuspectMs = session.SuspectMs,
        },
        StoreChange.PutItem item => new ItemRecord
        {
            Session = Hex(item.SessionId),
            Key = item.Key,
            Value = item.Value.ToArray(),
            Revision = item.Revision,
        },
        StoreChange.PutAssignment assignment => new AssignmentRecord
        {
            Session = Hex(assignment.SessionId),
            AccessPoint = (uint)assignment.Kind,
            Object = assignment.ObjectName,
        },
        StoreChange.PutWrites writes => new WritesRecord
        {
            Session = Hex(writes.SessionId),
            NonceHash = Hex(writes.Nonce),
            FirstUnfinished = writes.Log.FirstUnfinished,
            Numbers = [.. writes.Log.Answers.Select(answer => answer.Number)],
            Revisions = [.. writes.Log.Answers.Select(answer => answer.Revision)],
        },
        StoreChange.PutEnd { End: var end } => new EndedRecord
        {
            Revision = end.Revision,
            Session = Hex(end.SessionId),
            Epoch = end.Epoch,
            Identity = end.Identity,
            HostName = end.HostName,
            ProcessId = end.ProcessId,
            PeerAddress = end.PeerAddress,
            Reason = (int)end.Reason,
            Text = end.Text,
            EndedUnixMs = end.EndedUnixMs,
            SilentMs = end.SilentMs,
            IsHeard = end.IsHeard,
            IsGateClosed = end.IsGateClosed,
        },
        StoreChange.PutDrain { Drain: var drain } => new DrainRecord
        {
            Identity = drain.Identity,
            Reason = drain.Reason,
            SinceUnixMs = drain.SinceUnixMs,
            MovesObjects = drain.MovesObjects,
            RevokesSession = drain.RevokesSession,
        },
        _ => throw new ArgumentException($"{put.GetType().Name} is not stored", nameof(put)),
    };

    private static StoreChange ToPut(StoredRecord record) => record switch
    {
        SessionRecord session => new StoreChange.PutSession(
            new SessionKey(FromHex(session.Session), session.Epoch, FromHex(session.NonceHash)),
            new ServerDescription
            {
                Identity = session.Identity,
                HostName = session.HostName ?? "",
                ProcessId = session.ProcessId,
                Capabilities = FromHex(session.Capabilities),
                Endpoints = EndpointText.FromRecords(session.Endpoints),
                Weight = session.Weight ?? Limits.DefaultWeight,
            },
            session.TermMs,
            new SecretHash(UInt128.Parse(session.SecretHash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
            session.IsRevoked,
            session.SuspectMs)
        {
            RevokeReason = session.RevokeReason ?? "",
        },
        ItemRecord item => new StoreChange.PutItem(FromHex(item.Session), item.Key, item.Value, item.Revision),
        AssignmentRecord assignment =>
            new StoreChange.PutAssignment((AccessPointKind)assignment.AccessPoint, assignment.Object, FromHex(assignment.Session)),
        WritesRecord writes when writes.Numbers.Length != writes.Revisions.Length => throw new FormatException(
            $"{writes.Numbers.Length} numbers have {writes.Revisions.Length} revisions"),
        WritesRecord writes => new StoreChange.PutWrites(
            FromHex(writes.Session), FromHex(writes.NonceHash),
            new WriteLog(
                writes.FirstUnfinished,
                [.. writes.Numbers.Zip(writes.Revisions, (number, revision) => new WriteAnswer(number, revision))])),
        EndedRecord end => new StoreChange.PutEnd(new SessionEnd
        {
            Revision = end.Revision,
            SessionId = FromHex(end.Session),
            Epoch = end.Epoch,
            Identity = end.Identity,
            HostName = end.HostName ?? "",
            ProcessId = end.ProcessId,
            PeerAddress = end.PeerAddress ?? "",
            Reason = (SessionEndReason)end.Reason,
            Text = end.Text ?? "",
            EndedUnixMs = end.EndedUnixMs,
            SilentMs = end.SilentMs,
            IsHeard = end.IsHeard,
            IsGateClosed = end.IsGateClosed,
        }),
        DrainRecord drain => new StoreChange.PutDrain(new Drain
        {
            Identity = drain.Identity,
            Reason = drain.Reason ?? "",
            SinceUnixMs = drain.SinceUnixMs,
            MovesObjects = drain.MovesObjects,
            RevokesSession = drain.RevokesSession,
        }),
        _ => throw new FormatException($"a record of kind {record.GetType().Name} does not belong here"),
    };

    private static ulong FromHex(string text) =>
        ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static SessionException Unreadable(string where, Exception error) =>
        new(SessionStatus.StoreFailed, $"{where} holds what this library cannot read: {error.Message}", error);
}
