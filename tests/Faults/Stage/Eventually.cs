using System;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Faults.Stage;

/// <summary>Waiting, with a bound.</summary>
internal static class Eventually
{
    /// <summary>Waits until something is so.</summary>
    /// <param name="condition">Of what.</param>
    /// <param name="what">It is.</param>
    /// <param name="patienceMs">For how long at most.</param>
    /// <exception cref="BrokenExpectationException">It did not come.</exception>
    internal static void Is(Func<bool> condition, string what, int patienceMs = Times.PatienceMs)
    {
        long until = BootClock.NowNs + (patienceMs * 1_000_000L);
        while (!condition())
        {
            if (BootClock.NowNs > until)
            {
                throw new BrokenExpectationException($"{what}: not within {patienceMs} ms");
            }

            Thread.Sleep(2);
        }
    }

    /// <summary>The same of processes, which begin slowly where the machine has other work.</summary>
    internal static void IsSlowly(Func<bool> condition, string what) => Is(condition, what, Times.ProcessPatienceMs);
}
