using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Interop.Sessions.Master.Commands;
using Interop.Sessions.Master.Store.Etcd;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Master.Store.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interop.Sessions.Master.Tests.Recorded;

/// <summary>Records what this release stores and says.</summary>
internal static class Recording
{
    internal static async Task WriteAsync(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        Directory.CreateDirectory(path);
        RecordedFolder folder = new(path);
        (StoreSnapshot snapshot, ulong beginning) = WriteStore(folder);
        RecordedFolder.Write(folder.Content, ContentText.Of(snapshot));
        using (FileStream output = File.Create(folder.Export))
        {
            ExportWriter.Write(snapshot, output, NullLogger.Instance);
        }

        WriteEtcd(folder, snapshot);
        RecordedFolder.Write(folder.Messages, WireText.All.Select(WriteMessage));
        RecordedFolder.Write(folder.Calls, await CallAsync(folder, beginning));
    }

    private static (StoreSnapshot Snapshot, ulong Beginning) WriteStore(RecordedFolder folder)
    {
        using SqliteSessionStore store = new(folder.Store, 0, create: true);
        ulong beginning = store.Lead(RecordedContent.Lead).Revision;
        store.Commit(
            [.. RecordedContent.At(beginning), new StoreChange.PutState(RecordedContent.LengthenedTermMs, IsRestored: false)],
            beginning + RecordedContent.Revisions);
        return (store.Read(), beginning);
    }

    private static void WriteEtcd(RecordedFolder folder, StoreSnapshot snapshot)
    {
        EtcdKeys keys = new("");
        List<string[]> rows = [];
        foreach (StoreChange put in snapshot.Content)
        {
            EtcdTransaction transaction = new(keys, new EtcdLimits());
            transaction.TryAdd(put);
            rows.AddRange(RowsOf(transaction.Build([], [])).Where(row => row[0] != keys.State.ToStringUtf8()));
        }

        StateRecord state = new()
        {
            MasterEpoch = snapshot.MasterEpoch,
            Revision = snapshot.Revision,
            LengthenedTermMs = snapshot.LengthenedTermMs,
            StoreFormat = snapshot.Format,
            Transactions = 1,
        };
        rows.AddRange(RowsOf(new EtcdTransaction(keys, new EtcdLimits()).Build([], RecordText.Write(state))));
        RecordedFolder.Write(folder.Etcd, rows.OrderBy(row => row[0], StringComparer.Ordinal));
    }

    private static IEnumerable<string[]> RowsOf(Etcdserverpb.TxnRequest request) => request.Success.Select(
        operation => new[] { operation.RequestPut.Key.ToStringUtf8(), operation.RequestPut.Value.ToStringUtf8() });

    private static string[] WriteMessage(MessageDescriptor type)
    {
        IMessage sample = WireText.Sample(type);
        return [type.Name, sample.ToByteString().ToBase64(), WireText.Of(sample)];
    }

    private static async Task<List<string[]>> CallAsync(RecordedFolder folder, ulong beginning)
    {
        using RecordedMaster master = new(folder.Store);
        List<string[]> rows = [];
        foreach ((string method, IMessage request) in RecordedContent.CallsAt(beginning))
        {
            (byte[]? reply, SessionException? failure) = await master.SendAsync(method, request.ToByteArray());
            rows.Add(reply == null
                ? [method, request.ToByteString().ToBase64(), "-", $"{failure!.Status}"]
                : [
                    method, request.ToByteString().ToBase64(), Convert.ToBase64String(reply),
                    WireText.OfReply(method, WireText.ReplyOf(method).Parser.ParseFrom(reply)),
                ]);
        }

        return rows;
    }
}
