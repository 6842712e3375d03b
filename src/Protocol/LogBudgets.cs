using System.Threading;

namespace Interop.Sessions.Protocol;

/// <summary>A <see cref="LogBudget"/> for all threads.</summary>
public sealed class LogBudgets
{
    private readonly Lock _lock = new();
    private readonly LogBudget _budget = new();

    /// <summary>May a line be written? If so, how many of its kind were left out since the last.</summary>
    public bool TrySpend(string key, out int leftOut)
    {
        lock (_lock)
        {
            return _budget.TrySpend(key, BootClock.NowNs, out leftOut);
        }
    }
}
