using System;
using System.Linq;
using Google.Protobuf;
using Interop.Sessions.Master.Store.Records;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// The keys of one cluster. All that belongs to a session lies in one folder, so that one range is all of it and of no
/// other; its own key carries its epoch, which a removal compares by it.
/// </summary>
internal sealed class EtcdKeys(string prefix)
{
    /// <summary>Which master leads; the key goes with the leader's lease. The key's create revision numbers the leadership.</summary>
    internal ByteString Leader { get; } = ByteString.CopyFromUtf8($"{prefix}/leader");

    /// <summary>What belongs to no session; each transaction changes this key.</summary>
    internal ByteString State { get; } = ByteString.CopyFromUtf8($"{prefix}/state");

    /// <summary>Where the sessions begin.</summary>
    internal ByteString Sessions { get; } = ByteString.CopyFromUtf8($"{prefix}/sessions/");

    /// <summary>Where the ends that are kept begin.</summary>
    internal ByteString Ends { get; } = ByteString.CopyFromUtf8($"{prefix}/ends/");

    /// <summary>Where the drains begin.</summary>
    internal ByteString Drains { get; } = ByteString.CopyFromUtf8($"{prefix}/drains/");

    internal string Prefix => prefix;

    /// <summary>Where all that belongs to a session lies.</summary>
    internal string FolderOf(ulong sessionId) => $"{prefix}/sessions/{RecordText.Hex(sessionId)}/";

    /// <summary>A session's own key comes first in its folder: '0' precedes 'a'.</summary>
    internal string SessionOf(ulong sessionId, ulong epoch) => FolderOf(sessionId) + RecordText.Hex(epoch);

    internal string ItemOf(ulong sessionId, string key) => $"{FolderOf(sessionId)}items/{key}";

    /// <summary>The answers to the writes of the session's connection.</summary>
    internal string WritesOf(ulong sessionId) => $"{FolderOf(sessionId)}writes";

    internal string AssignmentOf(ulong sessionId, AccessPointKind kind, string objectName) =>
        $"{AssignmentsOf(sessionId)}{(uint)kind}/{objectName}";

    /// <summary>Where a session's assignments lie.</summary>
    internal string AssignmentsOf(ulong sessionId) => $"{FolderOf(sessionId)}assignments/";

    /// <summary>An end of a revision: in the order in which they came.</summary>
    internal string EndedOf(ulong revision) => $"{prefix}/ends/{RecordText.Hex(revision)}";

    /// <summary>The drain of an identity.</summary>
    internal string DrainOf(string identity) => $"{prefix}/drains/{identity}";

    /// <summary>Does a key lie in a session's folder, beside the session's own: is it deleted with the session?</summary>
    internal bool GoesWithSession(string key)
    {
        string start = $"{prefix}/sessions/";
        string[] parts = key.StartsWith(start, StringComparison.Ordinal) ? key[start.Length..].Split('/', 2) : [];
        return parts.Length == 2 && IsHex(parts[0]) && parts[1].Length > 0 && !IsHex(parts[1]);
    }

    /// <summary>Does a key lie where the ends do, or the drains: does it belong to no session?</summary>
    internal bool IsOfNoSession(string key) =>
        key.StartsWith($"{prefix}/ends/", StringComparison.Ordinal) || key.StartsWith($"{prefix}/drains/", StringComparison.Ordinal);

    private static bool IsHex(string text) => text.Length == 16 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Whose a put is (0: no session's), and where it lies: writer and reader ask here, so that both know the same kinds.</summary>
    internal (ulong SessionId, string Key) Of(StoreChange put) => put switch
    {
        StoreChange.PutSession own => (own.Key.SessionId, SessionOf(own.Key.SessionId, own.Key.Epoch)),
        StoreChange.PutItem item => (item.SessionId, ItemOf(item.SessionId, item.Key)),
        StoreChange.PutWrites writes => (writes.SessionId, WritesOf(writes.SessionId)),
        StoreChange.PutAssignment assignment => (
            assignment.SessionId, AssignmentOf(assignment.SessionId, assignment.Kind, assignment.ObjectName)),
        StoreChange.PutEnd ended => (0, EndedOf(ended.End.Revision)),
        StoreChange.PutDrain drained => (0, DrainOf(drained.Drain.Identity)),
        _ => throw new ArgumentException($"{put.GetType().Name} is not known", nameof(put)),
    };

    /// <summary>The end of the range of all keys that begin with a text which ends with '/'.</summary>
    internal static ByteString EndOf(ByteString folder)
    {
        byte[] end = folder.ToByteArray();
        end[^1]++;
        return ByteString.CopyFrom(end);
    }

    /// <summary>A key with an ASCII character behind it.</summary>
    internal static ByteString Append(ByteString key, char character) =>
        ByteString.CopyFrom([.. key.Span, (byte)character]);
}
