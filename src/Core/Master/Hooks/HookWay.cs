using System;

namespace Interop.Sessions.Master;

/// <summary>On which way a hook goes: each has threads of its own, so that neither keeps the other waiting.</summary>
public enum HookWay
{
    /// <summary>A call, whose answer a caller waits for. A call may be refused.</summary>
    Call,

    /// <summary>A session has ended, and the host must hear of it. An end is never refused.</summary>
    End,

    /// <summary>A leadership begins, and no other hook of it runs before; or it has ended, and none runs after. This news is never refused.</summary>
    Leadership,
}

/// <summary>What is different on the ways of hooks.</summary>
public static class HookWays
{
    /// <summary>How many run at the same time: as many threads it has.</summary>
    public static int MostRunning(this HookWay way) => way switch
    {
        HookWay.Call => Limits.MaxHookThreads,
        HookWay.End => Limits.MaxEndHookThreads,
        _ => Limits.MaxLeadershipHookThreads,
    };

    /// <summary>The refusal of a call whose leadership is over before the host was asked.</summary>
    public static SessionException RefusalOfPast() =>
        new(SessionStatus.NotLeader, "the leadership in which this was asked has ended");

    /// <summary>What a hook has refused a call with: the host's own words, or, where it threw something else, that it failed.</summary>
    /// <param name="hook">Which.</param>
    /// <param name="thrown">What it threw.</param>
    /// <param name="status">Of what is no refusal.</param>
    public static SessionException RefusalOf(string hook, Exception thrown, SessionStatus status = SessionStatus.Refused) =>
        thrown as SessionException ?? new SessionException(status, $"the master's {hook} failed: {thrown.Message}", thrown);
}
