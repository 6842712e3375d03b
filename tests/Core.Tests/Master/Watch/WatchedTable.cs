using System.Collections.Generic;
using System.Linq;
using Interop.Sessions.Master;

namespace Interop.Sessions.Core.Tests.Master;

/// <summary>Reads watches of a table as a master does.</summary>
internal static class WatchedTable
{
    /// <summary>All that has changed after a revision.</summary>
    internal static IReadOnlyList<SessionEvent> ChangesAfter(this SessionTable table, ulong after, WatchFilter? filter = null)
    {
        SessionWatch watch = new(filter ?? new WatchFilter(), table.MasterEpoch, after, withState: false);
        List<SessionEvent> said = [];
        bool isAll = false;
        while (!isAll)
        {
            WatchPage page = watch.Say(table.ReadChanges(watch.After));
            said.AddRange(page.Events);
            isAll = page.IsAll;
        }

        return said;
    }

    /// <summary>The next page of a watch.</summary>
    internal static WatchPage NextOf(this SessionTable table, SessionWatch watch)
    {
        if (watch is { HasRows: false, StateFrom: { } from })
        {
            watch.Take(table.ReadState(watch.Filter, from));
        }

        return watch.IsInState ? watch.TakeRows() : watch.Say(table.ReadChanges(watch.After));
    }

    /// <summary>What a watch says until there is nothing more.</summary>
    internal static IReadOnlyList<SessionEvent> AllOf(this SessionTable table, SessionWatch watch)
    {
        List<SessionEvent> said = [];
        WatchPage page;
        do
        {
            page = table.NextOf(watch);
            said.AddRange(page.Events);
        }
        while (!page.IsAll);
        return said;
    }

    internal static IEnumerable<SessionEventKind> Kinds(this IEnumerable<SessionEvent> said) => said.Select(one => one.Kind);
}
