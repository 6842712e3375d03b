namespace Interop.Sessions;

/// <summary>Every constant that limits something, with its unit and its reason.</summary>
public static class Limits
{
    /// <summary>Bytes of an identity: a host name (253) is rarely longer, and it is an index key.</summary>
    public const int MaxIdentityBytes = 128;

    /// <summary>Bytes of a host name: POSIX HOST_NAME_MAX is 64, DNS allows 253.</summary>
    public const int MaxHostNameBytes = 255;

    /// <summary>Bytes of an endpoint: an iSCSI qualified name is at most 223 bytes (RFC 3720, 3.2.6.1).</summary>
    public const int MaxEndpointBytes = 256;

    /// <summary>
    /// Endpoints of one server, of all kinds: a handful of portals of each of three or four protocols. A page of sessions has to
    /// stay within a message.
    /// </summary>
    public const int MaxEndpointsPerServer = 16;

    /// <summary>Bytes of an access point's object name.</summary>
    public const int MaxObjectBytes = 256;

    /// <summary>Bytes of a reason for a refusal or revocation: it must fit the C struct's array with its NUL.</summary>
    public const int MaxReasonBytes = 255;

    /// <summary>Bytes of reasons in one reply to renewals: a quarter of the largest that a follower takes.</summary>
    public const int MaxReasonBytesPerReply = 32 * 1024;

    /// <summary>Bytes of an item's key.</summary>
    public const int MaxItemKeyBytes = 256;

    /// <summary>Keys that begin with it belong to the session layer.</summary>
    public const char ReservedKeyPrefix = '$';

    /// <summary>Default bytes of an item's value: items are facts, not data.</summary>
    public const uint DefaultMaxItemBytes = 64 * 1024;

    /// <summary>Highest setting for bytes of an item's value: within etcd's 1.5 MiB request with room to spare.</summary>
    public const uint MaxItemBytes = 1024 * 1024;

    /// <summary>
    /// Changes of items that are made together, and items that come with a create: one transaction of etcd takes 128 operations
    /// by its default, and what belongs to them goes with them.
    /// </summary>
    public const int MaxItemChanges = 100;

    /// <summary>Bytes of their keys and values: as of the largest item, which fits in one request of etcd.</summary>
    public const int MaxItemChangesBytes = (int)MaxItemBytes;

    /// <summary>Default items of a session.</summary>
    public const uint DefaultMaxItemsPerSession = 1024;

    /// <summary>Highest setting for items of a session: a list of them must be one message.</summary>
    public const uint MaxItemsPerSession = 65536;

    /// <summary>Default bytes of keys and values of a session.</summary>
    public const ulong DefaultMaxSessionBytes = 1024 * 1024;

    /// <summary>Highest setting for bytes of a session: a list of them must be one message.</summary>
    public const ulong MaxSessionBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of one message on the wire: the largest session's items and their framing.</summary>
    public const int MaxMessageBytes = 80 * 1024 * 1024;

    /// <summary>Default sessions of a master.</summary>
    public const uint DefaultMaxSessions = 100_000;

    /// <summary>
    /// Highest setting for sessions of a master: about 1 KiB of memory each, and collections of so many stop renewals for up to a
    /// quarter of a second, which is a part of a short term already.
    /// </summary>
    public const uint MaxSessions = 1_000_000;

    /// <summary>Objects with an assigned access point on one master: each is a row of the store.</summary>
    public const int MaxAccessPointAssignments = 1_000_000;

    /// <summary>
    /// Default objects with an assigned access point that one identity asked for first: a tenth of all, so that one client
    /// which asks for more and more leaves room for the others.
    /// </summary>
    public const uint DefaultMaxAccessPointsPerIdentity = MaxAccessPointAssignments / 10;

    /// <summary>Assignments of ended sessions that are forgotten at a time: less than a millisecond.</summary>
    public const int MaxAssignmentsPerSweep = 4096;

    /// <summary>Sessions that are looked at in one search for expired ones: renewals wait for it, and it takes some milliseconds at most.</summary>
    public const int MaxSessionsLookedAt = 8192;

    /// <summary>
    /// Pages of a list without a row, one after the other, before sessionctl believes no master any more: for each a master has looked at
    /// thousands of sessions.
    /// </summary>
    public const int MaxEmptyPages = 10_000;

    /// <summary>For how long an end is kept for operators, in milliseconds: a day.</summary>
    public const long EndsKeptMs = 24 * 60 * 60 * 1000L;

    /// <summary>
    /// Ends that are kept for operators: each of the most sessions of a usual cell once. A list looks at all of them while renewals wait,
    /// and each start reads them.
    /// </summary>
    public const int MaxEnds = 10_000;

    /// <summary>Bytes of the ends that are kept: as many as <see cref="MaxEnds"/> of a usual length have.</summary>
    public const long MaxEndBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Durable changes that are kept for watches that were away or read slowly: those of half a minute at two thousand a second.
    /// </summary>
    public const int MaxWatchChanges = 65_536;

    /// <summary>Bytes of these changes: their values may be of items that were set again since.</summary>
    public const long MaxWatchBytes = 16L * 1024 * 1024;

    /// <summary>How often a watch says how far it is where nothing changes, in milliseconds.</summary>
    public const uint DefaultWatchProgressMs = 5_000;

    /// <summary>The most often: each is a message and a look at the table.</summary>
    public const uint MinWatchProgressMs = 100;

    /// <summary>The least often: a stream that has died without a word is noticed after some of these.</summary>
    public const uint MaxWatchProgressMs = 60_000;

    /// <summary>Marks of progress that a stream may owe before it counts as dead, and another is opened.</summary>
    public const uint WatchSilentMarks = 3;

    /// <summary>Changes in one message of a watch: the table is locked while they are read.</summary>
    public const int MaxWatchPageChanges = 256;

    /// <summary>Bytes of the changes in one message of a watch, unless a single change has more.</summary>
    public const int MaxWatchPageBytes = 256 * 1024;

    /// <summary>Rows that are read together of all that there is, and the items of one session more: the table is locked meanwhile.</summary>
    public const int MaxWatchStateRows = 4096;

    /// <summary>Ends of more than a day ago that go with each new one: a few, so that they become fewer and no transaction is large.</summary>
    public const int MaxAgedEndsPerEnd = 4;

    /// <summary>Ends on one page of a list, by default and at most: about a megabyte, if all are as long as they may be.</summary>
    public const uint MaxEndsPerPage = 1000;

    /// <summary>
    /// Identities that are drained: each server of a usual cell. A list looks at all of them while renewals wait, and each start reads them.
    /// </summary>
    public const int MaxDrains = 10_000;

    /// <summary>Drains on one page of a list, by default and at most: with the longest texts it fits a usual message.</summary>
    public const uint MaxDrainsPerPage = 200;

    /// <summary>The weight of a server that does not say one: there is room for finer differences below and above.</summary>
    public const uint DefaultWeight = 100;

    /// <summary>The highest weight of a server: a hundred times the default.</summary>
    public const uint MaxWeight = 10_000;

    /// <summary>Access points on one page of a list, by default and at most: less than a megabyte, if all are as long as they may be.</summary>
    public const uint MaxAccessPointsPerPage = 1000;

    /// <summary>Sessions and objects that are looked at for one page of access points: as for one of sessions, renewals wait meanwhile.</summary>
    public const int MaxAccessPointsSeenPerPage = MaxSessionsSeenPerPage;

    /// <summary>Objects that move to other servers in one transaction: as many changes as others make together, since each is two.</summary>
    public const int MaxObjectsMovedTogether = MaxOperationsPerCommit / 2;

    /// <summary>
    /// Servers that are looked at together for the objects that move: each object looks at all, a million take some milliseconds, and
    /// renewals wait meanwhile.
    /// </summary>
    public const int MaxServersSeenByMoves = 1_000_000;

    /// <summary>Pause after a look that found no object to move, in milliseconds: another server may have joined.</summary>
    public const int MovePauseMs = 1000;

    /// <summary>Bytes of the path of a Unix socket: sockaddr_un has 108, with a NUL at its end (unix(7)).</summary>
    public const int MaxUnixPathBytes = 107;

    /// <summary>How long a start waits while another process makes a socket in the same directory, which takes a moment.</summary>
    public const int SocketDirectoryMs = 2000;

    /// <summary>How long it waits between two looks at that.</summary>
    public const int SocketDirectoryPauseMs = 20;

    /// <summary>Bytes of the address of a peer: an IPv6 address with its zone and a port are shorter.</summary>
    public const int MaxPeerAddressBytes = 64;

    /// <summary>Ended sessions whose reason a master remembers, to tell a late holder why: about 100 bytes each.</summary>
    public const int MaxRememberedEnds = 65536;

    /// <summary>Writes of a session whose answers a master remembers: what a holder may have in progress.</summary>
    public const int MaxUnfinishedWrites = MaxForwardsInProgress;

    /// <summary>Abandoned creates that a follower names with a create: the latest few of its process.</summary>
    public const int MaxAbandonedNonces = 16;

    /// <summary>Default lease term, in milliseconds.</summary>
    public const uint DefaultTermMs = 10_000;

    /// <summary>Lowest setting for a term: a sixth of it must exceed a scheduler's hiccup.</summary>
    public const uint MinTermMs = 200;

    /// <summary>Default of the shortest term that a master grants.</summary>
    public const uint DefaultMinTermMs = 1000;

    /// <summary>Default of the longest term that a master grants.</summary>
    public const uint DefaultMaxTermMs = 60_000;

    /// <summary>
    /// The highest revision with which a master leads. Counters follow the clock, below 2^53 until 2106; what is higher somebody has
    /// made up, and to count on from there would come to the end of what stores keep.
    /// </summary>
    public const ulong MaxRevision = 1UL << 62;

    /// <summary>The highest revision that stores keep: a master that leads counts on, and never comes to it.</summary>
    public const ulong MaxCountedRevision = long.MaxValue;

    /// <summary>The highest number of a leadership that stores keep.</summary>
    public const ulong MaxMasterEpoch = long.MaxValue;

    /// <summary>Highest setting for a term: an hour without news is no lease.</summary>
    public const uint MaxTermMs = 3_600_000;

    /// <summary>Renewals a term: five may get lost before the lease runs out (Gray and Cheriton 1989 renew early for the same reason).</summary>
    public const uint RenewalsPerTerm = 6;

    /// <summary>
    /// Default renewals a second beyond which a master lengthens terms: batched, a core does several times as many.
    /// </summary>
    public const uint DefaultMaxRenewalsPerSecond = 200_000;

    /// <summary>Lowest setting for renewals a second.</summary>
    public const uint MinRenewalsPerSecond = 10;

    /// <summary>Highest setting for renewals a second: what one connection of a prototype did, batched.</summary>
    public const uint MaxRenewalsPerSecond = 10_000_000;

    /// <summary>Fewest renewals a term that a holder makes whatever a master says: one that is lost must not make it suspect.</summary>
    public const uint MinRenewalsPerTerm = 4;

    /// <summary>Shortest renewal interval that a holder accepts of a master, in milliseconds: a fourth of the shortest term.</summary>
    public const uint MinRenewalIntervalMs = 50;

    /// <summary>Most renewals a term that a holder makes whatever a master says.</summary>
    public const uint MaxRenewalsPerTerm = 100;

    /// <summary>Intervals that a renewal may wait for a stream: its follower has asked again, twice, or has stopped asking.</summary>
    public const int RenewalWaitIntervals = 2;

    /// <summary>Default bound on each clock's rate error, in parts per million.</summary>
    public const uint DefaultClockRateBoundPpm = 100_000;

    /// <summary>Highest bound on a clock's rate error: beyond, a third of the term would remain.</summary>
    public const uint MaxClockRateBoundPpm = 500_000;

    /// <summary>
    /// Stack of a thread of the library, in bytes. A host that locks its memory pays for all of it; the framework wants 128 KiB free before
    /// it goes deeper. Threads that run code of the host have more.
    /// </summary>
    public const int OwnStackBytes = 512 * 1024;

    /// <summary>Stack of a thread that runs code of the host, in bytes: callbacks were written for threads of other systems too.</summary>
    public const int CallbackStackBytes = 1024 * 1024;

    /// <summary>
    /// Threads of .NET's pool in a process that the library is loaded into, made at the beginning and kept: several calls that
    /// block and all renewals beside them. A pool that cannot add a thread ends the process.
    /// </summary>
    public const int PoolThreads = 8;

    /// <summary>Highest setting for the stack of a thread, in bytes: several times what systems give by default.</summary>
    public const uint MaxStackBytes = 64 * 1024 * 1024;

    /// <summary>Sessions in one keep-alive message.</summary>
    public const int MaxRenewalsPerMessage = 1024;

    /// <summary>Suspects of one keep-alive stream whose answers wait for the store: several messages of nothing else.</summary>
    public const int MaxSuspectsPerStream = 4 * MaxRenewalsPerMessage;

    /// <summary>Nonces whose hashes a keep-alive stream is remembered for: twice those of a process with all its followers.</summary>
    public const int MaxKnownNonces = 2 * MaxFollowers;

    /// <summary>Pids in one data report.</summary>
    public const int MaxPidsPerReport = 65536;

    /// <summary>Sessions on one page of a list.</summary>
    public const uint MaxSessionsPerPage = 10_000;

    /// <summary>
    /// Sessions that are looked at for one page of those whose identity begins with a prefix: the table is locked meanwhile, and
    /// renewals wait. As many as the largest page has.
    /// </summary>
    public const int MaxSessionsSeenPerPage = (int)MaxSessionsPerPage;

    /// <summary>Default sessions on one page of a list.</summary>
    public const uint DefaultSessionsPerPage = 1000;

    /// <summary>Operations in one store transaction: bounds the wait of the first for the last.</summary>
    public const int MaxOperationsPerCommit = 512;

    /// <summary>
    /// A store's size in bytes where nobody says another: what a master keeps in memory is as large, and no crowd of sessions shall fill
    /// the machine's disk.
    /// </summary>
    public const ulong DefaultStoreBytes = 4UL * 1024 * 1024 * 1024;

    /// <summary>Lowest setting for the store's size, in bytes: its empty tables and some sessions.</summary>
    public const ulong MinStoreBytes = 128 * 1024;

    /// <summary>How often expiries are looked for, in milliseconds: it adds to the time until the dead are gone.</summary>
    public const int ExpiryTickMs = 25;

    /// <summary>Pause after a store failure before expiries are tried again, in milliseconds.</summary>
    public const int ExpiryRetryMs = 1000;

    /// <summary>How often a host is asked whether it leads, in milliseconds.</summary>
    public const int CheckLeaderIntervalMs = 250;

    /// <summary>
    /// For how long after it was asked a host's yes counts, in milliseconds: several questions, but not a host that hangs.
    /// </summary>
    public const uint CheckLeaderAnswerMs = 2000;

    /// <summary>How often a master looks whether it may begin to lead, or must end, in milliseconds: a part of a fail-over.</summary>
    public const int LeadershipPollMs = 100;

    /// <summary>How long a thread that wants to act waits for a look at the store that does not end, in milliseconds.</summary>
    public const int StalledLookMs = 50;

    /// <summary>Milliseconds between two looks of a leader at its store: one is never older than a successor takes for granted.</summary>
    public const int LookMs = LeadershipPollMs / 2;

    /// <summary>Milliseconds between two signs that a leader's process does not stand still.</summary>
    public const int BeatMs = 50;

    /// <summary>Milliseconds without such a sign after which a process may have stood still.</summary>
    public const int StoodStillMs = 4 * BeatMs;

    /// <summary>Milliseconds for which what comes to a process that may have stood still waits for a look.</summary>
    public const int OwedLookMs = 1_000;

    /// <summary>How often in a term of its own an elected leader prolongs its key: each time makes a revision of etcd.</summary>
    public const int LeaderKeyRenewalsPerTerm = 4;

    /// <summary>The same after a failure.</summary>
    public const int LeaderKeyAttemptsPerTerm = 12;

    /// <summary>Pause after the election or the store failed, in milliseconds.</summary>
    public const int LeadershipRetryMs = 1000;

    /// <summary>
    /// Default lease of a leader that is elected in etcd, in milliseconds: above etcd's own election (1 s) and a slow disk; and
    /// short enough for a fail-over to end within what is left of a lease of <see cref="DefaultTermMs"/>, with a margin.
    /// </summary>
    public const uint DefaultLeaderTermMs = 3_000;

    /// <summary>Lowest lease of a leader, in milliseconds: etcd grants no shorter one with its own defaults.</summary>
    public const uint MinLeaderTermMs = 2_000;

    /// <summary>Highest lease of a leader, in milliseconds.</summary>
    public const uint MaxLeaderTermMs = 60_000;

    /// <summary>UTF-16 units of the prefix of an etcd store's keys.</summary>
    public const int MaxPrefixLength = 256;

    /// <summary>How long one request to etcd may take before another member is asked, in milliseconds.</summary>
    public const int EtcdRequestMs = 1_000;

    /// <summary>How long a page of what is loaded from etcd may take, in milliseconds: some megabytes, and not some hundred bytes.</summary>
    public const int EtcdPageMs = 10 * EtcdRequestMs;

    /// <summary>
    /// How long TCP, TLS, authentication and the question for the version may take together, in milliseconds: nine round trips
    /// at a second each. Connecting goes on in the background while requests try other members.
    /// </summary>
    public const int EtcdConnectMs = 10_000;

    /// <summary>How long a candidate waits for a connection before it asks another member, in milliseconds: most round trips of 200 ms.</summary>
    public const int EtcdCandidateConnectMs = 2_000;

    /// <summary>How often one request is sent when etcd refuses its token each time: users may change twice in a row.</summary>
    public const int EtcdTokenAttempts = 3;

    /// <summary>For how long a refused password is not shown again, in milliseconds: etcd spends 100 ms of a core on each.</summary>
    public const int EtcdTokenRetryMs = 1_000;

    /// <summary>How often a write says that it still waits for etcd, in milliseconds.</summary>
    public const int EtcdSayMs = 10_000;

    /// <summary>
    /// Operations in the smallest transaction that will do: a removal compares the leader, the state and the session, and changes the
    /// session, its end and the state.
    /// </summary>
    public const int EtcdLeastOperations = 3;

    /// <summary>Default age of etcd's history that a leader lets it forget, in minutes: longer than any export.</summary>
    public const uint DefaultCompactAfterMinutes = 60;

    /// <summary>Highest setting for the age of etcd's history, in minutes: a month of renewals is half of its default quota.</summary>
    public const uint MaxCompactAfterMinutes = 30 * 24 * 60;

    /// <summary>A certificate that ends within so many days is warned of, where nothing else is said.</summary>
    public const uint DefaultCertificateWarningDays = 7;

    /// <summary>The most that can be said: longer than any certificate should live.</summary>
    public const uint MaxCertificateWarningDays = 3650;

    /// <summary>But not before the last quarter of its life: what lives for a day is replaced within hours.</summary>
    public const int CertificateLastPart = 4;

    /// <summary>How often the files of certificates are looked at, in milliseconds: what is renewed serves so soon.</summary>
    public const int CertificateLookMs = 2000;

    /// <summary>So long a start waits for the files of certificates, in milliseconds: a file system that hangs holds no host.</summary>
    public const int CertificateFirstReadMs = 5000;

    /// <summary>The largest file of certificates that is read, in bytes: hundreds of authorities.</summary>
    public const int MaxCertificateFileBytes = 1024 * 1024;

    /// <summary>Dialling with TLS may take so much longer, in milliseconds: a master that starts has a handshake with each follower.</summary>
    public const int HandshakeMs = 5000;

    /// <summary>So long a master waits for a client's part of the handshake, in milliseconds.</summary>
    public const int ServerHandshakeMs = 10_000;

    /// <summary>How often it is warned of, in milliseconds: once a day.</summary>
    public const int CertificateWarningIntervalMs = 86_400_000;

    /// <summary>How long a command goes on asking an etcd that does not answer.</summary>
    public const int EtcdPatienceMs = 5_000;

    /// <summary>
    /// After how much silence a connection to etcd is probed, in milliseconds: it takes more frequent pings for an attack
    /// (--grpc-keepalive-min-time, 5 s).
    /// </summary>
    public const int EtcdProbeMs = 6_000;

    /// <summary>Pause after all members of etcd failed, in milliseconds.</summary>
    public const int EtcdRetryMs = 100;

    /// <summary>Operations in one transaction of etcd, by its default --max-txn-ops.</summary>
    public const int EtcdTransactionOperations = 128;

    /// <summary>
    /// Bytes in one transaction of etcd: its default --max-request-bytes is 1.5 MiB, and the framing needs room.
    /// </summary>
    public const int EtcdTransactionBytes = 1_500_000;

    /// <summary>
    /// Assignments that go in one transaction of etcd with their session: etcd does nothing else meanwhile, not even the
    /// leader's lease, and takes 20 to 70 microseconds for each.
    /// </summary>
    public const int EtcdAssignmentsPerTransaction = 1000;

    /// <summary>Most keys in one page of an etcd store that is loaded.</summary>
    public const int EtcdMostKeysPerPage = 8192;

    /// <summary>Bytes of one message from etcd: pages are made smaller where values are large.</summary>
    public const int EtcdMessageBytes = 16 * 1024 * 1024;

    /// <summary>How often long work says how far it is, in milliseconds.</summary>
    public const int ProgressMs = 1_000;

    /// <summary>How long a master that resigned stays out of the election, in milliseconds, so that another wins.</summary>
    public const int ResignPauseMs = 5000;

    /// <summary>Threads on which a master's host is called: as many identities may have a hook that blocks.</summary>
    public const int MaxHookThreads = 256;

    /// <summary>
    /// Threads on which a master's host is told of ends: apart from the hook threads, so that a rack that dies keeps no create
    /// waiting.
    /// </summary>
    public const int MaxEndHookThreads = 64;

    /// <summary>Threads on which a master's host is told of leaderships: a hook that hangs there keeps no later leadership from beginning.</summary>
    public const int MaxLeadershipHookThreads = 4;

    /// <summary>Calls that wait for the host's hooks: every hook thread's work of seconds, and some megabytes.</summary>
    public const int MaxWaitingHooks = 8192;

    /// <summary>Calls of one identity that wait for the host's hooks: a server has one create in progress and some reports.</summary>
    public const int MaxWaitingHooksPerIdentity = 64;

    /// <summary>Bytes of the data reports that wait for the host's hooks, or are in them: a hundred of the largest.</summary>
    public const long MaxWaitingHookBytes = 64 * 1024 * 1024;

    /// <summary>
    /// Ends that wait to be told, beyond which no calls are taken: more than most masters have sessions, so that it is reached only
    /// where the host hangs, and some hundred megabytes.
    /// </summary>
    public const int MaxWaitingEnds = 131_072;

    /// <summary>How often a stopping master says for which hook it waits, in milliseconds.</summary>
    public const int HookSayMs = 5_000;

    /// <summary>How long a hook thread without work stays, in milliseconds: longer than the pauses of a busy master.</summary>
    public const int HookThreadIdleMs = 5_000;

    /// <summary>
    /// Calls in progress on one connection: a process that has more of them dials another. No more, as what a connection has
    /// waiting for the server's threads is what others' renewals wait for; no fewer, as clients begin so many before they have
    /// heard of any bound.
    /// </summary>
    public const int MaxStreamsPerConnection = 100;

    /// <summary>Keep-alive streams of a connection: a process needs one, and a few while it changes over.</summary>
    public const int MaxKeepAliveStreamsPerConnection = 8;

    /// <summary>Creates and re-attaches in progress: four a hook thread.</summary>
    public const int MaxCreatesInProgress = 4 * MaxHookThreads;

    /// <summary>The same of one connection.</summary>
    public const int MaxCreatesPerConnection = MaxStreamsPerConnection;

    /// <summary>Lists in progress: each may need the whole budget of answers.</summary>
    public const int MaxListsInProgress = 32;

    /// <summary>The same of one connection.</summary>
    public const int MaxListsPerConnection = 4;

    /// <summary>Streams of watches in all: each is a look at the table a few times a second, at most.</summary>
    public const int MaxWatches = 256;

    /// <summary>The same of one connection.</summary>
    public const int MaxWatchesPerConnection = 16;

    /// <summary>The same of one caller's name; all callers without a name have one together.</summary>
    public const int MaxWatchesPerCaller = 64;

    /// <summary>
    /// The least time between two looks of one watch that has said all, in milliseconds: what changes meanwhile is said together. With
    /// <see cref="MaxWatches"/> that is one look in 40 microseconds at the most, each of some microseconds under the table's lock.
    /// </summary>
    public const int WatchPauseMs = 10;

    /// <summary>
    /// How long a watch may leave a message unread, in milliseconds: a consumer may take its time for what it was told, and goes on where
    /// it is when it comes again.
    /// </summary>
    public const int WatchPatienceMs = 60_000;

    /// <summary>Bytes of messages of watches that are being written, of all watches together: the rest of them wait.</summary>
    public const long MaxWatchBytesInProgress = 16L * 1024 * 1024;

    /// <summary>The same of one caller's name; all callers without a name have these together.</summary>
    public const long MaxWatchBytesPerCaller = MaxWatchBytesInProgress / 4;

    /// <summary>Other calls in progress.</summary>
    public const int MaxCallsInProgress = 4096;

    /// <summary>Refusals after which a connection that goes beyond its own bounds, and holds no session, is closed.</summary>
    public const int MostRefusals = 8;

    /// <summary>When a caller that was refused for too much in progress may ask again, in milliseconds: what is in progress ends soon.</summary>
    public const uint WireRetryMs = 200;

    /// <summary>
    /// Bytes of answers that are being written: as large as the largest. Those of more than <see cref="MaxReplyBytesPerConnection"/> have
    /// as many among themselves, so that one of them leaves the others their room.
    /// </summary>
    public const long MaxReplyBytesInProgress = MaxMessageBytes;

    /// <summary>The same of one connection, unless it is a single answer; one that does not read leaves room for others.</summary>
    public const long MaxReplyBytesPerConnection = MaxReplyBytesInProgress / 4;

    /// <summary>Bytes of requests that are being received: some hundred of the largest.</summary>
    public const long MaxRequestBytesInProgress = 128L * 1024 * 1024;

    /// <summary>The same of one connection: a quarter of a hundred of the largest.</summary>
    public const long MaxRequestBytesPerConnection = MaxRequestBytesInProgress / 4;

    /// <summary>How long an answer may take to be read, in milliseconds, whatever its size.</summary>
    public const int ReplyPatienceMs = 5_000;

    /// <summary>And how fast it must be read beyond that, in bytes a millisecond: a narrow path.</summary>
    public const int LeastReplyBytesPerMs = 256;

    /// <summary>
    /// But no longer than this, in milliseconds: what is larger than 1.2 MiB is a list of a large cell, which a narrow path has no use for;
    /// the largest there is takes it at 70 Mbit/s. It has as long as a connection may be idle.
    /// </summary>
    public const int MaxReplyPatienceMs = 10_000;

    /// <summary>How long a request may take to come, in milliseconds, whatever its size.</summary>
    public const int RequestPatienceMs = 5_000;

    /// <summary>And how fast it must come beyond that, in bytes a millisecond: a narrow path that many of one process share.</summary>
    public const int LeastRequestBytesPerMs = 16;

    /// <summary>
    /// For how long a connection may have no call before it is closed, in milliseconds; the first request included. Dialling
    /// again is cheap.
    /// </summary>
    public const int IdleConnectionMs = 10_000;

    /// <summary>For how long a stream may be open that renews no session and says nothing, in milliseconds.</summary>
    public const int SilentConnectionMs = 15_000;

    /// <summary>How long a connection that renews no session may keep its place though others need it, in milliseconds.</summary>
    public const int StrangerGraceMs = 250;

    /// <summary>How long a connection that waits for a place waits at most before it asks again, in milliseconds.</summary>
    public const int PlaceLookMs = 50;

    /// <summary>How often is looked whether memory can be given back, in milliseconds.</summary>
    public const int MemoryLookMs = 2_000;

    /// <summary>Bytes allocated between two looks of a process that has little to do.</summary>
    public const long QuietAllocationBytes = 16L * 1024 * 1024;

    /// <summary>Bytes below which nothing is given back.</summary>
    public const long LeastTrimBytes = 16L * 1024 * 1024;

    /// <summary>For how long the collector stops a process without sessions, in milliseconds.</summary>
    public const int EmptyCollectionMs = 20;

    /// <summary>Sessions that it compacts in a millisecond: 100,000 took 0.2 s.</summary>
    public const int SessionsCompactedPerMs = 500;

    /// <summary>After so many times in vain what the process has is what it needs.</summary>
    public const int TrimsInVain = 3;

    /// <summary>Between two times that memory is given back, in milliseconds.</summary>
    public const int TrimPauseMs = 10_000;

    /// <summary>
    /// For how long none of the hooks that run may have returned, with all their threads taken, before calls are refused that would wait
    /// behind them, in milliseconds.
    /// </summary>
    public const int HooksStuckMs = 2_000;

    /// <summary>How often calls are looked for that wait behind hooks which hang, in milliseconds.</summary>
    public const int StuckLookMs = 500;

    /// <summary>How often silent connections are looked for, in milliseconds.</summary>
    public const int SilentLookMs = 1_000;

    /// <summary>How long the headers of a request may take, in milliseconds.</summary>
    public const int RequestHeadersMs = 5_000;

    /// <summary>Bytes of a request's headers: a follower sends some hundred.</summary>
    public const int MaxRequestHeaderBytes = 8 * 1024;

    /// <summary>Bytes of a caller's name: as of a DNS name (RFC 1035, 2.3.4), which a certificate has.</summary>
    public const int MaxCallerNameBytes = 253;

    /// <summary>Rules of one file: some for each kind of server, or one for each of a few thousand; all are gone through at each call.</summary>
    public const int MaxAccessRules = 4096;

    /// <summary>Quotas of one file, and rates of one: each session is counted for all quotas, and each call for all rates.</summary>
    public const int MaxQuotas = 64;

    /// <summary>Calls a second: more than any master answers.</summary>
    public const uint MaxCallRate = 1_000_000;

    /// <summary>Callers whose calls are counted at the same time, for each rate and class: a hundred bytes each.</summary>
    public const int MaxRatedCallers = 65_536;

    /// <summary>Tokens of one file: small set-ups have them; all are compared with at each call.</summary>
    public const int MaxTokens = 1024;

    /// <summary>Characters of a token at least: 24 random bytes in base64, which nobody guesses however fast hashes are tried.</summary>
    public const int MinTokenLength = 32;

    /// <summary>Characters of a token at most: a header of a request holds it beside the others.</summary>
    public const int MaxTokenLength = 1024;

    /// <summary>Bytes of a file of rules or tokens: as many lines as there may be, of usual length.</summary>
    public const int MaxRightsFileBytes = 512 * 1024;

    /// <summary>
    /// How often such files are looked at, in milliseconds. What has changed is in force when two looks have found the same, so that no
    /// file counts that somebody is still writing.
    /// </summary>
    public const int RightsLookMs = 2_000;

    /// <summary>How long a host's Authorize may take, in milliseconds: within an interval of renewals, which wait for it once a stream.</summary>
    public const uint AuthorizeMs = 1_000;

    /// <summary>Threads that call it: as many calls may hang before all others are refused.</summary>
    public const int MaxAuthorizeThreads = 4;

    /// <summary>Calls of it that wait for a thread.</summary>
    public const int MaxAuthorizeWaiting = 4096;

    /// <summary>Of one caller, and of all without a name together; renewals are not counted.</summary>
    public const int MaxAuthorizeWaitingOfOne = 1024;

    /// <summary>
    /// Connections of what watches a daemon over HTTP: probes take milliseconds, and few scrape. Half of the descriptors that are kept for
    /// whatever is no follower's.
    /// </summary>
    public const int MaxProbeConnections = ReservedDescriptors / 2;

    /// <summary>How far back sessionctl asks for sessions that have ended, in milliseconds: a week, of which no master keeps more.</summary>
    public const ulong MaxSinceMs = 7UL * 24 * 60 * 60 * 1000;

    /// <summary>Within which time sessionctl status counts the sessions that have ended, in milliseconds: an hour.</summary>
    public const ulong StatusSinceMs = 60UL * 60 * 1000;

    /// <summary>Bytes of one answer that wait in the server for its reader.</summary>
    public const int MaxUnreadBytes = 32 * 1024;

    /// <summary>Bytes of an answer that are counted until its reader has them: the count of streams bounds what is smaller.</summary>
    public const int LeastCountedReplyBytes = 4096;

    /// <summary>
    /// Bytes of a message that carries no value, no pids and no list, so that it is refused before it is parsed: the longest is a batch of
    /// renewals.
    /// </summary>
    public const int UsualMessageBytes = 128 * 1024;

    /// <summary>Bytes of a traceparent of W3C Trace Context, version 00: "00-", 32 digits, "-", 16 digits, "-", 2 digits.</summary>
    public const int TraceParentBytes = 55;

    /// <summary>
    /// Connections that wait to be accepted: what a fail-over brings at once, and not so many that others' wait for seconds
    /// behind a flood of them.
    /// </summary>
    public const int ListenBacklog = 1024;

    /// <summary>How long nothing is accepted when descriptors, or memory for sockets, have run out, in milliseconds.</summary>
    public const int AcceptPauseMs = 100;

    /// <summary>Descriptors that connections leave to the store, to etcd and to the host.</summary>
    public const int ReservedDescriptors = 64;

    /// <summary>
    /// Connections for which there are places beside those that hold sessions, however few descriptors there were a moment ago: holders
    /// that dial again.
    /// </summary>
    public const int PlacesBesideHolders = 64;

    /// <summary>
    /// Connections that keep their places for one session: its follower has one for renewals and one for calls, and may have dialled both
    /// again before the former ones were seen to be gone.
    /// </summary>
    public const int MaxConnectionsPerSession = 4;

    /// <summary>For how long a connection need not show again that it holds a session, in milliseconds: that costs a lock.</summary>
    public const int ProofMs = 10_000;

    /// <summary>Connections where descriptors would allow more: each costs some 20 to 60 KB.</summary>
    public const int MaxConnections = 200_000;

    /// <summary>
    /// Connections that have not shown that they hold a session. A newcomer does within milliseconds; each costs some
    /// megabytes when all its streams are in use.
    /// </summary>
    public const int MaxStrangers = 256;

    /// <summary>Most threads of a master for calls other than renewals, however many processors there are.</summary>
    public const int MaxCallThreads = 16;

    /// <summary>After how much silence a connection is probed, in milliseconds; a dead peer's stream must not stay forever.</summary>
    public const int ConnectionProbeMs = 20_000;

    /// <summary>UTF-16 units of an error's text on the wire: it travels in a header, and those are limited.</summary>
    public const int MaxErrorTextLength = 1024;

    /// <summary>Lines of the daemon's log that wait for the log's reader; more are dropped.</summary>
    public const int MaxWaitingLogLines = 10_000;

    /// <summary>How long a stopping master waits for calls in progress, in milliseconds.</summary>
    public const int StopTimeoutMs = 2000;

    /// <summary>
    /// How long the start of a master that is refused waits for hooks of its host that run already, in milliseconds: longer than those
    /// take that answer, and not for one that hangs.
    /// </summary>
    public const int RefusedStartMs = (int)CheckLeaderAnswerMs + StopTimeoutMs;

    /// <summary>How long a stopping master waits for its connections to close, in milliseconds: all calls have ended then.</summary>
    public const int ConnectionCloseMs = 200;

    /// <summary>Operations waiting for the store; beyond, a master answers that it is overloaded.</summary>
    public const int MaxWaitingOperations = 65536;

    /// <summary>
    /// A tick of the wheel of expiries, in milliseconds: so late a session is looked at, which is little beside a term.
    /// </summary>
    public const int WheelTickMs = 16;

    /// <summary>Slots of the wheel of expiries: a turn takes a minute, as long as most terms, so that a session is rarely filed twice.</summary>
    public const int WheelSlots = 4096;

    /// <summary>Places of forgotten ends in front of those that are kept, before the rest is moved: a move is paid by a thousand ends.</summary>
    public const int MaxForgottenEnds = 1024;

    /// <summary>Bytes of a row that a salvage reads: above any that this library writes, and no length that damage has made up.</summary>
    public const int MaxSalvagedRowBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of the values that wait for the store: seconds of a slow disk, and little beside what a process may have.</summary>
    public const long MaxWaitingBytes = 64 * 1024 * 1024;

    /// <summary>When a caller that was refused for a full queue may ask again, in milliseconds: a stall is longer than an ordinary commit.</summary>
    public const uint QueueRetryMs = 500;

    /// <summary>The port of a master that is told none.</summary>
    public const ushort DefaultPort = 7070;

    /// <summary>Masters that a follower manager knows.</summary>
    public const int MaxEndpoints = 16;

    /// <summary>After how much silence a follower probes the connection on which it waits for answers, in milliseconds.</summary>
    public const uint AnswerProbeMs = 1_000;

    /// <summary>How long a probe may take, in milliseconds: a create with the default time-out still finds another connection.</summary>
    public const uint AnswerProbeTimeoutMs = 2_000;

    /// <summary>Connections given up, whose calls in progress are still waited for: a few stalls in a row.</summary>
    public const int MaxDisconnectedChannels = 4;

    /// <summary>Followers of one process: each has two threads.</summary>
    public const int MaxFollowers = 1024;

    /// <summary>Callbacks registered with one follower by RegisterSessionCreateCb.</summary>
    public const int MaxSessionCreateCallbacks = 64;

    /// <summary>Asynchronous items, access points and reports in progress on one follower: beyond, its callback thread hangs.</summary>
    public const int MaxForwardsInProgress = 1024;

    /// <summary>Changes of a session's state that wait for a callback that hangs: beyond, only the latest is told.</summary>
    public const int MaxWaitingStateChanges = 64;

    /// <summary>Default time-out of a create, in milliseconds.</summary>
    public const uint DefaultCreateTimeoutMs = 10_000;

    /// <summary>Default time-out of any other call, in milliseconds.</summary>
    public const uint DefaultCallTimeoutMs = 5_000;

    /// <summary>Highest time-out of any call, in milliseconds.</summary>
    public const uint MaxTimeoutMs = 3_600_000;

    /// <summary>
    /// How long a close, a stop or a shutdown waits for the host's own callbacks unless it is told otherwise, in milliseconds: longer
    /// than a callback that works takes, and shorter than the patience of what stops processes (systemd: 90 s).
    /// </summary>
    public const uint DefaultEndTimeoutMs = 60_000;

    /// <summary>Users of the library in one process, each with a log of its own.</summary>
    public const int MaxLibraries = 64;

    /// <summary>Categories of the log with a level of their own, of one user of the library.</summary>
    public const int MaxLogCategories = 32;

    /// <summary>Bytes of the name of such a category.</summary>
    public const int MaxLogCategoryBytes = 128;

    /// <summary>Objects of one process behind handles of C: far more than the followers and masters that fit in it.</summary>
    public const int MaxHandles = 1 << 18;

    /// <summary>Bytes of a path that C gives: Linux's PATH_MAX.</summary>
    public const int MaxPathBytes = 4096;

    /// <summary>Bytes that a struct of C may grow by in later releases of the same ABI.</summary>
    public const int MaxStructGrowthBytes = 4096;

    /// <summary>Bytes of a name in the options of TLS: longer than any host name, and than any name of a version.</summary>
    public const int MaxTlsNameBytes = 256;

    /// <summary>Bytes of a CPU mask: 8192 CPUs are as many as Linux supports.</summary>
    public const int MaxCpuMaskBytes = 1024;

    /// <summary>Priority of a real-time thread, on Linux (sched(7)).</summary>
    public const uint MaxThreadPriority = 99;

    /// <summary>How long a TCP connection may take, in milliseconds: longer than a lost SYN's first repetition.</summary>
    public const uint ConnectTimeoutMs = 1_500;

    /// <summary>Shortest pause between attempts, in milliseconds: the next master is asked soon, since a lease runs meanwhile.</summary>
    public const uint RetryPauseMs = 50;

    /// <summary>
    /// Longest pause between attempts when all masters have failed, in milliseconds: a part of a fail-over that is not felt.
    /// </summary>
    public const uint MaxRetryPauseMs = 500;

    /// <summary>Rounds through all masters within what is left of a lease or time-out: some may get lost, and none storms.</summary>
    public const int RetriesWithinWhatIsLeft = 32;

    /// <summary>
    /// Longest pause of a caller that was told when to ask again, in milliseconds: an identity's holder may close before its lease is over.
    /// </summary>
    public const uint MaxToldPauseMs = 1_000;

    /// <summary>First pause between creates that a follower makes of itself after a loss, in milliseconds; it doubles.</summary>
    public const uint RecreatePauseMs = 500;

    /// <summary>
    /// Longest pause between creates that a follower makes of itself, in milliseconds: ten thousand refused ones are 1250 a second.
    /// </summary>
    public const uint MaxRecreatePauseMs = 8_000;

    /// <summary>How long a hint rests that could not be reached, in milliseconds: several rounds through the configured masters.</summary>
    public const uint DeadHintRestMs = 3_000;

    /// <summary>How long a hint rests that answered that it does not lead, in milliseconds: it may be loading, and lead then.</summary>
    public const uint StandbyHintRestMs = 500;

    /// <summary>
    /// Hints that are followed one after the other before the next configured master is asked: a leader may have changed meanwhile.
    /// </summary>
    public const int MaxHintsInARow = 2;

    /// <summary>Hints whose rest is remembered: more are only named by masters that lie.</summary>
    public const int MaxRestingEndpoints = 2 * MaxEndpoints;

    /// <summary>Addresses of one name that are remembered: a master has one or two.</summary>
    public const int MaxRememberedAddresses = 8;

    /// <summary>Names of masters that are not configured whose addresses are remembered: more are only named by masters that lie.</summary>
    public const int MaxHintedNames = 2 * MaxEndpoints;

    /// <summary>
    /// Questions about such names that the resolver may have open: each that hangs keeps a thread, and masters that lie name ever
    /// new ones. Configured names have one each beside them.
    /// </summary>
    public const int MaxHintedQuestions = 4;

    /// <summary>How long the resolver may take, in milliseconds: within a dial's time, with some left for the dial.</summary>
    public const int ResolveTimeoutMs = 1_000;

    /// <summary>How long the resolver is waited for where an address is known from before, in milliseconds.</summary>
    public const int ResolveHeadStartMs = 100;

    /// <summary>After how long the next address of a name is dialled beside the first, in milliseconds (RFC 8305, section 5).</summary>
    public const int DialStaggerMs = 250;

    /// <summary>Log lines of one kind about one thing that are written at once; then one in every LogPauseMs.</summary>
    public const int LogLinesAtOnce = 3;

    /// <summary>After the first lines of one kind about one thing, one is written every so many milliseconds.</summary>
    public const long LogPauseMs = 10_000;

    /// <summary>Lines that wait for the log of a host, in number: minutes of a busy master; more are dropped.</summary>
    public const int MaxQueuedLogLines = 8192;

    /// <summary>How long lines that wait are written when their manager or master ends, in milliseconds: a disk's hiccup.</summary>
    public const uint LogFlushMs = 1_000;

    /// <summary>
    /// How long the answer of a .NET host's logger, which levels it takes, is kept, in milliseconds: a level that is turned on
    /// waits so long.
    /// </summary>
    public const long LogLevelsAgeMs = 1_000;

    /// <summary>Kinds of log lines that are counted: every follower and master of a process has a few.</summary>
    public const int MaxLogBudgets = 4 * MaxFollowers;

    /// <summary>How long one attempt of a create may take before another master is tried, in milliseconds.</summary>
    public const uint CreateAttemptMs = 5_000;

    /// <summary>How long after its deadline a call is ended that gRPC has not ended, in milliseconds: a busy machine's hiccup.</summary>
    public const uint DeadlineGraceMs = 200;

    /// <summary>An attempt that the caller's time-out cut shorter than this is no evidence about its master, in milliseconds.</summary>
    public const uint TellingAttemptMs = 200;

    /// <summary>How long a close waits for the master, in milliseconds; the lease's end does the rest.</summary>
    public const uint CloseTimeoutMs = 2_000;

    /// <summary>How long a follower that has nothing to do sleeps before it looks again, in milliseconds: news wakes it.</summary>
    public const int IdleFollowerMs = 60_000;
}
