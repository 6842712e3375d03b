using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Writing;

/// <summary>A <see cref="TableOperation"/> with a result, for which a task waits.</summary>
/// <param name="decide">The work.</param>
/// <param name="isRead">Does it only look?</param>
/// <param name="awaited">Cancelled when no caller waits for the operation any more: then it is not done.</param>
internal sealed class TableOperation<T>(Func<SessionTable, T> decide, bool isRead, CancellationToken awaited)
    : TableOperation(isRead)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _refusal;

    internal Task<T> Done => _done.Task;

    public override void Decide(SessionTable table)
    {
        try
        {
            if (awaited.IsCancellationRequested)
            {
                throw SessionException.NotAwaited();
            }

            _result = decide(table);
            _refusal = null;
        }
        catch (Exception refusal)
        {
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_refusal != null)
        {
            _done.TryFail(_refusal);
        }
        else
        {
            _done.TrySetResult(_result!);
        }
    }

    public override void Fail(SessionException failure) => _done.TryFail(failure);
}
