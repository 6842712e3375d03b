using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>What is said in one go.</summary>
/// <param name="Events">In order.</param>
/// <param name="Revision">All up to here has been said: a watch may go on after it. 0: not while all that there is is being said.</param>
/// <param name="IsAll">There is nothing more to say now.</param>
public sealed record WatchPage(IReadOnlyList<SessionEvent> Events, ulong Revision, bool IsAll);

/// <summary>
/// One watch: where it stands, and what it says next. First, if it is asked to, all that there is, page by page, and then what has changed
/// since the first page was read.
/// </summary>
/// <remarks>
/// Pages of what there is are read at different revisions. What has changed meanwhile is said once more behind them, from the first page
/// on, so that the state is whole at its end, as in a fuzzy checkpoint; each row has a revision, by which a reader knows what is older
/// than the row. It has no clock, thread, lock or I/O: the caller reads for it, under the table's lock, and gives it what was read.
/// </remarks>
/// <param name="filter">What it is about.</param>
/// <param name="masterEpoch">Of the leadership that it watches.</param>
/// <param name="after">All up to here is known to the watcher; null: it wants what comes from now on.</param>
/// <param name="withState">All that there is comes first, and nothing is known to the watcher.</param>
public sealed class SessionWatch(WatchFilter filter, ulong masterEpoch, ulong? after, bool withState)
{
    private readonly Queue<SessionEvent> _rows = new();
    private bool _hasBegun;

    /// <summary>With this revision the state is whole; null: the watch has none, or it is not read to its end.</summary>
    private ulong? _wholeAt;

    /// <summary>What it is about.</summary>
    public WatchFilter Filter => filter;

    /// <summary>Changes are read after it; null: from now on.</summary>
    public ulong? After { get; private set; } = withState ? null : after;

    /// <summary>From where on the next page of what there is is to be read; null: changes are to be read.</summary>
    public AccessPointPlace? StateFrom { get; private set; } = withState ? new AccessPointPlace(0) : null;

    /// <summary>Are there rows that were read and not said?</summary>
    public bool HasRows => _rows.Count > 0;

    /// <summary>Is there more to say of all that there is? Not every page of it has rows that are wanted.</summary>
    public bool IsInState => HasRows || StateFrom != null;

    /// <summary>A page of what there is was read.</summary>
    public void Take(WatchState page)
    {
        ArgumentNullException.ThrowIfNull(page);
        if (!_hasBegun)
        {
            _hasBegun = true;
            After = page.Revision;
            _rows.Enqueue(Mark(SessionEventKind.StateBegins, page.Revision));
        }

        foreach (SessionEvent row in page.Rows)
        {
            _rows.Enqueue(row with { MasterEpoch = masterEpoch });
        }

        StateFrom = page.Next;
        _wholeAt = page.Next == null ? page.Revision : null;
    }

    /// <summary>What was read and not said, as much as one page takes.</summary>
    public WatchPage TakeRows()
    {
        List<SessionEvent> said = [];
        for (int bytes = 0; said.Count < Limits.MaxWatchPageChanges && _rows.TryPeek(out SessionEvent? row);)
        {
            bytes += WatchedChange.SizeOf(row);
            if (said.Count > 0 && bytes > Limits.MaxWatchPageBytes)
            {
                break;
            }

            said.Add(_rows.Dequeue());
        }

        return new WatchPage(said, 0, IsAll: false);
    }

    /// <summary>Changes were read: what is said of them.</summary>
    public WatchPage Say(WatchSlice slice)
    {
        Debug.Assert(!IsInState, "a watch that is told a revision goes on behind it, and would never hear the rest");
        List<SessionEvent> said = [.. slice.Changes.SelectMany(change => change.Events(masterEpoch)).Where(filter.Wants)];
        After = slice.Revision;
        if (_wholeAt is { } wholeAt && slice.Revision >= wholeAt)
        {
            said.Add(Mark(SessionEventKind.StateEnds, slice.Revision));
            _wholeAt = null;
        }

        return new WatchPage(said, _wholeAt == null ? slice.Revision : 0, slice.IsAll);
    }

    private SessionEvent Mark(SessionEventKind kind, ulong revision) => new() { Kind = kind, Revision = revision, MasterEpoch = masterEpoch };
}
