using Google.Protobuf;
using Interop.Sessions.Master.Store.Records;
using Mvccpb;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// Reads keys in their order, and refuses keys that do not fit together: a person changed them by hand. The refusal names the
/// key, so that the person can mend it.
/// </summary>
internal sealed class EtcdContentCheck(EtcdKeys keys)
{
    private ulong? _session;

    /// <summary>What a key holds; null: a newer release knows what it is, and it goes with its session.</summary>
    /// <exception cref="SessionException">StoreFailed, naming the key.</exception>
    internal StoreChange? Read(KeyValue pair)
    {
        string key = pair.Key.ToStringUtf8();
        string where = NameOf(pair);
        StoreChange? put;
        try
        {
            put = RecordText.ReadPut(pair.Value.Span, where);
        }
        catch (SessionException failure)
        {
            throw Broken(failure.Message, keys.IsOfNoSession(key) ? "delete it" : "put its former value back, or delete all keys of its session");
        }

        if (put == null)
        {
            // Skipped where it does not lie in a session's folder, it would outlive what it belongs to.
            return keys.GoesWithSession(key) ? null : throw Broken(
                $"{where} is of a kind that this library does not know", "let masters of a newer release lead, or delete it");
        }

        (ulong session, string expected) = keys.Of(put);
        if (pair.Key != ByteString.CopyFromUtf8(expected))
        {
            throw Broken($"{where} holds what belongs to key {Printable.Of(expected)}", "delete it");
        }

        if (put is StoreChange.PutEnd or StoreChange.PutDrain)
        {
            return put;
        }

        if (put is not StoreChange.PutSession)
        {
            return session == _session ? put : throw Broken(
                $"{where} belongs to session {session:x16}, which is not there",
                $"delete it, with all that is left of that session (etcdctl del --prefix {keys.FolderOf(session)})");
        }

        if (session == _session)
        {
            throw Broken($"{where} is a second key of session {session:x16}", "delete the one with the lower epoch");
        }

        _session = session;
        return put;
    }

    /// <summary>What to call a key in a refusal.</summary>
    internal static string NameOf(KeyValue pair) => $"key {Printable.Of(pair.Key.ToStringUtf8())} in etcd";

    private static SessionException Broken(string what, string wayOut) =>
        new(SessionStatus.StoreFailed, $"{what}; somebody changed it by hand: {wayOut}");
}
