using System;
using System.Threading;
using System.Threading.Tasks;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Hooks;

/// <summary>A call of a follower whose end a host in C hears of by a completion: what all of these exports do alike.</summary>
internal sealed unsafe class AsyncCall
{
    private readonly interop_sessions_follower _follower;
    private readonly SessionFollower _target;
    private readonly CallOptions _options;
    private readonly UserData _user;
    private readonly interop_sessions_operation* _operation;

    /// <summary>Reads the arguments that end every such function.</summary>
    /// <param name="follower">What the call is made on.</param>
    /// <param name="target">The same.</param>
    /// <param name="options">How long it may take; NULL: all defaults.</param>
    /// <param name="completion">Must not be NULL.</param>
    /// <param name="user">What the completion gets; released with it. Where this or a Begin throws, its caller releases it.</param>
    /// <param name="operation">Where the host wants the handle; NULL: nowhere.</param>
    /// <param name="defaultMs">How long it may take if the host does not say.</param>
    internal AsyncCall(
        interop_sessions_follower follower, SessionFollower target, interop_sessions_call_options* options, void* completion,
        UserData user, interop_sessions_operation* operation, uint defaultMs = Limits.DefaultCallTimeoutMs)
    {
        _options = CallOptions.Read(options, defaultMs);
        Arguments.RequirePointer(completion, "completion");
        _follower = follower;
        _target = target;
        _user = user;
        _operation = operation;
    }

    /// <summary>Calls the host's completion with how the call ended, and what it answered if it did.</summary>
    internal delegate void Tell<T>(interop_sessions_status status, interop_sessions_error* error, T? answer);

    /// <summary>Puts an answer into a block of memory (<see cref="OutBlock"/>).</summary>
    internal delegate void* MakeBlock<T>(T answer);

    /// <summary>How long the call may take.</summary>
    internal uint TimeoutMs => _options.TimeoutMs;

    /// <summary>Begins a call that answers nothing.</summary>
    internal void Begin(ulong expectedEpoch, Func<CancellationToken, Task> ask, HostCompletion.Tell tell) =>
        Begin(host => _target.Begin(expectedEpoch, TimeoutMs, ask, failure => host.Complete(failure, tell), host.End).Cancel);

    /// <summary>The same of one that answers a value.</summary>
    internal void Begin<T>(ulong expectedEpoch, Func<CancellationToken, Task<T>> ask, Tell<T> tell) =>
        Begin(host => _target.Begin(
            expectedEpoch, TimeoutMs, ask,
            (failure, answer) => host.Complete(failure, (status, told) => tell(status, told, answer)), host.End).Cancel);

    /// <summary>The same of one whose answer needs a block of memory, which lives as long as the host's completion runs.</summary>
    internal void Begin<T>(
        ulong expectedEpoch, Func<CancellationToken, Task<T>> ask, MakeBlock<T> make, HostCompletion.TellBlock tell) =>
        Begin(host => _target.Begin(
            expectedEpoch, TimeoutMs, ask,
            (failure, answer) => host.Complete(failure, () => make(answer!), tell), host.End).Cancel);

    /// <summary>The same of one that tells its end in its own way, and calls <see cref="HostCompletion.End"/> after it.</summary>
    internal void Begin(Func<HostCompletion, Action> begin)
    {
        using CallOptions.TraceScope trace = _options.Trace();
        HostCompletion.Begin(_follower, _target, _operation, _user, begin);
    }
}
