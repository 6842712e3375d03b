using System;
using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Native;

namespace Interop.Sessions.Hooks;

/// <summary>The completion of an asynchronous call that is a function pointer of the host; behind an interop_sessions_operation.</summary>
internal sealed unsafe class HostCompletion
{
    private readonly HandleTable _handles;
    private readonly UserData _user;
    private readonly ManualResetEventSlim _begun = new();
    private Action? _cancel;
    private ulong _handle;

    private HostCompletion(HandleTable handles, UserData user)
    {
        _handles = handles;
        _user = user;
    }

    /// <summary>Calls the host's function with how the call ended.</summary>
    internal delegate void Tell(interop_sessions_status status, interop_sessions_error* error);

    /// <summary>The same with an answer in a block of memory, NULL unless the status is OK.</summary>
    internal delegate void TellBlock(interop_sessions_status status, interop_sessions_error* error, void* block);

    /// <summary>Puts an answer into a block of memory (<see cref="OutBlock"/>).</summary>
    internal delegate void* MakeBlock();

    /// <summary>Starts a call and gives the handle for cancelling it; the handle goes with the completion.</summary>
    /// <param name="owner">The handle that takes this one along when it goes.</param>
    /// <param name="operation">
    /// Where the host wants the handle, NULL if it does not: written before the call begins, since a completion may free what it is in.
    /// </param>
    /// <param name="user">What the host gets back; released with the completion. Where this throws, its caller releases it.</param>
    /// <param name="begin">Starts it, and gives what cancels it.</param>
    internal static void Begin(
        ulong owner, interop_sessions_operation* operation, UserData user, Func<HostCompletion, Action> begin)
    {
        HandleTable handles = Library.Handles;
        HostCompletion host = new(handles, user);
        host._handle = handles.Add(host, owner);
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

            handles.Remove(host._handle);
            throw;
        }
        finally
        {
            host._begun.Set();
        }
    }

    /// <summary>Ends it early.</summary>
    internal void Cancel()
    {
        // The handle exists a moment before the call does.
        _begun.Wait();
        _cancel?.Invoke();
    }

    /// <summary>Tells the host, once.</summary>
    internal void Complete(SessionException? failure, Tell tell)
    {
        interop_sessions_error error = new() { struct_size = (uint)sizeof(interop_sessions_error) };
        SessionStatus status = failure?.Status ?? SessionStatus.Ok;
        Results.Describe(failure, &error);
        using (CallbackScope.Enter())
        {
            tell((interop_sessions_status)status, &error);
        }

        _handles.Remove(_handle);
        _user.Release();
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

        Complete(failure, (status, error) => tell(status, error, block));
        OutBlock.Free(block);
    }
}
