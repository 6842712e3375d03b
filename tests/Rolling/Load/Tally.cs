using System;
using System.Threading;

namespace Interop.Sessions.Rolling.Load;

/// <summary>What a process of holders has done. Findings are printed at once: who started it reads them. Any thread.</summary>
internal sealed class Tally
{
    private long _acknowledged;
    private long _looks;
    private long _refused;
    private long _certificates;

    /// <summary>Changes of items.</summary>
    internal long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>How often a data path looked at its lease.</summary>
    internal long Looks => Interlocked.Read(ref _looks);

    /// <summary>How often it was refused.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>How often new certificates came into use.</summary>
    internal long Certificates => Interlocked.Read(ref _certificates);

    internal void NoteAcknowledged() => Interlocked.Increment(ref _acknowledged);

    internal void NoteLook(bool isRefused)
    {
        Interlocked.Increment(ref _looks);
        if (isRefused)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    internal void NoteCertificates() => Interlocked.Increment(ref _certificates);

    internal static void NoteFinding(string what) => Console.WriteLine($"FOUND {what.ReplaceLineEndings(" ")}");
}
