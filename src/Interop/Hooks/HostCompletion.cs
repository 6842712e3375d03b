using System.Threading;
using Interop.Sessions.Boundary;
using Interop.Sessions.Follower;
using Interop.Sessions.Native;

namespace Interop.Sessions.Hooks;

/// <summary>The completion of an asynchronous create that is a function pointer of the host; behind an interop_sessions_operation.</summary>
internal sealed unsafe class HostCompletion(
    delegate* unmanaged[Cdecl]<void*, interop_sessions_status, interop_sessions_error*, interop_sessions_session_info*, void> completion,
    void* userData,
    HandleTable handles)
{
    private readonly ManualResetEventSlim _begun = new();
    private CreateOperation? _operation;
    private ulong _handle;

    /// <summary>Starts the create and gives the handle for cancelling it; the handle goes with the completion.</summary>
    internal ulong Begin(SessionFollower follower, SessionItem item, uint timeoutMs, ulong owner)
    {
        _handle = handles.Add(this, owner);
        try
        {
            _operation = follower.BeginCreateSession(item, timeoutMs, Complete);
        }
        catch
        {
            handles.Remove(_handle);
            throw;
        }
        finally
        {
            _begun.Set();
        }

        return _handle;
    }

    /// <summary>Ends it early.</summary>
    internal void Cancel()
    {
        // The handle exists a moment before the operation does.
        _begun.Wait();
        _operation?.Cancel();
    }

    private void Complete(SessionException? failure, SessionInfo? created)
    {
        interop_sessions_error error = new() { struct_size = (uint)sizeof(interop_sessions_error) };
        SessionStatus status = failure?.Status ?? SessionStatus.Ok;
        Results.Describe(status, failure?.Message ?? "", &error);
        interop_sessions_session_info info = created == null ? default : Values.ToNative(created);
        using (CallbackScope.Enter())
        {
            completion(userData, (interop_sessions_status)status, &error, created == null ? null : &info);
        }

        handles.Remove(_handle);
    }
}
