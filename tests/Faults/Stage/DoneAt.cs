using System;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Faults.Stage;

/// <summary>When something was done, as far as can be known: not before, and not after. On a busy machine there is time in between.</summary>
internal readonly record struct DoneAt(long FromNs, long ByNs)
{
    internal static DoneAt Of(Action act)
    {
        long fromNs = BootClock.NowNs;
        act();
        return new DoneAt(fromNs, BootClock.NowNs);
    }
}
