using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// The latest durable changes of one leadership, in the order of their revisions: what a watch that was away, or reads slowly, is still
/// told. Bounded in number and bytes; the oldest go first.
/// </summary>
/// <remarks>
/// A watch of a former leadership may go on without a gap if it had said all that the store had when this one began: if it stands at
/// exactly the last revision that was committed before. A watch that stands lower has missed what a former leader made durable and
/// could tell nobody; one that stands higher has seen what a store that went back has lost. Both are told so: COMPACTED.
/// </remarks>
/// <param name="most">How many changes.</param>
/// <param name="mostBytes">And of how many bytes together; the latest change is kept whatever its size.</param>
/// <param name="beginning">Where this leadership has begun to count: all changes are later.</param>
/// <param name="former">The last revision that was committed before: nothing has changed between the two.</param>
public sealed class WatchHistory(int most, long mostBytes, ulong beginning, ulong former)
{
    private WatchedChange[] _ring = [];
    private int _first;

    /// <summary>How many changes there are.</summary>
    public int Count { get; private set; }

    /// <summary>How much they are, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>All that was durable at this revision is known, and said to whoever asks for it.</summary>
    public ulong Durable { get; private set; } = beginning;

    /// <summary>Where this leadership has begun to count.</summary>
    public ulong Beginning { get; } = beginning;

    /// <summary>The revision of the latest change that is no longer here.</summary>
    public ulong Forgotten { get; private set; } = beginning;

    /// <summary>What a batch has changed is durable.</summary>
    /// <param name="changes">In their order.</param>
    /// <param name="revision">How far has been counted with them.</param>
    public void Accept(List<WatchedChange> changes, ulong revision)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (WatchedChange change in changes)
        {
            Add(change);
        }

        Durable = revision;
    }

    /// <summary>What comes after a revision, in order.</summary>
    /// <param name="after">All up to it is known to whoever asks; null: asked for is what comes from now on.</param>
    /// <param name="mostBytes">Of how many bytes together, but one change at least.</param>
    /// <exception cref="SessionException">Compacted: not all that comes after it is here.</exception>
    public WatchSlice Read(ulong? after, int mostBytes = Limits.MaxWatchPageBytes)
    {
        ulong from = after == null ? Durable : after == former ? Beginning : after.Value;
        if (from < Forgotten || from > Durable)
        {
            throw new SessionException(
                SessionStatus.Compacted,
                $"what has changed after revision {after} is not known here any more: known is what came after {Forgotten}, up to {Durable}");
        }

        int next = IndexAfter(from);
        List<WatchedChange> read = [];
        for (long bytes = 0; next < Count && read.Count < Limits.MaxWatchPageChanges; next++)
        {
            WatchedChange change = At(next);
            bytes += change.Bytes;
            if (read.Count > 0 && bytes > mostBytes)
            {
                break;
            }

            read.Add(change);
        }

        return next == Count ? new WatchSlice(read, Durable, IsAll: true) : new WatchSlice(read, read[^1].Revision, IsAll: false);
    }

    private void Add(WatchedChange change)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_first + Count) % _ring.Length] = change;
        Count++;
        Bytes += change.Bytes;
        while (Count > 1 && (Count > most || Bytes > mostBytes))
        {
            Forget();
        }
    }

    private void Forget()
    {
        WatchedChange oldest = At(0);
        _ring[_first] = default;
        _first = (_first + 1) % _ring.Length;
        Count--;
        Bytes -= oldest.Bytes;
        Forgotten = oldest.Revision;
    }

    private void Grow()
    {
        WatchedChange[] larger = new WatchedChange[Math.Max(16, Math.Min(2 * Count, most + 1))];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = At(i);
        }

        (_ring, _first) = (larger, 0);
    }

    private WatchedChange At(int index) => _ring[(_first + index) % _ring.Length];

    private int IndexAfter(ulong revision)
    {
        (int low, int high) = (0, Count);
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = At(middle).Revision <= revision ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

/// <summary>Changes that follow each other.</summary>
/// <param name="Changes">In order; none where nothing has changed.</param>
/// <param name="Revision">With them all is known up to here.</param>
/// <param name="IsAll">Nothing that is durable comes after them.</param>
public readonly record struct WatchSlice(IReadOnlyList<WatchedChange> Changes, ulong Revision, bool IsAll);
