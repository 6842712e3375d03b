using System;
using System.Threading;
using Interop.Sessions.Follower;

namespace Interop.Sessions.Boundary;

/// <summary>
/// What stands behind an interop_sessions_registration. Its handle goes when the callback is run no more, and not with that of the
/// follower, which a close takes while callbacks still run: so a stale one says that it is over.
/// </summary>
internal sealed class Registration : IDisposable
{
    private readonly HandleTable _handles;
    private readonly UserData _user;
    private readonly Lock _lock = new();
    private ICallbackRegistration? _callback;
    private ulong _handle;
    private bool _isOver;

    private Registration(HandleTable handles, UserData user)
    {
        _handles = handles;
        _user = user;
    }

    /// <summary>Registers a callback and gives its handle.</summary>
    /// <param name="handles">Where.</param>
    /// <param name="user">Released when it is over. Where this throws, its caller releases it.</param>
    /// <param name="register">Registers it; what it is given is to be called when it is over.</param>
    internal static ulong Add(HandleTable handles, UserData user, Func<Action, ICallbackRegistration> register)
    {
        Registration made = new(handles, user);
        ulong handle = handles.AddMarked(HandleMark.Registration, owner: 0, () =>
        {
            made._callback = register(made.NoteOver);
            return made;
        });
        made.NoteHandle(handle);
        return handle;
    }

    /// <summary>Removes the callback, and waits for so long at most.</summary>
    /// <exception cref="SessionException">TimedOut: another call waits on.</exception>
    internal void Remove(int timeoutMs) => _callback!.Remove(timeoutMs);

    /// <summary>As <see cref="Remove"/>, however long it takes.</summary>
    public void Dispose() => Remove(Timeout.Infinite);

    // It may be over before its handle is known.
    private void NoteHandle(ulong handle)
    {
        lock (_lock)
        {
            _handle = handle;
            if (!_isOver)
            {
                return;
            }
        }

        _handles.Remove(handle);
    }

    private void NoteOver()
    {
        ulong handle;
        _user.Release();
        lock (_lock)
        {
            _isOver = true;
            handle = _handle;
        }

        _handles.Remove(handle);
    }
}
