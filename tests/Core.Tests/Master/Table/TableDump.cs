using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Interop.Sessions.Master;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Everything that a table holds as text, so that two states compare by eye.</summary>
internal static class TableDump
{
    /// <summary>With deadlines and marks of memory.</summary>
    internal static string Of(SessionTable table) => Write(table, withMemory: true);

    /// <summary>Only what is in a store: a successor's table has the same.</summary>
    internal static string OfDurable(SessionTable table) => Write(table, withMemory: false);

    private static string Write(SessionTable table, bool withMemory)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"revision {table.Revision}, {table.Count} sessions");
        foreach (Session session in AllOf(table))
        {
            Append(text, session, withMemory);
        }

        EndPage page = new([], 0);
        do
        {
            page = table.ListEnds(new EndQuery(page.NextRevision));
            foreach (SessionEnd end in page.Rows)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{end}");
            }
        }
        while (page.NextRevision != 0);

        foreach (DrainRow row in table.ListDrains("", 0, "").Rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{row}");
        }

        return text.ToString();
    }

    internal static IEnumerable<Session> AllOf(SessionTable table)
    {
        ulong from = 0;
        do
        {
            foreach (Session session in table.List(from, Limits.MaxSessionsPerPage, "", out from))
            {
                yield return session;
            }
        }
        while (from != 0);
    }

    private static void Append(StringBuilder text, Session session, bool withMemory)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"{session.Key}, {session.Description}, term {session.TermMs}, secret {session.SecretHash}")
            .AppendLine(CultureInfo.InvariantCulture, $"  revoked {session.IsRevoked}, drained {session.Drain}, {session.Items.Bytes} item bytes");
        if (withMemory)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  deadline {session.DeadlineNs}, suspect {session.SuspectMs}, condemned {session.IsCondemned}, filed {session.WheelNode?.List != null}");
        }

        foreach (Item item in session.Items.Decided)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"  item {item.Key} of {item.Revision}: {Convert.ToHexString(item.Value.Span)}");
        }

        foreach ((AccessPointKind kind, string objectName) in session.Assignments.OrderBy(a => a.Kind).ThenBy(
            a => a.ObjectName, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  serves {kind} {objectName}");
        }
    }
}
