namespace Interop.Sessions.Follower;

/// <summary>What a host is told of its session.</summary>
public enum LifeCallbackKind
{
    /// <summary>SessionCreated, which may refuse: step 5 of a create.</summary>
    Created,

    /// <summary>The callbacks of RegisterSessionCreateCb, in order of registration: step 6.</summary>
    Registered,

    /// <summary>StateChanged.</summary>
    State,

    /// <summary>SessionLost.</summary>
    Lost,

    /// <summary>The end of a create or re-attach, well or not.</summary>
    Ended,
}

/// <summary>One callback, to be run with no lock held; its return is reported to <see cref="SessionLife.Returned"/>.</summary>
public sealed class LifeCallback
{
    internal LifeCallback(LifeCallbackKind kind, SessionInfo info)
    {
        Kind = kind;
        Info = info;
    }

    /// <summary>A loss.</summary>
    public static LifeCallback OfLoss(SessionInfo info, SessionKey key) => new(LifeCallbackKind.Lost, info) { Key = key };

    /// <summary>Which.</summary>
    public LifeCallbackKind Kind { get; }

    /// <summary>Of all but a failed end: the session.</summary>
    public SessionInfo Info { get; internal set; }

    /// <summary>Of all that belongs to a create: which.</summary>
    public SessionWish? Wish { get; internal init; }

    /// <summary>Of an end: why there is no session; null: there is.</summary>
    public SessionException? Failure { get; internal init; }

    /// <summary>Of an end: the session; null: there is none.</summary>
    public SessionInfo? Created => Failure == null ? Info : null;

    /// <summary>What is run at once after it, in the same turn.</summary>
    internal LifeCallback? Follow { get; init; }

    /// <summary>Of a loss: the session that is lost.</summary>
    public SessionKey Key { get; internal init; }

    /// <summary>Of an end: the session that the host has refused, which goes back.</summary>
    internal SessionKey? Refused { get; init; }

    /// <summary>Of a loss: when the last effect that began under the session is over.</summary>
    internal long EffectsOverNs { get; set; }
}
