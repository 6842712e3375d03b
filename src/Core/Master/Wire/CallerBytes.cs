using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>
/// Bytes that are held for callers: of all together, and of each that has shown a name, so that one who does not read leaves room for
/// the others.
/// </summary>
/// <param name="mostOfAll">How many in all.</param>
/// <param name="mostOfOne">How many of one name; callers without a name have these together.</param>
public sealed class CallerBytes(long mostOfAll, long mostOfOne)
{
    private readonly ByteBudget _all = new(mostOfAll);
    private readonly Dictionary<string, ByteBudget> _ofOne = new(StringComparer.Ordinal);

    /// <summary>How many names have any.</summary>
    public int Count => _ofOne.Count;

    /// <summary>Takes bytes for a caller.</summary>
    /// <returns>False: there is no room now.</returns>
    public bool TryTake(string? name, long bytes)
    {
        ByteBudget own = _ofOne.GetValueOrDefault(name ?? CallerPlaces.Nameless) ?? new(mostOfOne);
        if (ByteBudget.TakeOfBoth(own, _all, bytes) != null)
        {
            return false;
        }

        _ofOne[name ?? CallerPlaces.Nameless] = own;
        return true;
    }

    /// <summary>Gives back what was taken for a caller.</summary>
    public void Return(string? name, long bytes)
    {
        ByteBudget own = _ofOne[name ?? CallerPlaces.Nameless];
        own.Return(bytes);
        _all.Return(bytes);
        if (own.Held == 0)
        {
            _ofOne.Remove(name ?? CallerPlaces.Nameless);
        }
    }
}
