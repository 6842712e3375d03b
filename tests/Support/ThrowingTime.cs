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

    public override long NowNs => IsThread && Interlocked.Decrement(ref _clockFailsFrom) < 0 && Take(ref _clockFailures)
        ? throw new InvalidOperationException("a defect, as none is known")
        : base.NowNs;

    private bool IsThread => Thread.CurrentThread.Name == thread;

    /// <summary>The thread asks for the time so often, and is thrown at the next so many times.</summary>
    internal void FailTheClock(int after, int times)
    {
        Volatile.Write(ref _clockFailures, times);
        Volatile.Write(ref _clockFailsFrom, after);
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
        if (IsThread && Take(ref _waitFailures))
        {
            throw new InsufficientMemoryException();
        }

        base.WaitAtGate(gate, timeoutMs);
    }

    protected override bool WaitFor(ManualResetEventSlim happened, int timeoutMs) =>
        IsThread && Take(ref _waitFailures) ? throw new InsufficientMemoryException() : base.WaitFor(happened, timeoutMs);

    private static bool Take(ref int left) => Volatile.Read(ref left) > 0 && Interlocked.Decrement(ref left) >= 0;

    private void Await(Func<int> left) => Eventually.IsTrue(() => left() <= 0, $"failed: {thread} did not come by");
}
