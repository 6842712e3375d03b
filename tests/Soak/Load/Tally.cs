using System;
using System.Threading;

namespace Interop.Sessions.Soak.Load;

/// <summary>What a process of holders has done. Findings are printed at once: its master reads them. Any thread.</summary>
internal sealed class Tally
{
    private long _acknowledged;
    private long _compared;
    private long _failures;

    internal long Acknowledged => Interlocked.Read(ref _acknowledged);

    internal long Compared => Interlocked.Read(ref _compared);

    /// <summary>Calls that a fault has cost.</summary>
    internal long Failures => Interlocked.Read(ref _failures);

    internal void NoteAcknowledged() => Interlocked.Increment(ref _acknowledged);

    internal void NoteCompared() => Interlocked.Increment(ref _compared);

    internal void NoteFailure(SessionStatus status)
    {
        Interlocked.Increment(ref _failures);
        if (status is not (SessionStatus.TimedOut or SessionStatus.NoMaster or SessionStatus.Overloaded or SessionStatus.IdentityInUse))
        {
            NoteFinding($"a call ended {status}");
        }
    }

    internal static void NoteFinding(string what) => Console.WriteLine($"FOUND {what.ReplaceLineEndings(" ")}");
}
