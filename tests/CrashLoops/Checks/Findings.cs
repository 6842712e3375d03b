using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.CrashLoops.Checks;

/// <summary>What is wrong, a sentence each. Any thread.</summary>
internal sealed class Findings
{
    private const int Most = 20;

    private readonly Lock _lock = new();
    private readonly List<string> _all = [];

    internal IReadOnlyList<string> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    internal void Add(string what)
    {
        lock (_lock)
        {
            if (_all.Count < Most)
            {
                _all.Add(what);
            }
        }
    }
}
