using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

namespace Interop.Sessions.Master;

/// <summary>What decides which master leads.</summary>
public enum LeadershipSource
{
    /// <summary>The store: the lock of the SQLite file, or an election in etcd. CheckLeader may still say no.</summary>
    Store = 0,

    /// <summary>The host's own election: CheckLeader passes the number of each leadership in.</summary>
    Host = 1,
}

/// <summary>How a master serves and stores; <see cref="Limits"/> has the defaults and their reasons.</summary>
public sealed record SessionMasterOptions
{
    /// <summary>Where to listen, "host:port": a numeric host or "localhost"; port 0: any.</summary>
    public string ListenAddress { get; set; } = EndpointAddress.OfDefaultMaster;

    /// <summary>Where followers reach this master, "host:port", as other masters tell them; empty: ListenAddress.</summary>
    public string AdvertiseAddress { get; set; } = "";

    /// <summary>The SQLite file; empty with <see cref="Etcd"/>. A relative one is resolved when the master starts.</summary>
    public string StorePath { get; set; } = "";

    /// <summary>
    /// A store that is missing or empty shall be a new cluster, once: what is lost while the master runs is not created
    /// again. Without it, it is refused, since it is more often a volume that is not mounted.
    /// </summary>
    public bool CreateStore { get; set; }

    /// <summary>The etcd cluster, for several masters; null: the SQLite file.</summary>
    public EtcdOptions? Etcd { get; set; }

    /// <summary>What decides which master leads.</summary>
    public LeadershipSource Leadership { get; set; }

    /// <summary>
    /// ρ: the bound on the rate error of each clock by which a leadership is measured, in parts per million.
    /// </summary>
    public uint ClockRateBoundPpm { get; set; } = Limits.DefaultClockRateBoundPpm;

    /// <summary>
    /// The term of a follower without a wish, in milliseconds; 0: <see cref="Limits.DefaultTermMs"/>, or the nearest that MinTermMs and
    /// MaxTermMs allow.
    /// </summary>
    public uint TermMs
    {
        get => field != 0 ? field : Math.Max(MinTermMs, Math.Min(MaxTermMs, Limits.DefaultTermMs));
        set;
    }

    /// <summary>The shortest term granted, in milliseconds.</summary>
    public uint MinTermMs { get; set; } = Limits.DefaultMinTermMs;

    /// <summary>The longest term granted, in milliseconds, by wish or under load.</summary>
    public uint MaxTermMs { get; set; } = Limits.DefaultMaxTermMs;

    /// <summary>Renewals a second beyond which all terms are lengthened, up to MaxTermMs.</summary>
    public uint MaxRenewalsPerSecond { get; set; } = Limits.DefaultMaxRenewalsPerSecond;

    /// <summary>Sessions at the same time.</summary>
    public uint MaxSessions { get; set; } = Limits.DefaultMaxSessions;

    /// <summary>Items of a session.</summary>
    public uint MaxItemsPerSession { get; set; } = Limits.DefaultMaxItemsPerSession;

    /// <summary>Bytes of an item's value.</summary>
    public uint MaxItemBytes { get; set; } = Limits.DefaultMaxItemBytes;

    /// <summary>Bytes of a session's keys and values.</summary>
    public ulong MaxSessionBytes { get; set; } = Limits.DefaultMaxSessionBytes;

    /// <summary>Objects with an assigned access point that one identity asked for first.</summary>
    public uint MaxAccessPointsPerIdentity { get; set; } = Limits.DefaultMaxAccessPointsPerIdentity;

    /// <summary>Bytes of the store; 0: what the disk holds.</summary>
    public ulong StoreMaxBytes { get; set; }

    /// <summary>
    /// The runtime is this master's alone: memory that a burst has taken goes back to the machine, by collections that stop the
    /// process for less than a quarter of a renewal interval. In a host with work of its own its collector is left alone.
    /// </summary>
    public bool ReturnsMemory { get; set; }

    internal SessionTableSettings TableSettings => new()
    {
        TermMs = TermMs,
        MinTermMs = MinTermMs,
        MaxTermMs = MaxTermMs,
        MaxRenewalsPerSecond = MaxRenewalsPerSecond,
        MaxSessions = MaxSessions,
        MaxItemsPerSession = MaxItemsPerSession,
        MaxItemBytes = MaxItemBytes,
        MaxSessionBytes = MaxSessionBytes,
        MaxAccessPointsPerIdentity = MaxAccessPointsPerIdentity,
    };

    /// <summary>Checks everything.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the field, as C spells it, and its limit.</exception>
    public void Validate() => Validate(Spelling.C);

    /// <summary>Checks everything, for whoever gave it under other names.</summary>
    /// <param name="spelling">How the error names the field.</param>
    /// <exception cref="SessionException">InvalidArgument, naming the field and its limit.</exception>
    public void Validate(Spelling spelling) => RequireNone(MasterSettings.ProblemsOf(this, spelling));

    /// <summary>Checks which store it is.</summary>
    internal void ValidateStore() => RequireNone(MasterSettings.ProblemsOfStore(this, Spelling.C));

    /// <summary>The listen address as an end point.</summary>
    internal IPEndPoint ParseListenAddress()
    {
        RequireNone(MasterSettings.TryParseListening(ListenAddress, out IPEndPoint endPoint) is { } problem ? [$"listen_address {problem}"] : []);
        return endPoint;
    }

    private static void RequireNone(IEnumerable<string> problems)
    {
        if (problems.FirstOrDefault() is { } problem)
        {
            throw new SessionException(SessionStatus.InvalidArgument, problem);
        }
    }
}
