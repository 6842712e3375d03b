using System;

namespace Interop.Sessions.Boundary;

/// <summary>Marks the thread while it runs code of the host, so that shutdown can refuse to wait for itself.</summary>
internal readonly ref struct CallbackScope : IDisposable
{
    [ThreadStatic]
    private static int t_depth;

    /// <summary>Is this thread inside a callback of the host?</summary>
    internal static bool IsInside => t_depth > 0;

    /// <summary>Before the host's code.</summary>
    internal static CallbackScope Enter()
    {
        t_depth++;
        return default;
    }

    /// <summary>After it.</summary>
    public void Dispose() => t_depth--;
}
