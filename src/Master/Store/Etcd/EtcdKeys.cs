using Google.Protobuf;
using Interop.Sessions.Master.Store.Records;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// The keys of one cluster. All that belongs to a session lies in one folder, so that one range is all of it and of no
/// other; its own key carries its epoch, which a removal compares by it.
/// </summary>
internal sealed class EtcdKeys(string prefix)
{
    /// <summary>Who leads; it goes with the leader's lease. Its create revision numbers the leadership.</summary>
    internal ByteString Leader { get; } = ByteString.CopyFromUtf8($"{prefix}/leader");

    /// <summary>What belongs to no session; each transaction changes it.</summary>
    internal ByteString State { get; } = ByteString.CopyFromUtf8($"{prefix}/state");

    /// <summary>Where the sessions begin.</summary>
    internal ByteString Sessions { get; } = ByteString.CopyFromUtf8($"{prefix}/sessions/");

    internal string Prefix => prefix;

    /// <summary>Where all that belongs to a session lies.</summary>
    internal string FolderOf(ulong sessionId) => $"{prefix}/sessions/{RecordText.Hex(sessionId)}/";

    /// <summary>A session's own key comes first in its folder: '0' precedes 'a'.</summary>
    internal string SessionOf(ulong sessionId, ulong epoch) => FolderOf(sessionId) + RecordText.Hex(epoch);

    internal string ItemOf(ulong sessionId, string key) => $"{FolderOf(sessionId)}items/{key}";

    /// <summary>What was answered to the writes of its connection.</summary>
    internal string WritesOf(ulong sessionId) => $"{FolderOf(sessionId)}writes";

    internal string AssignmentOf(ulong sessionId, AccessPointKind kind, string objectName) =>
        $"{FolderOf(sessionId)}assignments/{(int)kind}/{objectName}";

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
