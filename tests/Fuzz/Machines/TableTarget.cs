using System.Linq;
using Interop.Sessions.Fuzz.Engine;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>
/// A table under calls, expiry, batches that a store takes or not, and leaderships that follow each other. What it shows between two
/// batches is what the store has.
/// </summary>
internal static class TableTarget
{
    internal static FuzzTarget Target { get; } = new("table", Run) { MostBytes = 400 };

    private static void Run(byte[] bytes)
    {
        ByteInput input = new(bytes);
        SessionTableSettings settings = TableCalls.Settings(input);
        StoreModel store = new();
        Ids ids = new();
        long nowNs = 1_000 * Ns.PerSecond;
        ulong masterEpoch = 1;
        SessionTable table = new(settings, store.Snapshot(masterEpoch, 100), ids.Next, nowNs);
        TableCalls calls = new(input);
        string durable = TextOf(table);
        while (!input.IsOver)
        {
            nowNs += input.PassingNs();
            switch (input.Below(16))
            {
                case 0 or 1 or 2:
                    store.Commit(table.Changes);
                    Accept(table);
                    durable = TextOf(table);
                    break;
                case 3:
                    table.Undo();
                    break;
                case 4:
                    int due = table.Expire(nowNs, 1 + input.Below(4));
                    Expect.That(due <= 4, "more expire than may");
                    break;
                case 5:
                    table.ExtendAll(nowNs);
                    break;
                case 6 when table.Changes.Count == 0:
                    table = new SessionTable(settings, store.Snapshot(++masterEpoch, table.Revision), ids.Next, nowNs);
                    Expect.Same(durable, TextOf(table), "what the next leadership finds");
                    break;
                default:
                    calls.Call(table, nowNs);
                    break;
            }

            string[] broken = [.. table.BrokenInvariants()];
            Expect.That(broken.Length == 0, string.Join("; ", broken));
            Expect.Same(durable, TextOf(table), "what is durable before the store has it");
        }
    }

    private static void Accept(SessionTable table)
    {
        table.Accept();
        table.EndsAreTold();
    }

    /// <summary>What others are shown.</summary>
    internal static string TextOf(SessionTable table) => string.Join(
        '\n',
        [
            .. table.List(0, 0, "", out _).Select(session => TextOf(table, session)),
            .. table.ListDrains("", 0, "").Rows.Select(row => row.Drain.ToString()),
        ]);

    private static string TextOf(SessionTable table, Session session) =>
        $"{session.Key.SessionId} {session.Key.Epoch} {session.Description.Identity} {session.ItemCount} " +
        string.Join(' ', table.ListItems(session.Key.SessionId, "").Select(item => $"{item.Key}={item.Value.Length}@{item.Revision}"));

    /// <summary>Random enough, and the same each time.</summary>
    internal sealed class Ids
    {
        private ulong _last;

        internal ulong Next() => ++_last * 0x9E37_79B9_7F4A_7C15;

    }
}
