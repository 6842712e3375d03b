using System;
using System.Buffers.Binary;
using Interop.Sessions.Master.Store.Records;
using Interop.Sessions.Store;

namespace Interop.Sessions.Master.Store.Sqlite;

/// <summary>A row as it was found, and what it means.</summary>
/// <param name="Table">Where.</param>
/// <param name="Values">Its columns as SQLite has them: long, double, string, byte[] or DBNull.</param>
/// <param name="Fault">Why it means nothing; null: it does, by itself.</param>
/// <param name="Put">What it means; null for the table meta, and with a fault.</param>
internal sealed record StoredRow(StoreTable Table, object[] Values, string? Fault, StoreChange? Put)
{
    /// <summary>What to call it.</summary>
    internal string Name => Table.NameOf(Values);

    /// <summary>Finds out what a row means.</summary>
    /// <param name="table">Where it is.</param>
    /// <param name="values">Its columns.</param>
    /// <param name="checksum">What is stored as its checksum.</param>
    internal static StoredRow Of(StoreTable table, object[] values, object checksum)
    {
        try
        {
            StoreChange? put = Decode(table, values);
            return checksum is long stored && stored == RowChecksum.Of(table.Name, values)
                ? new StoredRow(table, values, null, put)
                : new StoredRow(table, values, "its checksum is wrong: no master has written it so", null);
        }
        catch (FormatException error)
        {
            return new StoredRow(table, values, error.Message, null);
        }
    }

    private static StoreChange? Decode(StoreTable table, object[] values)
    {
        Columns row = new(table, values);
        return table.Name switch
        {
            "sessions" => new StoreChange.PutSession(
                new SessionKey(row.Id(0), row.Id(1), row.Id(2)),
                new ServerDescription
                {
                    Identity = row.Text(3),
                    HostName = row.Text(4),
                    ProcessId = row.Number(5, uint.MaxValue),
                    Capabilities = row.Id(6),
                    Endpoints = EndpointText.Read(row.Text(7)),
                    Weight = row.Number(12, uint.MaxValue),
                },
                row.Number(8, uint.MaxValue), row.SecretHash(9), row.Number(10, 1) != 0,
                values[13] is DBNull ? null : row.Number(13, uint.MaxValue))
            {
                RevokeReason = row.Text(11),
            },
            "items" => new StoreChange.PutItem(row.Id(0), row.Text(1), row.Bytes(2), row.Id(3)),
            "assignments" => new StoreChange.PutAssignment((AccessPointKind)row.Number(0, uint.MaxValue), row.Text(1), row.Id(2)),
            "writes" => new StoreChange.PutWrites(
                row.Id(0), row.Id(1), new WriteLog(row.Id(2), WriteAnswers.FromBytes(row.Bytes(3)))),
            "ends" => new StoreChange.PutEnd(new SessionEnd
            {
                Revision = row.Id(0),
                SessionId = row.Id(1),
                Epoch = row.Id(2),
                Identity = row.Text(3),
                HostName = row.Text(4),
                ProcessId = row.Number(5, uint.MaxValue),
                PeerAddress = row.Text(6),
                Reason = (SessionEndReason)row.Number(7, int.MaxValue),
                Text = row.Text(8),
                EndedUnixMs = (long)row.Id(9),
                SilentMs = (long)row.Id(10),
                IsHeard = row.Number(11, 1) != 0,
                IsGateClosed = row.Number(12, 1) != 0,
            }),
            "drains" => new StoreChange.PutDrain(new Drain
            {
                Identity = row.Text(0),
                Reason = row.Text(1),
                SinceUnixMs = (long)row.Id(2),
                MovesObjects = row.Number(3, 1) != 0,
                RevokesSession = row.Number(4, 1) != 0,
            }),
            _ => row.Meta(),
        };
    }

    /// <summary>The columns of a row by their types.</summary>
    private readonly struct Columns(StoreTable table, object[] values)
    {
        /// <summary>A number that uses all bits.</summary>
        internal ulong Id(int i) => (ulong)(values[i] is long number ? number : throw Wrong(i, "integer"));

        internal uint Number(int i, uint max) => values[i] is not long number ? throw Wrong(i, "integer")
            : number >= 0 && number <= max ? (uint)number
            : throw new FormatException($"{table.Columns[i]} is {number}; it must be 0 to {max}");

        internal string Text(int i) => values[i] is string text ? text : throw Wrong(i, "text");

        internal byte[] Bytes(int i) => values[i] is byte[] bytes ? bytes : throw Wrong(i, "blob");

        internal SecretHash SecretHash(int i) => Bytes(i) is { Length: Sessions.SecretHash.Bytes } bytes
            ? new(BinaryPrimitives.ReadUInt128LittleEndian(bytes))
            : throw new FormatException($"{table.Columns[i]} has {Bytes(i).Length} bytes; it must be {Sessions.SecretHash.Bytes}");

        internal StoreChange? Meta()
        {
            Text(0);
            Id(1);
            return null;
        }

        private FormatException Wrong(int i, string type) => new(
            $"{table.Columns[i]} is {TypeOf(values[i])}; it must be {type}");

        private static string TypeOf(object value) => value switch
        {
            long => "an integer",
            double => "a real number",
            string => "a text",
            byte[] => "a blob",
            _ => "null",
        };
    }
}
