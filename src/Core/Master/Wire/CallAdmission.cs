using System;

namespace Interop.Sessions.Master;

/// <summary>Calls that have a bound in common.</summary>
public enum CallClass
{
    /// <summary>A keep-alive stream: it lasts as long as its follower.</summary>
    KeepAlive,

    /// <summary>A create or re-attach: hooks and commits.</summary>
    Create,

    /// <summary>A call whose answer may be large.</summary>
    List,

    /// <summary>A stream of a watch: it lasts as long as its caller likes.</summary>
    Watch,

    /// <summary>Everything else.</summary>
    Other,
}

/// <summary>The calls of one connection that are in progress.</summary>
public sealed class CallCounts
{
    internal int[] Calls { get; } = new int[Enum.GetValues<CallClass>().Length];

    /// <summary>How often it was refused for what it has in progress itself: a follower never is.</summary>
    internal int Refusals { get; set; }

    /// <summary>Does it take no notice of refusals?</summary>
    public bool IsDeaf => Refusals >= Limits.MostRefusals;
}

/// <summary>
/// How many calls of each class may be in progress, in all and of one connection: what is more is refused at once, before
/// anything is read or done for it, so that what is in progress ends in time.
/// </summary>
public sealed class CallAdmission
{
    private static readonly Bound[] s_bounds =
    [
        new(CallClass.KeepAlive, "keep-alive streams", int.MaxValue, Limits.MaxKeepAliveStreamsPerConnection),
        new(CallClass.Create, "creates", Limits.MaxCreatesInProgress, Limits.MaxCreatesPerConnection),
        new(CallClass.List, "lists", Limits.MaxListsInProgress, Limits.MaxListsPerConnection),
        new(CallClass.Watch, "watches", Limits.MaxWatches, Limits.MaxWatchesPerConnection),
        new(CallClass.Other, "calls", Limits.MaxCallsInProgress, Limits.MaxStreamsPerConnection),
    ];

    private readonly CallCounts _all = new();

    /// <summary>A call begins, or is refused.</summary>
    /// <returns>Null, or why not.</returns>
    public SessionException? Begin(CallClass call, CallCounts connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Bound bound = s_bounds[(int)call];
        if (connection.Calls[(int)call] >= bound.OfConnection)
        {
            connection.Refusals++;
            return Refusal($"{bound.OfConnection} {bound.Name} of this connection are in progress");
        }

        if (_all.Calls[(int)call] >= bound.InAll)
        {
            return Refusal($"{bound.InAll} {bound.Name} are in progress");
        }

        connection.Calls[(int)call]++;
        _all.Calls[(int)call]++;
        return null;
    }

    /// <summary>A call that was admitted has ended.</summary>
    public void End(CallClass call, CallCounts connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        connection.Calls[(int)call]--;
        _all.Calls[(int)call]--;
    }

    private static SessionException Refusal(string what) =>
        SessionException.Overloaded($"{what}, as many as may be", Limits.WireRetryMs);

    private sealed record Bound(CallClass Class, string Name, int InAll, int OfConnection);
}
