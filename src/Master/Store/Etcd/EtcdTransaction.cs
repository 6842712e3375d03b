using System;
using System.Collections.Generic;
using System.Linq;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Master.Store.Records;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// Changes, in their order, as the operations of one transaction. etcd takes each key once, so later changes of a key
/// replace earlier ones, and a removal takes what was put before with it.
/// </summary>
internal sealed class EtcdTransaction(EtcdKeys keys, EtcdLimits limits)
{
    /// <summary>Bytes of an operation beside its key and value.</summary>
    private const int Framing = 64;

    /// <summary>That of the state.</summary>
    private const int ReservedOperations = 1;

    /// <summary>Those of the leadership and of the state.</summary>
    private const int ReservedCompares = 2;

    private readonly Dictionary<string, byte[]?> _singles = new(StringComparer.Ordinal);
    private readonly List<string> _folders = [];
    private readonly List<string> _mustExist = [];
    private readonly List<RequestOp> _ranges = [];
    private int _bytes = 1024;
    private long _assignments;

    /// <summary>Adds a change, or says that the change no longer fits. A transaction takes at least one.</summary>
    internal bool TryAdd(StoreChange change)
    {
        int operations = _singles.Count + _folders.Count;
        (StoreChange Put, byte[]? Value)[] parts = [.. PartsOf(change).Select(part => (part, ValueOf(part)))];
        int bytes = parts.Sum(part => Framing + Limits.MaxPrefixLength + Limits.MaxItemKeyBytes + (part.Value?.Length ?? 0));
        // Each is a key that etcd deletes, in one operation though it is.
        long assignments = (change as StoreChange.RemoveSession)?.Assignments ?? 0;
        int compares = _mustExist.Count + parts.Count(part => part.Put is StoreChange.RemoveSession);
        bool isFull = Most(operations + parts.Length, compares) > limits.Operations || _bytes + bytes > limits.Bytes ||
            _assignments + assignments > Limits.EtcdAssignmentsPerTransaction;
        if (operations > 0 && isFull)
        {
            return false;
        }

        _bytes += bytes;
        _assignments += assignments;
        foreach ((StoreChange put, byte[]? value) in parts)
        {
            Add(put, value);
        }

        return true;
    }

    /// <summary>What belongs to no session, if a change of this transaction says so: it goes into the state.</summary>
    internal StoreChange.PutState? State { get; private set; }

    /// <summary>Removes all keys from the first to the last, which belong to a session that must be there.</summary>
    internal void RemoveSome(string session, ByteString first, ByteString last)
    {
        _mustExist.Add(session);
        RemoveSome(first, last);
    }

    /// <summary>Removes all keys from the first to the last, whatever they belong to.</summary>
    internal void RemoveSome(ByteString first, ByteString last) => _ranges.Add(Delete(first, EtcdKeys.Append(last, '\0')));

    /// <summary>How many operations of one transaction a change takes, with what belongs to each.</summary>
    internal static int OperationsWith(StoreChange change) => Most(
        PartsOf(change).Count(), PartsOf(change).Count(part => part is StoreChange.RemoveSession));

    // etcd counts the operations and the compares each by themselves.
    private static int Most(int operations, int compares) =>
        Math.Max(operations + ReservedOperations, compares + ReservedCompares);

    /// <summary>All of them or none: a reader that finds an item finds the answer to its write, and what was made with it.</summary>
    private static IEnumerable<StoreChange> PartsOf(StoreChange change) => change.AsParts().SelectMany(part => part switch
    {
        StoreChange.PutItem { Writes: { } writes } => [part, writes],
        StoreChange.RemoveItem { Writes: { } writes } => [part, writes],
        StoreChange.RemoveSession { End: { } end } => [part, new StoreChange.PutEnd(end)],
        _ => new[] { part },
    });

    private static byte[]? ValueOf(StoreChange part) =>
        part is StoreChange.RemoveSession or StoreChange.RemoveItem or StoreChange.RemoveAssignment or StoreChange.PutState or
            StoreChange.RemoveEnd or StoreChange.RemoveDrain
            ? null
            : RecordText.Write(part);

    /// <summary>The transaction: it changes nothing unless all compares hold, and then tells why.</summary>
    internal TxnRequest Build(IEnumerable<Compare> fence, byte[] state)
    {
        TxnRequest request = new();
        request.Compare.AddRange(fence);
        request.Compare.AddRange(_mustExist.Select(key => new Compare
        {
            Key = ByteString.CopyFromUtf8(key),
            Target = Compare.Types.CompareTarget.Version,
            Result = Compare.Types.CompareResult.Greater,
            Version = 0,
        }));
        request.Success.AddRange(_ranges);
        request.Success.AddRange(_folders.Select(DeleteFolder));
        request.Success.AddRange(_singles.Select(single => single.Value == null
            ? Delete(ByteString.CopyFromUtf8(single.Key), ByteString.Empty)
            : Put(ByteString.CopyFromUtf8(single.Key), single.Value)));
        request.Success.Add(Put(keys.State, state));
        request.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = keys.State } });
        return request;
    }

    private void Add(StoreChange change, byte[]? value)
    {
        switch (change)
        {
            case StoreChange.RemoveItem remove:
                _singles[keys.ItemOf(remove.SessionId, remove.Key)] = null;
                break;
            case StoreChange.PutState put:
                State = put;
                break;
            case StoreChange.RemoveAssignment remove:
                _singles[keys.AssignmentOf(remove.SessionId, remove.Kind, remove.ObjectName)] = null;
                break;
            case StoreChange.RemoveEnd remove:
                _singles[keys.EndedOf(remove.Revision)] = null;
                break;
            case StoreChange.RemoveDrain remove:
                _singles[keys.DrainOf(remove.Identity)] = null;
                break;
            case StoreChange.RemoveSession remove:
                RemoveSession(remove);
                break;
            default:
                _singles[keys.Of(change).Key] = value;
                break;
        }
    }

    private void RemoveSession(StoreChange.RemoveSession remove)
    {
        string own = keys.SessionOf(remove.SessionId, remove.Epoch);
        string folder = keys.FolderOf(remove.SessionId);
        // Keys that this transaction itself puts are not there yet when it compares.
        if (!_singles.ContainsKey(own))
        {
            _mustExist.Add(own);
        }

        foreach (string inside in _singles.Keys.Where(key => key.StartsWith(folder, StringComparison.Ordinal)).ToList())
        {
            _singles.Remove(inside);
        }

        _folders.Add(folder);
    }

    private static RequestOp DeleteFolder(string folder)
    {
        ByteString start = ByteString.CopyFromUtf8(folder);
        return Delete(start, EtcdKeys.EndOf(start));
    }

    private static RequestOp Delete(ByteString key, ByteString end) =>
        new() { RequestDeleteRange = new DeleteRangeRequest { Key = key, RangeEnd = end } };

    private static RequestOp Put(ByteString key, byte[] value) =>
        new() { RequestPut = new PutRequest { Key = key, Value = UnsafeByteOperations.UnsafeWrap(value) } };
}

/// <summary>What this etcd takes in one transaction, as far as it is known: etcd tells its limits only by refusing.</summary>
internal sealed class EtcdLimits
{
    /// <summary>A put and the state: one that takes no more has nothing divided for it any further.</summary>
    private const int OnePut = 2;

    internal int Operations { get; private set; } = Limits.EtcdTransactionOperations;

    internal int Bytes { get; private set; } = Limits.EtcdTransactionBytes;

    internal void LowerOperations() => Operations = Operations > Limits.EtcdLeastOperations
        ? Math.Max(Limits.EtcdLeastOperations, Operations / 2)
        : OnePut;

    internal void LowerBytes() => Bytes = Math.Max(1, Bytes / 2);
}
