using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Store.Etcd;

/// <summary>
/// Work of which one at a time is enough: a thread that needs the work while it is under way waits for the same, and gets the
/// same failure. The work goes on when the threads that wait for it lose their patience.
/// </summary>
internal sealed class SharedWork<T>(Func<Task<T>> work)
{
    private readonly Lock _lock = new();
    private Task<T>? _underWay;

    /// <summary>What is under way, or a new beginning.</summary>
    internal Task<T> Join()
    {
        lock (_lock)
        {
            return _underWay is { IsCompleted: false } underWay ? underWay : _underWay = Task.Run(work);
        }
    }
}
