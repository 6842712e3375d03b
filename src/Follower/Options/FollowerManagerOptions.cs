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
    /// <summary>
    /// The masters, "host:port" each, or "unix:/path" of one of this machine; 1 to <see cref="Limits.MaxEndpoints"/>.
    /// </summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>ρ: the bound on each clock's rate error, in parts per million; a master that names a larger one is believed.</summary>
    public uint ClockRateBoundPpm { get; init; } = Limits.DefaultClockRateBoundPpm;

    /// <summary>δ: the longest time from lease check to effect on the host's data path, in milliseconds.</summary>
    public uint EffectDelayMs { get; init; }

    /// <summary>
    /// Whom to trust, and who the followers of this process are; null: no TLS is spoken, and <see cref="Insecure"/> must say so.
    /// </summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>
    /// Where masters may be spoken to by TCP without TLS; with <see cref="Tls"/>: <see cref="Insecure.No"/>. A Unix socket needs neither.
    /// </summary>
    public Insecure Insecure { get; init; }

    /// <summary>
    /// File of the token that shows masters the name of this process (docs/security.md), readable by its owner alone, and read again
    /// when it changes; empty: none. With a token, only <see cref="Endpoints"/> are asked, whatever leader they name.
    /// </summary>
    public string TokenFile { get; init; } = "";

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
        FollowerSettings.ProblemsOf(this, spelling);
}
