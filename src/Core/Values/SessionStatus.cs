namespace Interop.Sessions;

/// <summary>
/// How a call ended. One list for C, C++, C#, the wire, the command line and the logs: the numbers are those of
/// <c>interop_sessions_status</c> in the C header and of <c>Status</c> in sessions.proto, and are never reused.
/// The header explains each.
/// </summary>
public enum SessionStatus
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>A required argument is missing or out of range.</summary>
    InvalidArgument = 1,

    /// <summary>A struct of the C ABI has an impossible size.</summary>
    InvalidStructSize = 2,

    /// <summary>A string is not UTF-8.</summary>
    InvalidUtf8 = 3,

    /// <summary>A string, list or value is over its limit.</summary>
    TooLong = 4,

    /// <summary>A handle is zero, stale, or of another kind of object.</summary>
    InvalidHandle = 5,

    /// <summary>The library is not initialised, or was shut down.</summary>
    NotInitialized = 6,

    /// <summary>A blocking call from a callback that it would wait for.</summary>
    InCallback = 7,

    /// <summary>More objects than the process may have.</summary>
    TooManyObjects = 8,

    /// <summary>The host was compiled for another major, or a newer minor, of the ABI.</summary>
    AbiMismatch = 9,

    /// <summary>Cancelled, or the object was closed meanwhile.</summary>
    Cancelled = 100,

    /// <summary>A master was reached but gave no answer in time.</summary>
    TimedOut = 101,

    /// <summary>No endpoint could be reached in time.</summary>
    NoMaster = 102,

    /// <summary>The master does not lead.</summary>
    NotLeader = 103,

    /// <summary>The master's AccessManager refused the session.</summary>
    Refused = 104,

    /// <summary>The follower's own SessionCreatedCb refused the session.</summary>
    RefusedByHost = 105,

    /// <summary>The other side is of another release: it does not know the call, or answered what this one does not know.</summary>
    Unsupported = 106,

    /// <summary>The master has too much to do, and did nothing; the message says what is full.</summary>
    Overloaded = 107,

    /// <summary>This process has no thread, descriptor or memory left for it; nothing was done.</summary>
    OutOfResources = 108,

    /// <summary>Reserved: it is not known whether the call was carried out.</summary>
    OutcomeUnknown = 109,

    /// <summary>The caller has not shown who it is, where it must.</summary>
    Unauthenticated = 110,

    /// <summary>The caller may not do this; the message says which rule came nearest.</summary>
    PermissionDenied = 111,

    /// <summary>The follower holds no session.</summary>
    NoSession = 200,

    /// <summary>The follower holds, or is creating, a session already.</summary>
    SessionExists = 201,

    /// <summary>Another holder's lease on the identity still runs.</summary>
    IdentityInUse = 202,

    /// <summary>The master has no memory of the session.</summary>
    UnknownSession = 203,

    /// <summary>The session was not renewed within its term.</summary>
    SessionExpired = 204,

    /// <summary>The session was taken away by the master.</summary>
    SessionRevoked = 205,

    /// <summary>The session was given back.</summary>
    SessionClosed = 206,

    /// <summary>The session has another epoch.</summary>
    WrongEpoch = 207,

    /// <summary>A newer connection holds the session.</summary>
    WrongNonce = 208,

    /// <summary>The master holds as many sessions as it may.</summary>
    TooManySessions = 209,

    /// <summary>The identity is drained: it gets no session until an operator undrains it. The message has the reason.</summary>
    Draining = 210,

    /// <summary>The session has no item of this key.</summary>
    ItemNotFound = 300,

    /// <summary>An item's value is over its limit.</summary>
    ItemTooLarge = 301,

    /// <summary>The session has as many items, or bytes of items, as it may.</summary>
    TooManyItems = 302,

    /// <summary>The key belongs to the session layer.</summary>
    ReservedKey = 303,

    /// <summary>The item has another revision than the caller compared with.</summary>
    RevisionMismatch = 304,

    /// <summary>No alive session has an endpoint of this kind.</summary>
    NoAccessPoint = 305,

    /// <summary>The master's AccessManager refused the data report.</summary>
    ReportRefused = 306,

    /// <summary>The secret is not that of the session, or the session is another identity's.</summary>
    WrongSecret = 307,

    /// <summary>What a watch would have to say is forgotten: the history does not reach so far back.</summary>
    Compacted = 308,

    /// <summary>The store has no room.</summary>
    StoreFull = 400,

    /// <summary>The store cannot be written.</summary>
    StoreReadOnly = 401,

    /// <summary>Another master process has the store open.</summary>
    StoreLocked = 402,

    /// <summary>The store failed otherwise.</summary>
    StoreFailed = 403,

    /// <summary>The listen address is taken.</summary>
    AddressInUse = 404,

    /// <summary>The listen address cannot be bound.</summary>
    AddressUnusable = 405,

    /// <summary>Reserved: the store holds what makes no sense.</summary>
    StoreCorrupt = 406,

    /// <summary>A defect of the library.</summary>
    Internal = 900,
}
