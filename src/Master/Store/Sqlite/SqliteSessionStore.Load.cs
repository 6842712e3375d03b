using System.Collections.Generic;
using System.Linq;
using Microsoft.Data.Sqlite;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <content>Reading everything when a leadership begins.</content>
public sealed partial class SqliteSessionStore
{
    private StoreSnapshot Load()
    {
        Dictionary<string, long> meta = ReadMeta();
        return new StoreSnapshot
        {
            MasterEpoch = (ulong)_masterEpoch,
            Revision = (ulong)meta["revision"],
            FormerRevision = (ulong)meta["revision"],
            LengthenedTermMs = (uint)meta["lengthened_term_ms"],
            IsRestored = meta["is_restored"] != 0,
            Format = ReadFormat(),
            Content = [.. StoreTable.Content.SelectMany(ReadRows).Where(IsKnown).Select(row => row.Put ?? throw Senseless(row))],
        };
    }

    /// <summary>What belongs to no session; all of it is there and in its bounds.</summary>
    private Dictionary<string, long> ReadMeta()
    {
        Dictionary<string, long> values = [];
        foreach (StoredRow row in ReadRows(StoreTable.Meta))
        {
            values[(string)(row.Fault == null ? row.Values[0] : throw Senseless(row))] = (long)row.Values[1];
        }

        foreach ((string key, long max) in MetaRows)
        {
            if (!values.TryGetValue(key, out long value) || value < 0 || value > max)
            {
                throw Damaged($"meta, row '{key}' {(values.ContainsKey(key) ? $"is {value}" : "is missing")}");
            }
        }

        return values;
    }

    private IEnumerable<StoredRow> ReadRows(StoreTable table)
    {
        using SqliteCommand command = _connection.CreateCommand();
        // In order of creation, in which the table hands out access points.
        command.CommandText = table.Select + (table == StoreTable.Sessions ? " ORDER BY epoch" : "");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            object[] values = new object[table.Columns.Length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = reader.GetValue(i);
            }

            yield return StoredRow.Of(table, values, reader.GetValue(values.Length));
        }
    }

    // An access point of a kind that only a newer release knows is skipped.
    private static bool IsKnown(StoredRow row) =>
        row.Put is not StoreChange.PutAssignment assignment || !AccessPointKinds.IsOfNewerRelease(assignment.Kind);

    private SessionException Senseless(StoredRow row) => row.Table == StoreTable.Meta
        ? Damaged($"{row.Name}: {row.Fault}")
        : new SessionException(SessionStatus.StoreFailed, $"store '{_path}': {row.Name}: {row.Fault}; {SnapshotRules.WayOut}");

    /// <summary>Faults for which no single row is to blame.</summary>
    private SessionException Damaged(string what) =>
        new(SessionStatus.StoreFailed, $"store '{_path}' is damaged: {what}. {StoreTexts.WayOutOf(_path)}");
}
