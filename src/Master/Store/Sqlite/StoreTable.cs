using System.Globalization;
using System.Linq;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>
/// A table of the SQLite file: its columns, without the checksum of them that each has as its last. Columns that a newer
/// release adds stand behind, and are in no checksum of this release.
/// </summary>
/// <param name="Name">As in the file.</param>
/// <param name="Keys">How many columns, the first ones, are the primary key.</param>
/// <param name="Columns">In the file's order.</param>
internal sealed record StoreTable(string Name, int Keys, params string[] Columns)
{
    internal static readonly StoreTable Meta = new("meta", 1, "key", "value");

    internal static readonly StoreTable Sessions = new(
        "sessions", 1, "id", "epoch", "nonce_hash", "identity", "host_name", "process_id", "capabilities", "endpoints",
        "term_ms", "secret_hash", "is_revoked", "revoke_reason", "weight", "suspect_ms");

    internal static readonly StoreTable Items = new("items", 2, "session_id", "key", "value", "revision");

    internal static readonly StoreTable Assignments = new("assignments", 2, "kind", "object_name", "session_id");

    internal static readonly StoreTable Writes = new("writes", 1, "session_id", "nonce_hash", "first_unfinished", "answers");

    internal static readonly StoreTable Ends = new(
        "ends", 1, "revision", "session_id", "epoch", "identity", "host_name", "process_id", "peer_address", "reason", "text",
        "ended_unix_ms", "silent_ms", "is_heard", "is_gate_closed");

    internal static readonly StoreTable Drains = new(
        "drains", 1, "identity", "reason", "since_unix_ms", "moves_objects", "revokes_session");

    /// <summary>All of a store's content, what belongs to a session after the sessions.</summary>
    internal static readonly StoreTable[] Content = [Sessions, Items, Assignments, Writes, Ends, Drains];

    /// <summary>Are its rows the keys of a b-tree, and have no numbers?</summary>
    internal bool IsWithoutRowId => this != Sessions && this != Writes;

    /// <summary>Reads all rows.</summary>
    internal string Select => $"SELECT {string.Join(", ", Columns)}, checksum FROM {Name}";

    /// <summary>Adds a row, or replaces the one of its key.</summary>
    internal string Put =>
        $"INSERT INTO {Name} ({string.Join(", ", Columns)}, checksum) VALUES ({string.Join(", ", Enumerable.Range(1, Columns.Length + 1).Select(i => $"${i}"))}) " +
        $"ON CONFLICT ({string.Join(", ", Columns.Take(Keys))}) DO UPDATE SET " +
        string.Join(", ", Columns.Skip(Keys).Append("checksum").Select(column => $"{column} = excluded.{column}"));

    /// <summary>Removes a row of whatever key.</summary>
    internal string Remove => $"DELETE FROM {Name} WHERE {OfKey}";

    /// <summary>Gives a row another checksum.</summary>
    internal string SetChecksum => $"UPDATE {Name} SET checksum = ${Keys + 1} WHERE {OfKey}";

    private string OfKey => string.Join(" AND ", Columns.Take(Keys).Select((column, i) => $"{column} IS ${i + 1}"));

    /// <summary>What to call a row.</summary>
    internal string NameOf(object[] values) => $"{Name}, row " + string.Join(' ', values.Take(Keys).Select((value, i) => value switch
    {
        long number when Columns[i].EndsWith("id", System.StringComparison.Ordinal) =>
            ((ulong)number).ToString("x16", CultureInfo.InvariantCulture),
        string text => $"'{text}'",
        _ => System.Convert.ToString(value, CultureInfo.InvariantCulture),
    }));
}
