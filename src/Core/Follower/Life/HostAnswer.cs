using System;

namespace Interop.Sessions.Follower;

/// <summary>How a callback of the host went.</summary>
public readonly record struct HostAnswer
{
    private readonly string? _reason;

    private HostAnswer(bool isRefusal, string? reason, bool isUnexpected)
    {
        IsRefusal = isRefusal;
        _reason = reason;
        IsUnexpected = isUnexpected;
    }

    /// <summary>The callback returned.</summary>
    public static HostAnswer Returned => default;

    /// <summary>The host has not taken the session; counts for SessionCreated only.</summary>
    public bool IsRefusal { get; }

    /// <summary>Why, for people; empty: it did not say.</summary>
    public string Reason => _reason ?? "";

    /// <summary>The callback threw an exception that is no answer: for the log.</summary>
    public bool IsUnexpected { get; }

    /// <summary>SessionCreated returned what it decided.</summary>
    public static HostAnswer Of(Verdict verdict) => new(verdict.IsRefusal, verdict.Reason, isUnexpected: false);

    /// <summary>
    /// It threw. By <see cref="SessionStatus.RefusedByHost"/> SessionCreated refuses the session and says why; whatever else it throws,
    /// it has not taken it.
    /// </summary>
    public static HostAnswer Threw(LifeCallbackKind kind, Exception thrown) =>
        kind == LifeCallbackKind.Created && thrown is SessionException { Status: SessionStatus.RefusedByHost } refusal
            ? new HostAnswer(isRefusal: true, refusal.Message, isUnexpected: false)
            : new HostAnswer(isRefusal: true, reason: null, isUnexpected: true);
}
