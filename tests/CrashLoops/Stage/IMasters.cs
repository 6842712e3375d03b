using System;
using System.Collections.Generic;

namespace Interop.Sessions.CrashLoops.Stage;

/// <summary>Masters on one store.</summary>
internal interface IMasters : IDisposable
{
    /// <summary>What the row of the table says.</summary>
    string Name { get; }

    IReadOnlyList<string> Addresses { get; }

    /// <summary>All that are down are started; returns once each serves.</summary>
    /// <param name="random">What happens on the way, if anything does.</param>
    void Start(Random random);

    /// <summary>From now on goes wrong what shall go wrong before the kill.</summary>
    void Harm()
    {
    }

    /// <summary>SIGKILL to the one that leads.</summary>
    void Kill(string leader);

    /// <summary>How long is waited for answers before a kill at most, in milliseconds.</summary>
    int LongestMs { get; }

    /// <summary>Kills that hit a master which was just beginning.</summary>
    int KilledBeginning { get; }
}
