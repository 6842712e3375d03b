using System;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Threads;

/// <summary>One call's work on the table, waiting in the <see cref="CommitQueue"/>.</summary>
internal abstract class TableOperation(bool isRead)
{
    /// <summary>Does it only look? Then it runs after the commit, and sees nothing that is not durable.</summary>
    internal bool IsRead => isRead;

    /// <summary>Runs on the table, in its lock; a refusal is kept for <see cref="Complete"/>.</summary>
    internal abstract void Decide(SessionTable table);

    /// <summary>Answers the caller: the result or the refusal.</summary>
    internal abstract void Complete();

    /// <summary>Answers the caller: the store failed.</summary>
    internal abstract void Fail(SessionException failure);

    /// <summary>What nobody waits for any more is not done.</summary>
    internal static SessionException NotAwaited() => new(SessionStatus.Cancelled, "the caller does not wait any more");
}

/// <summary>A <see cref="TableOperation"/> with a result.</summary>
/// <param name="decide">The work.</param>
/// <param name="isRead">Does it only look?</param>
/// <param name="awaited">Cancelled when nobody waits for it any more: then it is not done.</param>
internal sealed class TableOperation<T>(Func<SessionTable, T> decide, bool isRead, CancellationToken awaited)
    : TableOperation(isRead)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _refusal;

    internal Task<T> Done => _done.Task;

    internal override void Decide(SessionTable table)
    {
        try
        {
            if (awaited.IsCancellationRequested)
            {
                throw NotAwaited();
            }

            _result = decide(table);
            _refusal = null;
        }
        catch (Exception refusal)
        {
            _refusal = refusal;
        }
    }

    internal override void Complete()
    {
        if (_refusal != null)
        {
            _done.TrySetException(_refusal);
        }
        else
        {
            _done.TrySetResult(_result!);
        }
    }

    internal override void Fail(SessionException failure) => _done.TrySetException(failure);
}
