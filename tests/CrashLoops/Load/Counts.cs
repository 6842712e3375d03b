using System.Threading;

namespace Interop.Sessions.CrashLoops.Load;

/// <summary>What the load has done. Any thread.</summary>
internal sealed class Counts
{
    private long _acknowledged;
    private long _refused;
    private long _renewed;

    /// <summary>Changes that were answered.</summary>
    internal long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Changes that the store refused.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>Renewals that were granted.</summary>
    internal long Renewed => Interlocked.Read(ref _renewed);

    internal void NoteAcknowledged() => Interlocked.Increment(ref _acknowledged);

    internal void NoteRefused() => Interlocked.Increment(ref _refused);

    internal void NoteRenewed(int count) => Interlocked.Add(ref _renewed, count);
}
