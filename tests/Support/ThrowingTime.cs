using System;
using System.Threading;
using Interop.Sessions.Protocol;

namespace Interop.Sessions.Tests.Support;

/// <summary>The machine's time, which fails threads of one name when the test says so: what nobody expected, in the middle of their work.</summary>
internal sealed class ThrowingTime(string thread) : BootTime
{
    private int _clockFailures;
    private int _waitFailures;

    public override long NowNs => Fails(ref _clockFailures)
        ? throw new InvalidOperationException("a defect, as none is known")
        : base.NowNs;

    /// <summary>The thread asks for the time that often, and is thrown at.</summary>
    internal void FailTheClock(int times)
    {
        Volatile.Write(ref _clockFailures, times);
        Await(() => Volatile.Read(ref _clockFailures));
    }

    /// <summary>It waits that often, and there is no memory for it.</summary>
    internal void FailTheWait(int times)
    {
        Volatile.Write(ref _waitFailures, times);
        Await(() => Volatile.Read(ref _waitFailures));
    }

    protected override void WaitAtGate(object gate, int timeoutMs)
    {
        if (Fails(ref _waitFailures))
        {
            throw new InsufficientMemoryException();
        }

        base.WaitAtGate(gate, timeoutMs);
    }

    protected override bool WaitFor(ManualResetEventSlim happened, int timeoutMs) =>
        Fails(ref _waitFailures) ? throw new InsufficientMemoryException() : base.WaitFor(happened, timeoutMs);

    private void Await(Func<int> left) => Eventually.IsTrue(() => left() <= 0, $"failed: {thread} did not come by");

    private bool Fails(ref int failures) => Thread.CurrentThread.Name == thread && Volatile.Read(ref failures) > 0 &&
        Interlocked.Decrement(ref failures) >= 0;
}
