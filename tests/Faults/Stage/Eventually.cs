using System;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Faults.Stage;

/// <summary>Waiting, with a bound.</summary>
internal static class Eventually
{
    /// <summary>Waits until something is so.</summary>
    /// <exception cref="BrokenExpectationException">It did not come.</exception>
    internal static void Is(Func<bool> condition, string what)
    {
        long until = BootClock.NowNs + (Times.PatienceMs * 1_000_000L);
        while (!condition())
        {
            if (BootClock.NowNs > until)
            {
                throw new BrokenExpectationException($"{what}: not within {Times.PatienceMs} ms");
            }

            Thread.Sleep(2);
        }
    }
}
