using System;
using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Hooks;

/// <summary>The completion of an asynchronous call that is a function pointer of the host; behind an interop_sessions_operation.</summary>
internal sealed unsafe class HostCompletion
{
    private readonly HandleTable _handles;
    private readonly UserData _user;
    private readonly Func<bool> _isOnItsThread;
    private readonly ManualResetEventSlim _begun = new();
    private readonly ManualResetEventSlim _over = new();
    private Action? _cancel;
    private ulong _handle;

    private HostCompletion(HandleTable handles, UserData user, Func<bool> isOnItsThread)
    {
        _handles = handles;
        _user = user;
        _isOnItsThread = isOnItsThread;
    }

    /// <summary>Calls the host's function with how the call ended.</summary>
    internal delegate void Tell(interop_sessions_status status, interop_sessions_error* error);

    /// <summary>The same with an answer in a block of memory, NULL unless the status is OK.</summary>
    internal delegate void TellBlock(interop_sessions_status status, interop_sessions_error* error, void* block);

    /// <summary>Puts an answer into a block of memory (<see cref="OutBlock"/>).</summary>
    internal delegate void* MakeBlock();

    /// <summary>Starts a call and gives the handle for cancelling it and waiting for it; the handle goes with the completion.</summary>
    /// <param name="follower">What the call is made on.</param>
    /// <param name="target">The same.</param>
    /// <param name="operation">
    /// Where the host wants the handle, NULL if it does not: written before the call begins, since a completion may free what it is in.
    /// </param>
    /// <param name="user">What the host gets back; released with the completion. Where this throws, its caller releases it.</param>
    /// <param name="begin">Starts it, and gives what cancels it.</param>
    internal static void Begin(
        interop_sessions_follower follower, SessionFollower target, interop_sessions_operation* operation, UserData user,
        Func<HostCompletion, Action> begin) =>
        Begin(follower.value, () => target.IsInCallback, operation, user, begin);

    /// <summary>The same of a call that is made on a master.</summary>
    internal static void Begin(
        interop_sessions_master master, HostMaster target, interop_sessions_operation* operation, UserData user,
        Func<HostCompletion, Action> begin) =>
        Begin(master.value, () => target.IsInCompletion, operation, user, begin);

    /// <summary>As <see cref="Cancel"/>, where it has begun: what begins meanwhile goes on.</summary>
    internal void CancelIfBegun()
    {
        if (_begun.IsSet)
        {
            Cancel();
        }
    }

    /// <summary>Ends it early.</summary>
    internal void Cancel()
    {
        // The handle exists a moment before the call does.
        _begun.Wait();
        _cancel?.Invoke();
    }

    /// <summary>Until the completion and the release of what it was given have returned.</summary>
    /// <exception cref="SessionException">InCallback: they would wait for the caller; TimedOut: nothing has changed.</exception>
    internal void Wait(int timeoutMs)
    {
        if (_isOnItsThread())
        {
            throw new SessionException(
                SessionStatus.InCallback, "the completion of the operation would wait for the callback that waits for it");
        }

        if (!_over.Wait(timeoutMs))
        {
            throw new SessionException(SessionStatus.TimedOut, $"the operation is not over after {timeoutMs} ms; it goes on");
        }
    }

    /// <summary>Tells the host, once, and releases what it gave. <see cref="End"/> comes after it, whatever happens here.</summary>
    internal void Complete(SessionException? failure, Tell tell)
    {
        interop_sessions_error error = new() { struct_size = (uint)sizeof(interop_sessions_error) };
        SessionStatus status = failure?.Status ?? SessionStatus.Ok;
        try
        {
            Results.Describe(failure, &error);
            using (CallbackScope.Enter())
            {
                tell((interop_sessions_status)status, &error);
            }
        }
        finally
        {
            _user.Release();
        }
    }

    /// <summary>
    /// Nothing of the call runs any more and its place is given back: the handle goes, and callers that wait go on. Once, for
    /// each call that began.
    /// </summary>
    internal void End()
    {
        _handles.Remove(_handle);
        _over.Set();
    }

    /// <summary>The same with an answer of unknown size, which lives as long as the host's function runs.</summary>
    internal void Complete(SessionException? failure, MakeBlock make, TellBlock tell)
    {
        void* block = null;
        if (failure == null)
        {
            try
            {
                block = make();
            }
            catch (Exception error)
            {
                // No memory for it. The host was promised a completion all the same.
                failure = SessionException.Of(error);
            }
        }

        try
        {
            Complete(failure, (status, error) => tell(status, error, block));
        }
        finally
        {
            OutBlock.Free(block);
        }
    }

    private static void Begin(
        ulong owner, Func<bool> isOnItsThread, interop_sessions_operation* operation, UserData user,
        Func<HostCompletion, Action> begin)
    {
        HandleTable handles = Library.Handles;
        HostCompletion host = new(handles, user, isOnItsThread);
        host._handle = handles.AddMarked(HandleMark.Operation, owner, () => host);
        interop_sessions_operation before = operation == null ? default : *operation;
        try
        {
            if (operation != null)
            {
                operation->value = host._handle;
            }

            host._cancel = begin(host);
        }
        catch
        {
            // No completion will run. What is no success writes no output.
            if (operation != null)
            {
                *operation = before;
            }

            host.End();
            throw;
        }
        finally
        {
            host._begun.Set();
        }
    }
}
