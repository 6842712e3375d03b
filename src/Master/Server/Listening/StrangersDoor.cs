using System;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Master.Server.Listening;

/// <summary>
/// What strangers send goes through one door, one connection at a time, and each time behind all that waits for the thread
/// pool at that moment. So however many strangers there are, a renewal finds no more before it than what one connection may
/// have in progress. A connection that has proved to hold a session does not go through the door.
/// </summary>
internal sealed class StrangersDoor : IDisposable
{
    private readonly SemaphoreSlim _door = new(1, 1);

    /// <summary>Waits for its turn.</summary>
    internal async Task PassAsync()
    {
        await _door.WaitAsync().ConfigureAwait(false);
        try
        {
            // Behind what is in the pool's queue; ConfigureAwait has no say in it.
            await Task.Yield();
        }
        finally
        {
            _door.Release();
        }
    }

    /// <summary>The transport of a connection, behind the door.</summary>
    internal IDuplexPipe Behind(IDuplexPipe transport, ClientConnection connection) =>
        new Transport(new Input(transport.Input, connection, this), transport.Output);

    public void Dispose() => _door.Dispose();

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Input(PipeReader input, ClientConnection connection, StrangersDoor door) : PipeReader
    {
        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            ReadResult result = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (!connection.IsProven && !result.IsCompleted)
            {
                await door.PassAsync().ConfigureAwait(false);
            }

            return result;
        }

        public override bool TryRead(out ReadResult result) => input.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => input.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => input.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => input.CancelPendingRead();

        public override void Complete(Exception? exception = null) => input.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => input.CompleteAsync(exception);
    }
}
