using System;
using System.Collections.Generic;
using System.Globalization;
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
        foreach ((string field, string problem) in Problems())
        {
            throw new SessionException(SessionStatus.InvalidArgument, $"{InC(field)} {problem}");
        }
    }

    /// <summary>What is wrong: the field, as .NET spells it, and its limit.</summary>
    internal IEnumerable<(string Field, string Problem)> Problems()
    {
        foreach ((int? index, string problem) in EndpointAddress.ProblemsOf(Endpoints))
        {
            yield return (index is { } i ? $"{nameof(Endpoints)}[{i}]" : nameof(Endpoints), problem);
        }

        if (ClockRateBoundPpm is 0 or > Limits.MaxClockRateBoundPpm)
        {
            yield return (
                nameof(ClockRateBoundPpm),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"is {ClockRateBoundPpm}; it must be 1 to {Limits.MaxClockRateBoundPpm}"));
        }

        if (EffectDelayMs > Limits.MaxTermMs)
        {
            yield return (nameof(EffectDelayMs), $"is {EffectDelayMs}; the limit is {Limits.MaxTermMs}");
        }
    }

    private static string InC(string field) => string.Concat(field.Select(
        (letter, i) => char.IsUpper(letter) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : letter.ToString()));
}
