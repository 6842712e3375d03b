using System;
using System.Collections.Generic;
using System.Linq;

namespace Interop.Sessions.Master;

/// <summary>What is counted for one group of one quota.</summary>
internal sealed class QuotaCount(StockQuota quota, string group)
{
    internal StockQuota Quota => quota;

    internal string Group => group;

    internal ulong Sessions { get; set; }

    /// <summary>Of keys and values, as decided.</summary>
    internal ulong ItemBytes { get; set; }
}

/// <summary>
/// What sessions and items there are below each prefix that a quota names, as decided. What is there when a quota comes into force stays; only
/// what would add to it is refused.
/// </summary>
internal sealed class QuotaCounts(QuotaBoard board)
{
    private readonly Dictionary<(StockQuota Quota, string Group), QuotaCount> _counts = [];
    private StockQuota[] _counted = board.Current;

    /// <summary>Counts by the quotas that are in force by now, if those are others.</summary>
    internal void Follow(IReadOnlyCollection<Session> sessions)
    {
        if (ReferenceEquals(board.Current, _counted))
        {
            return;
        }

        _counted = board.Current;
        _counts.Clear();
        foreach (Session session in sessions)
        {
            Add(session);
        }
    }

    /// <summary>Those that a session of an identity counts for; one that nothing is counted for yet, too.</summary>
    internal QuotaCount[] Of(string identity) =>
        _counted.Length == 0 ? [] :
        [
            .. from quota in _counted
               let @group = quota.GroupOf(identity)
               where @group != null
               select _counts.GetValueOrDefault((quota, @group)) ?? new QuotaCount(quota, @group),
        ];

    internal void Add(Session session)
    {
        session.Items.Quotas = Of(session.Description.Identity);
        foreach (QuotaCount count in session.Items.Quotas)
        {
            count.Sessions++;
            count.ItemBytes += session.Items.Bytes;
            _counts[(count.Quota, count.Group)] = count;
        }
    }

    internal void Remove(Session session)
    {
        foreach (QuotaCount count in session.Items.Quotas)
        {
            count.Sessions--;
            count.ItemBytes -= session.Items.Bytes;
            if (count.Sessions == 0)
            {
                _counts.Remove((count.Quota, count.Group));
            }
        }

        session.Items.Quotas = [];
    }

    /// <exception cref="SessionException">TooManySessions: one more would be more than a quota allows.</exception>
    internal void RequireSession(string identity)
    {
        foreach (QuotaCount count in Of(identity))
        {
            if (count.Sessions >= count.Quota.MostSessions)
            {
                throw new SessionException(
                    SessionStatus.TooManySessions,
                    $"there are {count.Sessions} sessions, which is sessions={count.Quota.MostSessions} of {count.Quota.Say(count.Group)}");
            }
        }
    }

    /// <exception cref="SessionException">TooManyItems: these would be more than a quota allows.</exception>
    internal static void RequireItemBytes(SessionItems items, ulong bytes)
    {
        if (bytes <= items.Bytes)
        {
            return;
        }

        foreach (QuotaCount count in items.Quotas)
        {
            ulong all = count.ItemBytes + (bytes - items.Bytes);
            if (all > count.Quota.MostItemBytes)
            {
                throw new SessionException(
                    SessionStatus.TooManyItems,
                    $"items would have {all} bytes, which is beyond item_bytes={count.Quota.MostItemBytes} of {count.Quota.Say(count.Group)}");
            }
        }
    }

    /// <summary>Where what is counted is not what there is.</summary>
    internal IEnumerable<string> BrokenInvariants(IReadOnlyCollection<Session> sessions)
    {
        foreach (QuotaCount count in _counts.Values)
        {
            Session[] counted = [.. sessions.Where(session => session.Items.Quotas.Contains(count))];
            ulong bytes = counted.Aggregate(0UL, (sum, session) => sum + session.Items.Bytes);
            if (((ulong)counted.Length, bytes) != (count.Sessions, count.ItemBytes) || counted.Length == 0)
            {
                yield return $"{count.Quota.Say(count.Group)} counts {count.Sessions} sessions with {count.ItemBytes} bytes; " +
                    $"there are {counted.Length} with {bytes}";
            }
        }
    }
}
