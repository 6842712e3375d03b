using System.Threading;

namespace Interop.Sessions.Master.Server;

/// <summary>A <see cref="ByteBudget"/> for all threads.</summary>
/// <param name="most">How many bytes.</param>
internal sealed class SharedBudget(long most)
{
    private readonly Lock _lock = new();
    private readonly ByteBudget _budget = new(most);

    internal long Held
    {
        get
        {
            lock (_lock)
            {
                return _budget.Held;
            }
        }
    }

    internal bool TryTake(long bytes, long own = 0)
    {
        lock (_lock)
        {
            return _budget.TryTake(bytes, own);
        }
    }

    internal void Return(long bytes)
    {
        lock (_lock)
        {
            _budget.Return(bytes);
        }
    }
}
