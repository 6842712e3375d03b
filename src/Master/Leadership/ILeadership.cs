using System;

namespace Interop.Sessions.Master.Leadership;

/// <summary>
/// Says whether this master leads, and until when. TryWin, GiveUp and Dispose are called one after the other; the rest at
/// any time, from any thread.
/// </summary>
internal interface ILeadership : IDisposable
{
    /// <summary>Is it won and lost in an election among masters, so that giving it up lets another have it?</summary>
    bool IsElected { get; }

    /// <summary>Was it won, and will never be prolonged again?</summary>
    bool IsOver { get; }

    /// <summary>How often it had run out and was prolonged all the same.</summary>
    int Interruptions { get; }

    /// <summary>The leader's "host:port", if it is another and known.</summary>
    string? Hint { get; }

    /// <summary>Why it is over or was not prolonged the last time; null: all is well.</summary>
    string? Trouble { get; }

    /// <summary>How long a predecessor may have acted after this master had won, in nanoseconds.</summary>
    long PredecessorNs { get; }

    /// <summary>The number of the leadership that was won, if its host gives it; 0: the store counts.</summary>
    ulong GivenEpoch { get; }

    /// <summary>Wins the leadership if no other master has it. False: another leads.</summary>
    /// <exception cref="SessionException">Nobody can tell: the election cannot be reached, or says nonsense.</exception>
    bool TryWin();

    /// <summary>May the master act on what it received at a time?</summary>
    bool MayAct(long nowNs);

    /// <summary>This master no longer acts on the leadership: another may have it at once.</summary>
    void GiveUp();
}
