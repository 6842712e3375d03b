using System.Threading;

namespace Interop.Sessions.Boundary;

/// <summary>A pointer of the host's, and the function of the host that is told, once, when it was used for the last time.</summary>
/// <param name="pointer">Given back with every call.</param>
/// <param name="release">NULL: the host does not want to know.</param>
internal sealed unsafe class UserData(void* pointer, delegate* unmanaged[Cdecl]<void*, void> release)
{
    private int _isReleased;

    /// <summary>As the host gave it.</summary>
    internal void* Pointer => pointer;

    /// <summary>The pointer is no longer used.</summary>
    internal void Release()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            Release(pointer, release);
        }
    }

    /// <summary>Somebody else tells the host.</summary>
    internal void Keep() => Interlocked.Exchange(ref _isReleased, 1);

    /// <summary>The same of a call that is refused.</summary>
    internal static void Release(void* pointer, delegate* unmanaged[Cdecl]<void*, void> release)
    {
        if (release != null)
        {
            using CallbackScope scope = CallbackScope.Enter();
            release(pointer);
        }
    }
}
