using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Writing;

/// <summary><see cref="WaitingOperations{T}"/> between the threads of the callers and that of the <see cref="CommitQueue"/>.</summary>
/// <param name="time">By which it waits.</param>
internal sealed class OperationQueue(BootTime time)
{
    private readonly object _gate = new();
    private readonly WaitingOperations<TableOperation> _waiting = new();
    private bool _isEnding;

    /// <summary>Nothing waits, and nothing will.</summary>
    internal bool IsCompleted
    {
        get
        {
            lock (_gate)
            {
                return _isEnding && _waiting.Count == 0;
            }
        }
    }

    /// <summary>How many wait, or are being committed, and the bytes of their values.</summary>
    internal (int Operations, long Bytes) Waiting
    {
        get
        {
            lock (_gate)
            {
                return (_waiting.Count + _waiting.Taken, _waiting.Bytes);
            }
        }
    }

    /// <summary>Waits until the operation is done; what its caller does not wait for is dropped.</summary>
    /// <exception cref="SessionException">Overloaded, Cancelled, or as the operation ends.</exception>
    internal async Task<T> AddAsync<T>(
        TableOperation<T> operation, long bytes, bool isBounded, CancellationToken awaited)
    {
        WaitingOperations<TableOperation>.Place place = Add(operation, bytes, isBounded);
        using CancellationTokenRegistration gone = awaited.UnsafeRegister(_ => Drop(place), null);
        return await operation.Done.ConfigureAwait(false);
    }

    /// <summary>A batch of what waits, or nothing when nothing has come for so long. Then it is to be told <see cref="Done"/>.</summary>
    internal void Take(List<TableOperation> batch, int timeoutMs)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && !_isEnding)
            {
                time.Wait(_gate, timeoutMs);
            }

            _waiting.Take(batch);
        }
    }

    internal void Done()
    {
        lock (_gate)
        {
            _waiting.Done();
        }
    }

    /// <summary>Takes no more operations.</summary>
    internal void End()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.PulseAll(_gate);
        }
    }

    private WaitingOperations<TableOperation>.Place Add(TableOperation operation, long bytes, bool isBounded)
    {
        lock (_gate)
        {
            if (_isEnding)
            {
                throw new SessionException(SessionStatus.Cancelled, "the master stops");
            }

            WaitingOperations<TableOperation>.Place place = _waiting.Add(operation, bytes, isBounded);
            Monitor.Pulse(_gate);
            return place;
        }
    }

    private void Drop(WaitingOperations<TableOperation>.Place place)
    {
        bool isDropped;
        lock (_gate)
        {
            isDropped = _waiting.Drop(place);
        }

        if (isDropped)
        {
            place.Operation.Fail(SessionException.NotAwaited());
        }
    }
}
