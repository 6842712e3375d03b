using System.Collections.Generic;
using System.Linq;
using Microsoft.Data.Sqlite;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <content>All that makes no sense, and its removal.</content>
public sealed partial class SqliteSessionStore
{
    /// <summary>Finds every row that a master would refuse.</summary>
    /// <exception cref="SessionException">StoreFailed: the file is damaged beyond single rows.</exception>
    internal IReadOnlyList<StoreFault> FindFaults() => Guard(() =>
    {
        SnapshotRules rules = new((ulong)ReadMeta()["revision"]);
        List<StoreFault> faults = [];
        foreach (StoredRow row in StoreTable.Content.SelectMany(ReadRows))
        {
            string? fault = row.Fault == null ? rules.FaultOf(row.Put!) : $"{row.Name}: {row.Fault}";
            if (fault != null)
            {
                faults.Add(new StoreFault(fault, FaultLine.Of(row, fault)) { Remove = () => Remove(row) });
            }
        }

        return faults;
    });

    /// <summary>Removes them, all or none.</summary>
    internal void Remove(IReadOnlyList<StoreFault> faults) => Write(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach (StoreFault fault in faults)
        {
            fault.Remove!();
        }

        // Whose row is gone may live, and so may the holder of what the row was before it was damaged.
        WriteMeta("is_restored", 1);
        transaction.Commit();
        return true;
    });

    private void Remove(StoredRow row)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = row.Table.Remove;
        Bind(command, [.. row.Values.Take(row.Table.Keys)]);
        command.ExecuteNonQuery();
    }
}
