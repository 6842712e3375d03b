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

    /// <summary>
    /// Where the service Administration is served, and nothing else, "host:port"; it is refused at ListenAddress then. Empty: both are served
    /// at ListenAddress.
    /// </summary>
    public string AdminListenAddress { get; set; } = "";

    /// <summary>
    /// The file of a Unix socket at which both services are served besides, without TLS: the kernel says which user calls, and rules know
    /// him as "uid:1000". The file has mode 0660, and a dead one is replaced. A relative path is resolved when the master starts. Empty: none.
    /// </summary>
    public string UnixSocket { get; set; } = "";

    /// <summary>Where followers reach this master, "host:port", as other masters tell them; empty: ListenAddress.</summary>
    public string AdvertiseAddress { get; set; } = "";

    /// <summary>
    /// Who this master is, and whether its clients must show who they are (<see cref="TlsOptions.CaFile"/>); null: no TLS is spoken, and
    /// <see cref="Insecure"/> must say so.
    /// </summary>
    public TlsOptions? Tls { get; set; }

    /// <summary>
    /// From where connections without TLS are served: instead of <see cref="Tls"/>, or beside it while clients are changed over one by one.
    /// With <see cref="Insecure.Loopback"/> and no <see cref="Tls"/> the master must listen at a loopback address.
    /// </summary>
    public Insecure Insecure { get; set; }

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
    /// ρ: the bound on the rate error of each clock by which a leadership is measured, in parts per million. Followers are told, and go
    /// by it if it is larger than their own.
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

    /// <summary>
    /// Objects of a session that has ended are given to other servers that can take them before anybody asks, some hundreds at a time.
    /// What is not done when a leadership ends is done when somebody asks.
    /// </summary>
    public bool ReassignsAfterEnd { get; set; }

    /// <summary>Bytes of the SQLite file, beyond which changes are refused with StoreFull.</summary>
    public ulong StoreMaxBytes { get; set; } = Limits.DefaultStoreBytes;

    /// <summary>
    /// File of the rules that say which caller may do what (docs/security.md), read again when it changes; empty: every caller may do
    /// everything.
    /// </summary>
    public string AuthorizationFile { get; set; } = "";

    /// <summary>File of the names that callers show by a token, read again when it changes; empty: no token is known.</summary>
    public string TokensFile { get; set; } = "";

    /// <summary>
    /// Asked for each call, and for a session's renewals once a stream, about what <see cref="AuthorizationFile"/> allows; without
    /// that file, about everything. Called on threads of its own, by several at a time; it may block, but what it has not answered
    /// after a second is refused. One that throws denies. Null: nothing is asked.
    /// </summary>
    public Func<AccessRequest, Verdict>? Authorize { get; set; }

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
        ClockRateBoundPpm = ClockRateBoundPpm,
        MaxRenewalsPerSecond = MaxRenewalsPerSecond,
        MaxSessions = MaxSessions,
        MaxItemsPerSession = MaxItemsPerSession,
        MaxItemBytes = MaxItemBytes,
        MaxSessionBytes = MaxSessionBytes,
        MaxAccessPointsPerIdentity = MaxAccessPointsPerIdentity,
        ReassignsAfterEnd = ReassignsAfterEnd,
    };

    /// <summary>Checks everything.</summary>
    /// <exception cref="SessionException">InvalidArgument, naming the field, as C spells it, and its limit.</exception>
    public void Validate() => Validate(Spelling.C);

    /// <summary>Checks everything, for whoever gave it under other names.</summary>
    /// <param name="spelling">How the error names the field.</param>
    /// <exception cref="SessionException">InvalidArgument, naming the field and its limit.</exception>
    public void Validate(Spelling spelling) => RequireNone(MasterSettings.ProblemsOf(this, spelling));

    /// <summary>Checks which store it is.</summary>
    public void ValidateStore(Spelling spelling) => RequireNone(MasterSettings.ProblemsOfStore(this, spelling));

    /// <summary>The listen address as an end point.</summary>
    internal IPEndPoint ParseListenAddress() => ParseListening("listen_address", ListenAddress);

    /// <summary>The address of administration as an end point; null: it has none of its own.</summary>
    internal IPEndPoint? ParseAdminListenAddress() =>
        AdminListenAddress.Length == 0 ? null : ParseListening("admin_listen_address", AdminListenAddress);

    private static IPEndPoint ParseListening(string name, string address)
    {
        RequireNone(MasterSettings.TryParseListening(address, out IPEndPoint endPoint) is { } problem ? [$"{name} {problem}"] : []);
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
