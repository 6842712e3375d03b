using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>The <see cref="LogBudget"/> of one manager, for all threads.</summary>
internal sealed class LogBudgets
{
    private readonly Lock _lock = new();
    private readonly LogBudget _budget = new();

    /// <summary>May a line be written? If so, how many of its kind were left out since the last.</summary>
    internal bool TrySpend(string key, out int leftOut)
    {
        lock (_lock)
        {
            return _budget.TrySpend(key, BootClock.NowNs, out leftOut);
        }
    }
}
