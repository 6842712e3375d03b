using System;
using System.Collections.Generic;

namespace Interop.Sessions.Hostile.Tests.Support;

/// <summary>What somebody does to a master again and again.</summary>
/// <param name="round">Once; how much was sent.</param>
internal sealed class Attack(Func<Attack, int> round) : IDisposable
{
    private readonly List<IDisposable> _kept = [];

    /// <summary>Messages, frames or connections.</summary>
    internal long Sent { get; private set; }

    /// <summary>Memory that the master may take meanwhile, in megabytes: strangers' streams, and budgets of bytes.</summary>
    internal double MostMb { get; init; } = 600;

    /// <summary>Characters that it may log for it.</summary>
    internal int MostLogged { get; init; }

    /// <summary>What must come to be before a newcomer is served.</summary>
    internal Action End { get; init; } = () => { };

    internal void Round() => Sent += round(this);

    /// <summary>A connection that stays until the end.</summary>
    internal T Keep<T>(T kept)
        where T : IDisposable
    {
        _kept.Add(kept);
        return kept;
    }

    public void Dispose() => _kept.ForEach(kept => kept.Dispose());
}
