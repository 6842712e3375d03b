using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Interop.Sessions.Follower;

/// <summary>How the followers of one process reach their masters, and what their machine promises.</summary>
public sealed record FollowerManagerOptions
{
    /// <summary>The masters, "host:port" each; 1 to <see cref="Limits.MaxEndpoints"/>.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>ρ: the bound on each clock's rate error, in parts per million.</summary>
    public uint ClockRateBoundPpm { get; init; } = Limits.DefaultClockRateBoundPpm;

    /// <summary>δ: the longest time from lease check to effect on the host's data path, in milliseconds.</summary>
    public uint EffectDelayMs { get; init; }

    /// <summary>In place of the system's resolver.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>>? Resolve { get; init; }

    /// <summary>Checks everything.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the field, as C spells it, and its limit.</exception>
    public void Validate()
    {
        if (ProblemsIn(Spelling.C).FirstOrDefault() is { } problem)
        {
            throw new SessionException(SessionStatus.InvalidArgument, problem);
        }
    }

    /// <summary>What is wrong: sentences with the field and its limit.</summary>
    internal IEnumerable<string> ProblemsIn(Spelling spelling) =>
        FollowerSettings.All.SelectMany(setting => setting.ProblemsOf(this, spelling));
}
