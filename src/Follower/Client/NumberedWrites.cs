using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Client;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Follower.Client;

/// <summary>A session that a follower holds: its key, and the numbers of its writes.</summary>
/// <param name="Key">The session, its epoch, and the connection that holds it.</param>
/// <param name="Writes">The numbers of this connection's writes.</param>
internal readonly record struct HeldSession(SessionKey Key, NumberedWrites Writes);

/// <summary>The numbers of one connection's writes, for all threads: the one place where a write gets its number.</summary>
/// <param name="time">By which they are late.</param>
internal sealed class NumberedWrites(BootTime time)
{
    private readonly Lock _lock = new();
    private readonly WriteNumbers _numbers = new();
    private TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a write with one number in all its attempts; waits while one that hangs is too far behind.</summary>
    /// <param name="write">Makes it: with its number, within so many milliseconds.</param>
    /// <param name="timeoutMs">For all of it.</param>
    /// <param name="cancellation">Ends it early.</param>
    internal async Task<T> RunAsync<T>(
        Func<Protocol.V1.WriteId, uint, Task<T>> write, uint timeoutMs, CancellationToken cancellation)
    {
        long deadlineNs = time.NowNs + Ns.FromMs(timeoutMs);
        WriteId id = await BeginAsync(deadlineNs, cancellation).ConfigureAwait(false);
        try
        {
            uint leftMs = (uint)Math.Clamp(Ns.ToMs(deadlineNs - time.NowNs), 1, timeoutMs);
            return await write(new() { Number = id.Number, FirstUnfinished = id.FirstUnfinished }, leftMs).ConfigureAwait(false);
        }
        finally
        {
            Finish(id);
        }
    }

    private async Task<WriteId> BeginAsync(long deadlineNs, CancellationToken cancellation)
    {
        while (true)
        {
            Task finished;
            lock (_lock)
            {
                if (_numbers.TryBegin(out WriteId id))
                {
                    return id;
                }

                finished = _finished.Task;
            }

            try
            {
                await finished.WaitAsync(Ns.ToTimeSpan(Ns.Left(deadlineNs, time.NowNs)), time, cancellation)
                    .ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new SessionException(
                    SessionStatus.TimedOut,
                    $"a change that hangs is {Limits.MaxUnfinishedWrites} changes of the session behind, which is the limit");
            }
            catch (OperationCanceledException)
            {
                throw MasterCalls.Cancelled(mayBeDone: false);
            }
        }
    }

    private void Finish(WriteId id)
    {
        TaskCompletionSource finished;
        lock (_lock)
        {
            _numbers.Finish(id);
            finished = _finished;
            _finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        finished.SetResult();
    }
}
