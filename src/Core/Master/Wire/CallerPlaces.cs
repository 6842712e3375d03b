using System;
using System.Collections.Generic;

namespace Interop.Sessions.Master;

/// <summary>How many streams each caller has that has shown a name.</summary>
/// <param name="most">Of one name.</param>
public sealed class CallerPlaces(int most)
{
    /// <summary>No caller is named so: callers without a name have their places together.</summary>
    internal const string Nameless = "";

    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <summary>How many names have any.</summary>
    public int Count => _taken.Count;

    /// <summary>A stream begins, or is refused.</summary>
    /// <returns>Null, or why not.</returns>
    public SessionException? Begin(string? name)
    {
        int taken = _taken.GetValueOrDefault(name ?? Nameless);
        if (taken >= most)
        {
            return SessionException.Overloaded(
                $"{taken} watches of {(name == null ? "callers without a name" : $"'{name}'")} are in progress, as many as may be", Limits.WireRetryMs);
        }

        _taken[name ?? Nameless] = taken + 1;
        return null;
    }

    /// <summary>A stream that was begun has ended.</summary>
    public void End(string? name)
    {
        if (--_taken[name ?? Nameless] == 0)
        {
            _taken.Remove(name ?? Nameless);
        }
    }
}
