using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Wire = Interop.Sessions.Protocol.V1;

namespace Interop.Sessions.Control;

/// <summary>By what a list of sessions is in order.</summary>
internal static class SortText
{
    internal const string OfId = "id";

    private static readonly Dictionary<string, Comparison<Wire.SessionRow>> s_orders = new()
    {
        [OfId] = (one, other) => one.SessionId.CompareTo(other.SessionId),
        ["identity"] = (one, other) => string.CompareOrdinal(one.Description.Identity, other.Description.Identity),
        ["epoch"] = (one, other) => one.Epoch.CompareTo(other.Epoch),
        ["left"] = (one, other) => one.RemainingMs.CompareTo(other.RemainingMs),
        ["items"] = (one, other) => other.ItemCount.CompareTo(one.ItemCount),
    };

    internal static string All { get; } = string.Join(", ", s_orders.Keys);

    internal static bool IsOne(string text) => s_orders.ContainsKey(text);

    /// <summary>As they come where the master has them in order; else whole and sorted, equal ones as they came.</summary>
    internal static async IAsyncEnumerable<Wire.SessionRow> SortedAsync(this IAsyncEnumerable<Wire.SessionRow> rows, string by)
    {
        if (by == OfId)
        {
            await foreach (Wire.SessionRow row in rows.ConfigureAwait(false))
            {
                yield return row;
            }

            yield break;
        }

        List<Wire.SessionRow> all = await rows.ToListAsync().ConfigureAwait(false);
        foreach (Wire.SessionRow row in all.Order(Comparer<Wire.SessionRow>.Create(s_orders[by])))
        {
            yield return row;
        }
    }
}
