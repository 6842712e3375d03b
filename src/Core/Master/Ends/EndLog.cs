using System;
using System.Collections.Generic;
using System.Text;

namespace Interop.Sessions.Master;

/// <summary>
/// The ends that are kept, in their order: for a day, and no more than there is room for. The log only says what is to go; its
/// owner makes that durable, and undoes it if the store fails.
/// </summary>
/// <param name="most">How many are kept.</param>
/// <param name="mostBytes">And of how many bytes together.</param>
public sealed class EndLog(int most, long mostBytes)
{
    /// <summary>What an end takes beside its texts, in bytes: its numbers and what is around them.</summary>
    private const int BytesOfNumbers = 160;

    private readonly List<SessionEnd> _ends = [];
    private int _first;
    private int _durableFirst;

    /// <summary>How many there are.</summary>
    public int Count => _ends.Count - _first;

    /// <summary>How much they are, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>All of them, the oldest first.</summary>
    public IEnumerable<SessionEnd> All
    {
        get
        {
            for (int i = _first; i < _ends.Count; i++)
            {
                yield return _ends[i];
            }
        }
    }

    /// <summary>What an end counts for, in bytes.</summary>
    public static int SizeOf(SessionEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return BytesOfNumbers + Encoding.UTF8.GetByteCount(end.Identity) + Encoding.UTF8.GetByteCount(end.HostName) +
            Encoding.UTF8.GetByteCount(end.PeerAddress) + Encoding.UTF8.GetByteCount(end.Text);
    }

    /// <summary>One that the store has, in any order.</summary>
    public void Load(SessionEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        _ends.Insert(IndexOf(end.Revision, _first), end);
        Bytes += SizeOf(end);
    }

    /// <summary>A session has ended, after all others.</summary>
    public void Add(SessionEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        _ends.Add(end);
        Bytes += SizeOf(end);
    }

    /// <summary>The last that was added did not become durable.</summary>
    public void RemoveNewest()
    {
        Bytes -= SizeOf(_ends[^1]);
        _ends.RemoveAt(_ends.Count - 1);
    }

    /// <summary>
    /// The oldest, if it has to go, which is then gone; null: all may stay. Of those that are merely a day old only some go with one
    /// new end, so that the end after a quiet night is no larger transaction than any other.
    /// </summary>
    /// <param name="unixMs">The date.</param>
    /// <param name="taken">How many have gone for the same new end.</param>
    public SessionEnd? TakeOldest(long unixMs, int taken)
    {
        if (Count < 2)
        {
            return null;
        }

        SessionEnd oldest = _ends[_first];
        bool isOver = Count > most || Bytes > mostBytes;
        if (!isOver && (taken >= Limits.MaxAgedEndsPerEnd || unixMs - oldest.EndedUnixMs < Limits.EndsKeptMs))
        {
            return null;
        }

        _first++;
        Bytes -= SizeOf(oldest);
        return oldest;
    }

    /// <summary>That the last one went did not become durable.</summary>
    public void PutBack() => Bytes += SizeOf(_ends[--_first]);

    /// <summary>All that was added and has gone is durable.</summary>
    public void Accept()
    {
        if (_first > Limits.MaxForgottenEnds && _first > Count)
        {
            _ends.RemoveRange(0, _first);
            _first = 0;
        }

        _durableFirst = _first;
    }

    /// <summary>A page of those that are durable, the oldest first.</summary>
    /// <param name="asked">Which.</param>
    /// <param name="durableRevision">Later ones are not durable yet; those that go with them are not gone yet.</param>
    public EndPage List(EndQuery asked, ulong durableRevision)
    {
        ArgumentNullException.ThrowIfNull(asked);
        asked.Require();
        List<SessionEnd> rows = [];
        for (int i = IndexOf(asked.FromRevision, _durableFirst); i < _ends.Count && _ends[i].Revision <= durableRevision; i++)
        {
            if (!asked.Wants(_ends[i]))
            {
                continue;
            }

            if (rows.Count == asked.Rows)
            {
                return new EndPage(rows, _ends[i].Revision);
            }

            rows.Add(_ends[i]);
        }

        return new EndPage(rows, 0);
    }

    /// <summary>Where an end of a revision is, or would be.</summary>
    private int IndexOf(ulong revision, int first)
    {
        (int low, int high) = (first, _ends.Count);
        // The next is later than all, where a store gives them in their order.
        if (high > low && _ends[high - 1].Revision < revision)
        {
            return high;
        }

        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = _ends[middle].Revision < revision ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
