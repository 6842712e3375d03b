using System;
using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;

namespace Interop.Sessions.Fuzz.Machines;

/// <summary>What somebody knows who does as the events of a watch say, and has no code for gaps.</summary>
internal sealed class WatchedPicture
{
    private readonly Dictionary<ulong, SortedSet<string>> _bySession = [];
    private readonly Dictionary<string, ulong> _objects = [];

    /// <summary>In words, to be compared.</summary>
    internal string Text => TextOf(_bySession.SelectMany(session => session.Value.Select(said => $"{session.Key} {said}")));

    /// <summary>The same of what a table has.</summary>
    internal static string Of(SessionTable table, WatchFilter filter)
    {
        List<string> lines = [];
        string[] drained = [.. table.ListDrains("", 0, "").Rows.Select(row => row.Drain.Identity)];
        foreach (Session session in table.List(0, 0, filter.IdentityPrefix, out _))
        {
            ulong id = session.Key.SessionId;
            if ((filter.Kinds & WatchKinds.Sessions) != 0)
            {
                bool isDraining = drained.Contains(session.Description.Identity);
                lines.Add($"{id} session {session.TermMs} {session.IsRevoked} {isDraining} {session.RevokeReason}");
            }

            if ((filter.Kinds & WatchKinds.Items) != 0)
            {
                lines.AddRange(table.ListItems(id, filter.ItemKeyPrefix).Select(item => $"{id} {TextOf(item)}"));
            }
        }

        if ((filter.Kinds & WatchKinds.AccessPoints) != 0)
        {
            AccessPointQuery query = new() { IdentityPrefix = filter.IdentityPrefix, ObjectPrefix = filter.ObjectPrefix };
            lines.AddRange(table.ListAccessPoints(query).Rows.Select(row => $"{row.Server.SessionId} object {row.Kind} {row.ObjectName} at {row.Server.Endpoint}"));
        }

        return TextOf(lines);
    }

    internal void Take(SessionEvent told)
    {
        string place = $"object {told.AccessPointKind} {told.ObjectName} at ";
        switch (told.Kind)
        {
            case SessionEventKind.Created or SessionEventKind.Changed:
                Forget(told.SessionId, "session ");
                Of(told.SessionId).Add(
                    $"session {told.TermMs} {told.Flags.HasFlag(SessionFlags.Revoking)} {told.Flags.HasFlag(SessionFlags.Draining)} {told.Text}");
                break;
            case SessionEventKind.Ended:
                _bySession.Remove(told.SessionId);
                break;
            case SessionEventKind.ItemSet or SessionEventKind.ItemRemoved:
                Forget(told.SessionId, $"item {told.Item!.Key} ");
                if (told.Kind == SessionEventKind.ItemSet)
                {
                    Of(told.SessionId).Add(TextOf(told.Item));
                }

                break;
            case SessionEventKind.Assigned or SessionEventKind.Released:
                if (_objects.Remove(place, out ulong former))
                {
                    Forget(former, place);
                }

                if (told.Kind == SessionEventKind.Assigned)
                {
                    _objects[place] = told.SessionId;
                    Of(told.SessionId).Add(place + told.Endpoint);
                }

                break;
            default:
                break;
        }
    }

    private static string TextOf(Item item) => $"item {item.Key} {item.Revision} {Convert.ToHexString(item.Value.Span)}";

    private static string TextOf(IEnumerable<string> lines) => string.Join('\n', lines.Order(StringComparer.Ordinal));

    private SortedSet<string> Of(ulong session)
    {
        if (!_bySession.TryGetValue(session, out SortedSet<string>? said))
        {
            _bySession.Add(session, said = new SortedSet<string>(StringComparer.Ordinal));
        }

        return said;
    }

    private void Forget(ulong session, string start)
    {
        if (_bySession.TryGetValue(session, out SortedSet<string>? said))
        {
            said.RemoveWhere(line => line.StartsWith(start, StringComparison.Ordinal));
        }
    }
}
