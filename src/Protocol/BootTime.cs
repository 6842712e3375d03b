using System;
using System.Threading;

namespace Interop.Sessions.Protocol;

/// <summary>
/// The time by which leases run: its clock, its timers, and the waits of the threads that go by it. A master and a follower manager
/// are given one when they are made, and nothing of theirs that decides asks another.
/// </summary>
/// <remarks>
/// It is a <see cref="TimeProvider"/>, so that tasks wait by it with .NET's own calls, and has beyond that what threads need: a wait
/// for news that ends when a time comes. In a test time passes when the test says so. What belongs to a network or to the patience of
/// a host goes by the machine's time always: dials, deadlines of gRPC, how long somebody waits for a call or an end.
/// </remarks>
public class BootTime : TimeProvider
{
    /// <summary>For tests, which say when time passes.</summary>
    protected BootTime()
    {
    }

    /// <summary><see cref="BootClock"/>, and the system's timers; these do not run while the machine is suspended.</summary>
    public static BootTime OfMachine { get; } = new();

    /// <summary>Nanoseconds since boot, suspend included; not negative, and never less than before.</summary>
    public virtual long NowNs => BootClock.NowNs;

    /// <inheritdoc/>
    public sealed override long TimestampFrequency => Ns.PerSecond;

    /// <inheritdoc/>
    public sealed override long GetTimestamp() => NowNs;

    /// <summary>
    /// Waits on the gate, which the caller holds, until it is pulsed or a time has passed. It may end without either: the caller looks
    /// again at what it waits for. A wait that finds no memory is a pause (<see cref="Limits.RetryPauseMs"/>) in which others have the
    /// gate: a thread whose loop waits here outlives it, and keeps nobody.
    /// </summary>
    public void Wait(object gate, int timeoutMs)
    {
        try
        {
            WaitAtGate(gate, timeoutMs);
        }
        catch (OutOfMemoryException)
        {
            PauseOutside(gate);
        }
    }

    /// <summary>
    /// A pause (<see cref="Limits.RetryPauseMs"/>) after what may fail again at once: a loop that goes on without one takes a whole
    /// processor. By the machine's time whatever was passed in, as nothing is decided by it.
    /// </summary>
    public static void Pause() => Thread.Sleep((int)Limits.RetryPauseMs);

    private static void PauseOutside(object gate)
    {
        if (Monitor.IsEntered(gate))
        {
            Monitor.Exit(gate);
        }

        Pause();
        while (!Monitor.IsEntered(gate))
        {
            try
            {
                Monitor.Enter(gate);
            }
            catch (OutOfMemoryException)
            {
                Pause();
            }
        }
    }

    /// <summary>Waits until something has happened. False: a time has passed before, or, as above, a pause.</summary>
    public bool Wait(ManualResetEventSlim happened, int timeoutMs)
    {
        ArgumentNullException.ThrowIfNull(happened);
        try
        {
            return WaitFor(happened, timeoutMs);
        }
        catch (OutOfMemoryException)
        {
            Pause();
            return happened.IsSet;
        }
    }

    /// <summary>As <see cref="Wait(object, int)"/>, by the clock of this time.</summary>
    protected virtual void WaitAtGate(object gate, int timeoutMs) => Monitor.Wait(gate, timeoutMs);

    /// <summary>As <see cref="Wait(ManualResetEventSlim, int)"/>, by the clock of this time.</summary>
    protected virtual bool WaitFor(ManualResetEventSlim happened, int timeoutMs)
    {
        ArgumentNullException.ThrowIfNull(happened);
        return happened.Wait(timeoutMs);
    }
}
