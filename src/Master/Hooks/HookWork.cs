using System;
using System.Threading.Tasks;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Master.Hooks;

/// <summary>What a hook thread runs.</summary>
internal abstract class HookWork
{
    /// <summary>Calls the host; throws nothing of the host's.</summary>
    internal abstract void Run();

    /// <summary>The hook will not be run.</summary>
    internal abstract void Fail(SessionException refusal);
}

/// <summary>A call whose answer a caller awaits.</summary>
internal sealed class HookCall<T>(Func<T> hook) : HookWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<T> Done => _done.Task;

    internal override void Run()
    {
        try
        {
            _done.TrySetResult(hook());
        }
        catch (Exception error)
        {
            _done.TryFail(error);
        }
    }

    internal override void Fail(SessionException refusal) => _done.TryFail(refusal);
}

/// <summary>The end of a session, or news of a leadership: no caller awaits the outcome.</summary>
internal sealed class HookNews(Action hook) : HookWork
{
    internal override void Run() => hook();

    internal override void Fail(SessionException refusal)
    {
        // HookThreads counts them.
    }
}
