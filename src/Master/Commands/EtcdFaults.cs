using System;
using System.Collections.Generic;
using System.Linq;
using Etcdserverpb;
using Google.Protobuf;
using Interop.Sessions.Master.Leadership;
using Interop.Sessions.Master.Store;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Master.Store.Sqlite;
using Microsoft.Extensions.Logging;
using Mvccpb;

namespace Interop.Sessions.Master.Commands;

/// <summary>What makes no sense below a prefix of etcd.</summary>
internal static class EtcdFaults
{
    /// <exception cref="SessionException">StoreFailed: there is no state, or it cannot be read.</exception>
    internal static IReadOnlyList<StoreFault> Find(EtcdConnection etcd, ILogger logger)
    {
        (StateRecord state, long revision) = EtcdSessionStore.ReadState(etcd);
        SnapshotRules rules = new(state.Revision);
        EtcdContentCheck content = new(etcd.Keys);
        List<StoreFault> faults = [];
        foreach (KeyValue pair in new EtcdReader(etcd, logger).ReadPairs(revision, default))
        {
            if (FaultOf(pair, rules, content) is { } fault)
            {
                // Removed by its bytes: they need not be UTF-8.
                faults.Add(new StoreFault(fault, FaultLine.Of(pair.Key.ToStringUtf8(), pair.Value.Memory, fault)) { Key = pair.Key });
            }
        }

        return faults;
    }

    /// <summary>Removes them while no master leads.</summary>
    /// <exception cref="SessionException">NotLeader: a master leads; or Store*.</exception>
    internal static IReadOnlyList<StoreFault> Salvage(
        EtcdConnection etcd, EtcdOptions options, uint rateBoundPpm, Action<IReadOnlyList<StoreFault>> keep, ILogger logger)
    {
        using EtcdLeadership leadership = new(etcd, options, "a command", rateBoundPpm, new WriteProgress(), logger);
        StoreTransfer.Win(leadership, options, logger);
        IReadOnlyList<StoreFault> faults = Find(etcd, logger);
        if (faults.Count > 0)
        {
            keep(faults);
            NoteRestored(etcd, leadership, options);
        }

        foreach (StoreFault[] some in faults.Chunk(Limits.EtcdTransactionOperations))
        {
            TxnRequest removal = new() { Compare = { leadership.Fence } };
            removal.Success.AddRange(some.Select(fault => new RequestOp
            {
                RequestDeleteRange = new DeleteRangeRequest { Key = fault.Key },
            }));
            Make(etcd, removal, options);
        }

        return faults;
    }

    // Before anything is removed: whose key is gone may live.
    private static void NoteRestored(EtcdConnection etcd, EtcdLeadership leadership, EtcdOptions options)
    {
        (StateRecord state, _) = EtcdSessionStore.ReadState(etcd);
        byte[] restored = RecordText.Write(state with { IsRestored = true, Transactions = state.Transactions + 1 });
        TxnRequest note = new() { Compare = { leadership.Fence } };
        note.Success.Add(new RequestOp { RequestPut = new PutRequest { Key = etcd.Keys.State, Value = ByteString.CopyFrom(restored) } });
        Make(etcd, note, options);
    }

    private static void Make(EtcdConnection etcd, TxnRequest change, EtcdOptions options)
    {
        TxnResponse answer = etcd.Ask(
            (client, headers, cancellation) => client.Transaction(change, headers, null, cancellation), Limits.EtcdPatienceMs, default);
        if (!answer.Succeeded)
        {
            throw new SessionException(SessionStatus.NotLeader, $"a master leads on prefix {options.Prefix}: stop it first");
        }
    }

    // What a master refuses to load, in either of the ways in which it does.
    private static string? FaultOf(KeyValue pair, SnapshotRules rules, EtcdContentCheck content)
    {
        string? misplaced = null;
        try
        {
            content.Read(pair);
        }
        catch (SessionException refusal)
        {
            misplaced = refusal.Message;
        }

        try
        {
            return RecordText.ReadPut(pair.Value.Span, EtcdContentCheck.NameOf(pair)) is { } put
                ? rules.FaultOf(put) ?? misplaced
                : misplaced;
        }
        catch (SessionException unreadable)
        {
            return unreadable.Message;
        }
    }
}
