using System;
using System.Threading;

namespace Interop.Sessions.Protocol;

/// <summary>Until when a caller waits.</summary>
public readonly struct Deadline
{
    private readonly long _endNs;

    private Deadline(long endNs) => _endNs = endNs;

    /// <summary>For so many milliseconds from now on; negative: however long it takes.</summary>
    public static Deadline In(int timeoutMs) => new(timeoutMs < 0 ? long.MaxValue : BootClock.NowNs + Ns.FromMs(timeoutMs));

    /// <summary>
    /// Waits on the gate, which the caller holds, until a condition is true that is changed and pulsed under it.
    /// </summary>
    /// <returns>False: it is not true, and the time is over.</returns>
    public bool WaitFor(object gate, Func<bool> condition)
    {
        while (!condition())
        {
            int leftMs = LeftMs();
            if (leftMs == 0)
            {
                return false;
            }

            Monitor.Wait(gate, leftMs);
        }

        return true;
    }

    // Rounded up: a wait that is too short would be made again.
    private int LeftMs() => _endNs == long.MaxValue
        ? Timeout.Infinite
        : (int)Ns.ToMsUp(Ns.Left(_endNs, BootClock.NowNs));
}
