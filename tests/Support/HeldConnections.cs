using System.Threading.Tasks;

namespace Interop.Sessions.Tests.Support;

/// <summary>Connections whose bytes to the master are held back, to be delivered late.</summary>
internal sealed class HeldConnections
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int _answers;

    /// <summary>Answers of the master to calls that were delivered late.</summary>
    internal int Answers => _answers;

    internal Task Released => _released.Task;

    internal Task Over => _over.Task;

    /// <summary>Delivers what was held back.</summary>
    internal void Release() => _released.TrySetResult();

    /// <summary>Closes them.</summary>
    internal void End()
    {
        Release();
        _over.TrySetResult();
    }

    internal void NoteAnswers(Http2Frames answers) => _answers = answers.Count(Http2Frames.Headers);
}
