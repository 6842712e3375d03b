using System.Collections.Generic;
using System.Threading;

namespace Interop.Sessions.Protocol;

/// <summary>What became of something that was to be queued.</summary>
public enum Queued
{
    /// <summary>It will be taken.</summary>
    Waits,

    /// <summary>As many wait as may.</summary>
    Full,

    /// <summary>Nothing is taken any more but what waits already.</summary>
    Over,
}

/// <summary>
/// What threads of ours wait for, in order. A thread that finds nothing sleeps at once: those collections of .NET that block spin first, which took
/// as much of a processor as what they waited for.
/// </summary>
/// <typeparam name="T">What is taken.</typeparam>
/// <param name="most">How many may wait.</param>
public sealed class Inbox<T>(int most = int.MaxValue)
    where T : class
{
    private readonly object _gate = new();
    private readonly Queue<T> _waiting = new();
    private bool _isOver;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Lets it wait behind all others, if it may.</summary>
    public Queued Add(T one)
    {
        lock (_gate)
        {
            if (_isOver || _waiting.Count >= most)
            {
                return _isOver ? Queued.Over : Queued.Full;
            }

            _waiting.Enqueue(one);
            Monitor.Pulse(_gate);
            return Queued.Waits;
        }
    }

    /// <summary>The next, once there is one; null: it is over, and nothing is left.</summary>
    public T? Take()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isOver)
            {
                BootTime.OfMachine.Wait(_gate, Timeout.Infinite);
            }

            return _waiting.TryDequeue(out T? next) ? next : null;
        }
    }

    /// <summary>All that wait.</summary>
    public T[] ToArray()
    {
        lock (_gate)
        {
            return _waiting.ToArray();
        }
    }

    /// <summary>Whoever takes gets what waits, and then null. Several may, also when it is over.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.PulseAll(_gate);
        }
    }
}
