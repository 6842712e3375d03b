using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Store;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>
/// The rows of a store whose files are damaged. Each has a checksum of its own, so what is read is what a master has written;
/// where pages are damaged, it may be what was written earlier, or was removed since.
/// </summary>
internal sealed class SalvagedRows
{
    private static readonly StoreTable[] s_all = [StoreTable.Meta, .. StoreTable.Content];

    private readonly Dictionary<string, StoredRow> _rows = new(StringComparer.Ordinal);
    private readonly List<string> _lost = [];
    private readonly List<string> _doubtful = [];
    private readonly DamagedPages _pages;
    private readonly SqlitePages _reader;

    private SalvagedRows(DamagedPages pages)
    {
        _pages = pages;
        _reader = new SqlitePages(pages.Read, pages.PageBytes);
    }

    /// <summary>What is known to be lost.</summary>
    internal IReadOnlyList<string> Lost => _lost;

    /// <summary>What is there, and may be older than what was acknowledged last.</summary>
    internal IReadOnlyList<string> Doubtful => _doubtful;

    /// <summary>A number that belongs to no session; null: it is lost.</summary>
    internal ulong? Meta(string key) =>
        _rows.Values.FirstOrDefault(row => row.Table == StoreTable.Meta && (string)row.Values[0] == key) is { } row
            ? (ulong)(long)row.Values[1]
            : null;

    /// <summary>What the rows mean, what belongs to a session after the sessions, and these by their epochs.</summary>
    internal IEnumerable<StoreChange> Content => StoreTable.Content.SelectMany(
        table => _rows.Values.Where(row => row.Table == table && row.Put != null).Select(row => row.Put!)
            .OrderBy(put => put is StoreChange.PutSession session ? session.Key.Epoch : 0));

    /// <summary>Reads all that can be read.</summary>
    internal static SalvagedRows Read(string store)
    {
        using DamagedPages pages = new(store);
        SalvagedRows rows = new(pages);
        rows.Walk();
        if (rows._reader.Damaged.Count > 0 || pages.LogDamage != null)
        {
            rows.Scan();
        }

        rows.TakeBehindDamage();
        return rows;
    }

    private void Walk()
    {
        Dictionary<string, uint> roots = [];
        foreach (object?[] columns in _reader.Walk(1).Select(row => row.Columns).Where(columns => columns.Length >= 4))
        {
            if (columns is ["table", string name, _, long root, ..])
            {
                roots[name] = (uint)root;
            }
        }

        foreach (StoreTable table in s_all)
        {
            if (!roots.TryGetValue(table.Name, out uint root))
            {
                _lost.Add($"where the table {table.Name} is");
                continue;
            }

            foreach (PageRow row in _reader.Walk(root))
            {
                if (RowOf(table, row) is not { } found || found.Fault != null)
                {
                    _lost.Add($"a row of the table {table.Name}, or several: {RowOf(table, row)?.Fault ?? "it makes no sense"}");
                }
                else
                {
                    _rows.TryAdd(found.Name, found);
                }
            }
        }

        _lost.AddRange(_reader.Damaged.Select(page => $"page {page}, or a part of it"));
    }

    /// <summary>All pages that nothing that could be read leads to, and that are not free.</summary>
    private void Scan()
    {
        HashSet<uint> known = [.. _reader.Met.Except(_reader.Damaged), .. _pages.Free()];
        SqlitePages alone = new(_pages.Read, _pages.PageBytes);
        for (uint number = 1; number <= _pages.Count; number++)
        {
            if (!known.Contains(number) && _pages.Read(number) is { } page)
            {
                foreach (StoredRow row in SoundRowsOf(alone, number, page))
                {
                    if (_rows.TryAdd(row.Name, row))
                    {
                        _doubtful.Add($"{row.Name}: nothing leads to it; it may have been removed or changed since");
                    }
                }
            }
        }
    }

    private void TakeBehindDamage()
    {
        if (_pages.LogDamage == null)
        {
            return;
        }

        _lost.Add($"of the log '-wal' what could not be read: {_pages.LogDamage}");
        SqlitePages latest = new(_pages.ReadLatest, _pages.PageBytes);
        foreach ((uint number, byte[] page) in _pages.BehindDamage())
        {
            foreach (StoredRow row in SoundRowsOf(latest, number, page))
            {
                if (!_rows.TryGetValue(row.Name, out StoredRow? before) || AgeOf(row) > AgeOf(before))
                {
                    _rows[row.Name] = row;
                    _doubtful.Add($"{row.Name}: written behind the damage of the log; it may have been removed or changed since");
                }
            }
        }
    }

    private static IEnumerable<StoredRow> SoundRowsOf(SqlitePages reader, uint number, byte[] page) =>
        from row in reader.RowsOf(number, page)
        from table in s_all
        let found = RowOf(table, row)
        where found is { Fault: null }
        select found;

    /// <summary>The later of two rows of one key has the higher one.</summary>
    private static ulong AgeOf(StoredRow row) => row switch
    {
        { Put: StoreChange.PutSession session } => session.Key.Epoch,
        { Put: StoreChange.PutItem item } => item.Revision,
        { Put: StoreChange.PutWrites writes } => writes.Log.FirstUnfinished,
        { Table.Name: "meta" } => (ulong)(long)row.Values[1],
        _ => 0,
    };

    // Columns that a newer release has added stand behind the checksum.
    private static StoredRow? RowOf(StoreTable table, PageRow row)
    {
        int columns = table.Columns.Length;
        if (row.Columns.Length <= columns || row.IsOfIndex != table.IsWithoutRowId || row.Columns[columns] is not long)
        {
            return null;
        }

        object[] values = [.. row.Columns.Take(columns).Select(value => value ?? DBNull.Value)];
        if (!table.IsWithoutRowId)
        {
            // An integer that is the primary key is stored as the number of the row.
            values[0] = row.RowId;
        }

        return StoredRow.Of(table, values, row.Columns[columns]!);
    }
}
