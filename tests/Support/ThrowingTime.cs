using System;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Tests.Support;

/// <summary>The machine's time, which fails threads of one name when the test says so: what nobody expected, in the middle of their work.</summary>
internal sealed class ThrowingTime(string thread) : BootTime
{
    private int _clockFailsFrom = int.MaxValue;
    private int _clockFailures;
    private int _waitFailures;
    private int _brokenWaits;

    public override long NowNs =>
        IsThread && Interlocked.Decrement(ref _clockFailsFrom) < 0 && Take(ref _clockFailures) ? throw Defect() : base.NowNs;

    /// <summary>Has it failed as often as it was to?</summary>
    internal bool HasFailed => Volatile.Read(ref _clockFailures) <= 0;

    private bool IsThread => Thread.CurrentThread.Name == thread;

    /// <summary>The thread asks for the time so often, and is thrown at the next so many times.</summary>
    internal void FailTheClock(int after, int times)
    {
        LetTheClockFail(after, times);
        Await(() => Volatile.Read(ref _clockFailures));
    }

    /// <summary>As <see cref="FailTheClock"/>, of a thread that comes by only when the test goes on.</summary>
    internal void LetTheClockFail(int after, int times)
    {
        Volatile.Write(ref _clockFailures, times);
        Volatile.Write(ref _clockFailsFrom, after);
    }

    /// <summary>It waits that often, and there is no memory for it.</summary>
    internal void FailTheWait(int times)
    {
        Volatile.Write(ref _waitFailures, times);
        Await(() => Volatile.Read(ref _waitFailures));
    }

    /// <summary>It waits that often, and is thrown at as by <see cref="FailTheClock"/>: of threads that ask for no time.</summary>
    internal void BreakTheWait(int times)
    {
        Volatile.Write(ref _brokenWaits, times);
        Await(() => Volatile.Read(ref _brokenWaits));
    }

    protected override void WaitAtGate(object gate, int timeoutMs)
    {
        FailIfAsked();
        base.WaitAtGate(gate, timeoutMs);
    }

    protected override bool WaitFor(ManualResetEventSlim happened, int timeoutMs)
    {
        FailIfAsked();
        return base.WaitFor(happened, timeoutMs);
    }

    private static InvalidOperationException Defect() => new("a defect, as none is known");

    private void FailIfAsked()
    {
        if (IsThread && Take(ref _waitFailures))
        {
            throw new InsufficientMemoryException();
        }

        if (IsThread && Take(ref _brokenWaits))
        {
            throw Defect();
        }
    }

    private static bool Take(ref int left) => Volatile.Read(ref left) > 0 && Interlocked.Decrement(ref left) >= 0;

    private void Await(Func<int> left) => Eventually.IsTrue(() => left() <= 0, $"failed: {thread} did not come by");
}
