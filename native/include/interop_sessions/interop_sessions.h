/* Interop.Sessions: sessions for chunk servers. This header is the contract of
 * libinterop_sessions.so and its manual. C11 and C++11 clean.
 *
 * A chunk server (follower) holds a *session* with a master: a lease that is kept alive, carries
 * small *items*, and is lost safely: the holder stops before the master hands its work to somebody
 * else.
 *
 * RULES THAT HOLD EVERYWHERE
 *
 *   Life       interop_sessions_initialize() first, after the host installed its signal handlers
 *              and after its last fork() that does not exec. interop_sessions_shutdown() last. A
 *              host and its plug-ins may each initialize the library: each has its own
 *              interop_sessions_library, with its own log and objects. The library cannot be unloaded
 *              (it is linked with -z nodelete). exit() without shutdown is clean for the process, but
 *              callbacks may run until the process is gone, also while destructors of statics run;
 *              sessions then end by expiry instead of by close. A child that is forked later gets
 *              NOT_INITIALIZED from every call, and its copies of lease words refuse. Functions that
 *              are callable before initialize() do not start the runtime.
 *   Results    Every function that can fail returns an interop_sessions_status. Its last parameter
 *              `error` may be NULL; an error that is given receives the status and a message that
 *              names the argument and the limit. Outputs are written only when the status is
 *              INTEROP_SESSIONS_OK, unless stated. Every function may answer INVALID_ARGUMENT (a
 *              required pointer is NULL, a value is out of range), INVALID_STRUCT_SIZE, INVALID_UTF8,
 *              TOO_LONG, INVALID_HANDLE, NOT_INITIALIZED, CANCELLED (the object of the call is being
 *              closed or stopped), TIMED_OUT (the deadline_ns of the call's options is past),
 *              OUT_OF_RESOURCES and INTERNAL; the comments list the others.
 *   Structs    Structs that may grow begin with struct_size = sizeof(the struct). A struct of an older
 *              release keeps working: the fields that it lacks take their defaults; a struct_size less
 *              than that of 1.0 is refused. A larger (newer) struct, by at most 4096 bytes, is accepted
 *              as long as all bytes that this library does not know are 0; in a struct that is only
 *              written, an error among them, these bytes are left alone. Zero-fill a struct before use
 *              (or INTEROP_SESSIONS_INIT): 0, NULL and empty mean "the default"; reserved fields must be 0.
 *              Arrays that the library hands out are read by the function beside the struct.
 *   Enums      Have 32 bits. Later releases of the same major may answer values that this header
 *              lacks: take a status that you do not know for a failure, and ignore other values that
 *              you do not know.
 *   Strings    UTF-8, pointer and length, no terminator needed, no NUL byte inside; {NULL, 0} is
 *              empty. Whatever the caller passes in is copied before the call returns. Whatever a
 *              callback receives is valid until that callback returns.
 *   Memory     Memory that the library hands out (documented "free with interop_sessions_free") is
 *              freed by that function alone. All other memory stays the property of the side that
 *              allocated it. The memory of a user_data may be freed when its `release` is called:
 *              exactly once, after its last use, also when the call that took the user_data is refused.
 *   Handles    64 bits, never reused: a stale, foreign or zero handle answers INVALID_HANDLE.
 *   Threads    Every function may be called from any thread, at the same time, unless stated. A
 *              calling thread must not block SIGRTMIN (signal 34): the garbage collector would wait
 *              for that thread. Never call from a signal handler: the process would abort.
 *   Callbacks  They run on threads that the library owns; which thread is stated at each type. They
 *              must not throw, longjmp or cancel the thread: a C++ exception that enters the
 *              library is undefined behaviour (interop_sessions.hpp catches for you). Callbacks may
 *              block: that delays the later callbacks of the same follower, or of the same identity on
 *              a master; where as many hang as a master has threads, it delays all later ones. No
 *              keep-alive waits for a callback, but for authorize, once for each session that a
 *              connection begins to renew; and a check_leader that hangs for 2 s ends the
 *              leadership. On these threads the host's thread-local variables are not those of the
 *              host's own threads.
 *   Time       Intervals are milliseconds in *_ms, instants nanoseconds of CLOCK_BOOTTIME in *_ns.
 *              No call waits forever: each call that may wait has a time-out, whose default is
 *              stated, but for interop_sessions_master_start, which waits for its store, and for
 *              interop_sessions_master_stop and interop_sessions_shutdown where the system gives no
 *              thread for the end: then the calling one carries it out, however long that takes.
 *   Signals    See docs/abi.md: initialize() installs chaining SIGSEGV and SIGFPE handlers, uses
 *              signal 34, and ignores SIGPIPE. SIGTERM, SIGINT and the others stay the host's.
 */
#ifndef INTEROP_SESSIONS_H
#define INTEROP_SESSIONS_H

#if !defined(__cplusplus) && (!defined(__STDC_VERSION__) || __STDC_VERSION__ < 201112L)
#error "interop_sessions.h needs C11 or C++11: compile with -std=c11 or later"
#endif

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Enums have 32 bits, whatever the compiler would choose, and may have any 32-bit value: later releases
 * answer values that this header does not name. C before C23 cannot fix the size of an enum, so in C the type
 * is uint32_t. */
#ifdef __cplusplus
#define INTEROP_SESSIONS_32_BITS : uint32_t
#else
#define INTEROP_SESSIONS_32_BITS
typedef uint32_t interop_sessions_status;
typedef uint32_t interop_sessions_error_flags;
typedef uint32_t interop_sessions_log_level;
typedef uint32_t interop_sessions_thread_class;
typedef uint32_t interop_sessions_session_state;
typedef uint32_t interop_sessions_end_reason;
typedef uint32_t interop_sessions_session_flags;
typedef uint32_t interop_sessions_leadership;
typedef uint32_t interop_sessions_connection_state;
typedef uint32_t interop_sessions_recreate_policy;
typedef uint32_t interop_sessions_access_point_kind;
typedef uint32_t interop_sessions_item_change_kind;
typedef uint32_t interop_sessions_insecure;
typedef uint32_t interop_sessions_right;
#endif

/* A strictly conforming C11 compiler hides the POSIX part of <time.h>; the lease check needs this
 * much. */
#if !defined(CLOCK_BOOTTIME) && !defined(__cplusplus)
#define CLOCK_BOOTTIME 7
extern int clock_gettime(int clock, struct timespec* now);
#endif

/* ---- Version --------------------------------------------------------------------------------- */

#define INTEROP_SESSIONS_ABI_MAJOR 1
#define INTEROP_SESSIONS_ABI_MINOR 0

/* The ABI of the loaded library as major << 16 | minor. A host works with a library of the same
 * major and of a minor not lower than the one it was compiled with. Callable before initialize().
 */
uint32_t interop_sessions_abi_version(void);

/* The release of the loaded library and what it was built of, for people, in a bug report: for example "1.0.0
 * linux-x64 net10.0.0 sqlite3.40.1 rev.4be2c0d13f6a", where the revision of its source is named if its build
 * knew it. Static, NUL-terminated, never freed. Callable before initialize(). */
const char* interop_sessions_version(void);

/* ---- Status ---------------------------------------------------------------------------------- */

/* Values are part of the ABI and of the wire protocol: they are never renumbered. Each group has
 * room. "Reserved" ones are answered by later releases. */
enum interop_sessions_status INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_OK = 0,

  /* 1 to 99: the caller's mistakes. */
  INTEROP_SESSIONS_INVALID_ARGUMENT = 1,
  INTEROP_SESSIONS_INVALID_STRUCT_SIZE = 2,
  INTEROP_SESSIONS_INVALID_UTF8 = 3,
  INTEROP_SESSIONS_TOO_LONG = 4,       /* a string, list or value over its limit */
  INTEROP_SESSIONS_INVALID_HANDLE = 5, /* zero, stale, or of another kind of object */
  INTEROP_SESSIONS_NOT_INITIALIZED = 6,
  INTEROP_SESSIONS_IN_CALLBACK = 7, /* a blocking call from a callback that it would wait for */
  INTEROP_SESSIONS_TOO_MANY_OBJECTS = 8,
  INTEROP_SESSIONS_ABI_MISMATCH = 9, /* the host was compiled for another major, or a newer minor */

  /* 100 to 199: how a call ended. */
  INTEROP_SESSIONS_CANCELLED = 100, /* cancelled, or its object was closed meanwhile */
  INTEROP_SESSIONS_TIMED_OUT = 101, /* no answer, or no end, in time; perhaps carried out */
  INTEROP_SESSIONS_NO_MASTER = 102, /* no endpoint could be reached in time */
  INTEROP_SESSIONS_NOT_LEADER = 103,
  INTEROP_SESSIONS_REFUSED = 104,           /* by the master's hooks that may refuse a session */
  INTEROP_SESSIONS_REFUSED_BY_HOST = 105,   /* by the follower's own session_created */
  INTEROP_SESSIONS_UNSUPPORTED = 106,       /* by a master of another release */
  INTEROP_SESSIONS_OVERLOADED = 107,        /* the master did nothing; message: what is full */
  INTEROP_SESSIONS_OUT_OF_RESOURCES = 108,  /* no thread, descriptor or memory in this process */
  INTEROP_SESSIONS_OUTCOME_UNKNOWN = 109,   /* reserved */
  INTEROP_SESSIONS_UNAUTHENTICATED = 110,   /* the master does not know who asks */
  INTEROP_SESSIONS_PERMISSION_DENIED = 111, /* by the master's rules; message: which */

  /* 200 to 299: sessions. */
  INTEROP_SESSIONS_NO_SESSION = 200,      /* the follower holds none at the moment */
  INTEROP_SESSIONS_SESSION_EXISTS = 201,  /* the follower holds, or is creating, one already */
  INTEROP_SESSIONS_IDENTITY_IN_USE = 202, /* another holder's lease on this identity still runs */
  INTEROP_SESSIONS_UNKNOWN_SESSION = 203,
  INTEROP_SESSIONS_SESSION_EXPIRED = 204,
  INTEROP_SESSIONS_SESSION_REVOKED = 205,
  INTEROP_SESSIONS_SESSION_CLOSED = 206,
  INTEROP_SESSIONS_WRONG_EPOCH = 207,
  INTEROP_SESSIONS_WRONG_NONCE = 208, /* a newer connection holds the session */
  INTEROP_SESSIONS_TOO_MANY_SESSIONS = 209,
  INTEROP_SESSIONS_DRAINING = 210, /* the identity is drained, until an operator undrains it */

  /* 300 to 399: items, access points, data reports. */
  INTEROP_SESSIONS_ITEM_NOT_FOUND = 300,
  INTEROP_SESSIONS_ITEM_TOO_LARGE = 301,
  INTEROP_SESSIONS_TOO_MANY_ITEMS = 302, /* the count or the bytes of one session */
  INTEROP_SESSIONS_RESERVED_KEY = 303,
  INTEROP_SESSIONS_REVISION_MISMATCH = 304,
  INTEROP_SESSIONS_NO_ACCESS_POINT = 305,
  INTEROP_SESSIONS_REPORT_REFUSED = 306, /* by the master's data_report, or it has none */
  INTEROP_SESSIONS_WRONG_SECRET = 307,   /* not the session's, used up, or another identity's */
  INTEROP_SESSIONS_COMPACTED = 308,      /* reserved */

  /* 400 to 499: the master's surroundings. */
  INTEROP_SESSIONS_STORE_FULL = 400,
  INTEROP_SESSIONS_STORE_READ_ONLY = 401,
  INTEROP_SESSIONS_STORE_LOCKED = 402, /* another master process has the store open */
  INTEROP_SESSIONS_STORE_FAILED = 403,
  INTEROP_SESSIONS_ADDRESS_IN_USE = 404,
  INTEROP_SESSIONS_ADDRESS_UNUSABLE = 405,
  INTEROP_SESSIONS_STORE_CORRUPT = 406, /* reserved */

  INTEROP_SESSIONS_INTERNAL = 900 /* a defect of the library; the message has the details */
};

/* The name of a status, for example "ITEM_TOO_LARGE"; "UNKNOWN_STATUS" for a value that is none.
 * The text is static, NUL-terminated, never freed. Callable before initialize(), from any thread.
 */
const char* interop_sessions_status_name(interop_sessions_status status);

/* What an error says besides its status; later releases add bits. */
enum interop_sessions_error_flags INTEROP_SESSIONS_32_BITS {
  /* The call may have been carried out, or may still be: its request was sent before it was cancelled, or the
   * object that the call closes goes on closing. Without this flag nothing was done, except what callbacks of
   * the call were told of: a create that ends REFUSED_BY_HOST had a session, and session_lost has run. */
  INTEROP_SESSIONS_ERROR_OUTCOME_UNKNOWN = 1,
  /* The same call may succeed later: what failed was away, busy or full. */
  INTEROP_SESSIONS_ERROR_PASSING = 2,
};

/* An error is owned by the caller, usually on its stack; the library keeps no pointer to it. On success
 * status is OK and all other fields are 0 and empty. Texts are UTF-8 and NUL-terminated; a longer one is cut
 * at a character's end. */
typedef struct interop_sessions_error {
  uint32_t struct_size;
  interop_sessions_status status;
  uint32_t flags;          /* of interop_sessions_error_flags */
  uint32_t retry_after_ms; /* asking again sooner makes no sense; 0: not known */
  char leader_hint[256];   /* with NOT_LEADER: the leader's "host:port" if it is known */
  char message[512];
} interop_sessions_error;

/* An initialiser of any struct that begins with struct_size: all other fields are 0, the default.
 *   interop_sessions_error error = INTEROP_SESSIONS_INIT(interop_sessions_error); */
#ifdef __cplusplus
#define INTEROP_SESSIONS_INIT(type)    \
  ([] {                                \
    type sized{};                      \
    sized.struct_size = sizeof(sized); \
    return sized;                      \
  }())
#else
#define INTEROP_SESSIONS_INIT(type) \
  { .struct_size = sizeof(type) }
#endif

/* ---- Values ---------------------------------------------------------------------------------- */

typedef struct interop_sessions_string {
  const char* data;
  size_t size; /* bytes */
} interop_sessions_string;

typedef struct interop_sessions_bytes {
  const uint8_t* data;
  size_t size;
} interop_sessions_bytes;

/* Handles are structs so that a compiler tells them apart; {0} is no object. */
typedef struct interop_sessions_library {
  uint64_t value;
} interop_sessions_library;
typedef struct interop_sessions_master {
  uint64_t value;
} interop_sessions_master;
typedef struct interop_sessions_follower_manager {
  uint64_t value;
} interop_sessions_follower_manager;
typedef struct interop_sessions_follower {
  uint64_t value;
} interop_sessions_follower;
typedef struct interop_sessions_registration {
  uint64_t value;
} interop_sessions_registration;
typedef struct interop_sessions_operation {
  uint64_t value;
} interop_sessions_operation;

typedef struct interop_sessions_lease interop_sessions_lease; /* below: the lease word */

/* Called when the library has used `user_data` for the last time. Thread: that of the last use, or the
 * caller's where the call is refused or nothing was in progress. A release may call whatever a callback on
 * that thread may. NULL: nothing is called. */
typedef void (*interop_sessions_release_cb)(void* user_data);

/* How long a call to a master may take, and on whose behalf it is made. NULL: all defaults. */
typedef struct interop_sessions_call_options {
  uint32_t struct_size;
  uint32_t timeout_ms; /* 0: the default that is stated at the call; at most 3600000 */
  /* The instant at which the call ends at the latest, besides its time-out; 0: none. For an instant that is
   * past the call answers TIMED_OUT, and nothing is sent. */
  int64_t deadline_ns;
  /* A traceparent of W3C Trace Context, version 00: sent along, and named in the master's log. */
  interop_sessions_string trace_parent;
} interop_sessions_call_options;

/* Frees memory that the library handed out: session pages, items, item pages. NULL is allowed and
 * does nothing. Freeing twice, or freeing anything else, is undefined as with free(). Works after
 * shutdown. */
void interop_sessions_free(void* memory);

/* ---- Library --------------------------------------------------------------------------------- */

enum interop_sessions_log_level INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_LOG_TRACE = 0,
  INTEROP_SESSIONS_LOG_DEBUG = 1,
  INTEROP_SESSIONS_LOG_INFORMATION = 2,
  INTEROP_SESSIONS_LOG_WARNING = 3,
  INTEROP_SESSIONS_LOG_ERROR = 4,
  INTEROP_SESSIONS_LOG_CRITICAL = 5,
  INTEROP_SESSIONS_LOG_NONE = 6 /* as log_level: nothing is logged */
};

typedef struct interop_sessions_log_field {
  interop_sessions_string name;
  interop_sessions_string value;
} interop_sessions_log_field;

typedef struct interop_sessions_log_record {
  uint32_t struct_size;
  interop_sessions_log_level level;
  int32_t event_id; /* listed in docs/operations.md */
  uint32_t field_count;
  interop_sessions_string category; /* for example "Interop.Sessions.Master" */
  interop_sessions_string message;
  const interop_sessions_log_field* first_field; /* interop_sessions_log_record_field() has all */
  int64_t time_ns;     /* when it was logged: CLOCK_BOOTTIME; records are delivered later */
  uint32_t field_size; /* bytes from one field to the next */
  uint32_t reserved;
} interop_sessions_log_record;

/* Field `i` of a record, 0 to field_count - 1. */
static inline const interop_sessions_log_field* interop_sessions_log_record_field(
    const interop_sessions_log_record* record, uint32_t i) {
  return (const interop_sessions_log_field*)((const char*)record->first_field +
                                             (size_t)i * record->field_size);
}

/* Thread: the library's one log thread, one record at a time. If the log falls behind by more than 8192
 * records, newer records are dropped and one record (event 9000) says how many. */
typedef void (*interop_sessions_log_cb)(void* user_data, const interop_sessions_log_record* record);

/* The scheduling class of threads, as sched(7) has them. */
enum interop_sessions_thread_class INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_THREADS_AS_MAIN = 0,    /* that of the process's main thread */
  INTEROP_SESSIONS_THREADS_OTHER = 1,      /* SCHED_OTHER */
  INTEROP_SESSIONS_THREADS_BATCH = 2,      /* SCHED_BATCH */
  INTEROP_SESSIONS_THREADS_FIFO = 3,       /* SCHED_FIFO; the process must be allowed to */
  INTEROP_SESSIONS_THREADS_ROUND_ROBIN = 4 /* SCHED_RR; the process must be allowed to */
};

typedef struct interop_sessions_options {
  uint32_t struct_size;
  /* INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR; required. */
  uint32_t abi_version;
  interop_sessions_log_cb log; /* NULL: no logging */
  void* log_user_data;
  /* The lowest level that is delivered; 0 = trace. Not of the categories that begin with "Microsoft" or "Grpc",
   * which are delivered from WARNING on, or above if this is: see interop_sessions_set_log_level(). */
  interop_sessions_log_level log_level;

  /* The least stack of every thread of the library; 0: 512 KiB, and 1 MiB for those that run
   * callbacks. At most 64 MiB. */
  uint32_t thread_stack_bytes;

  /* The CPUs of every thread of the library, as the bytes of a cpu_set_t; empty: those of the
   * process's main thread, never those of the thread that happens to call. Threads that exist keep theirs
   * when the library is initialised again: see interop_sessions_initialize(). */
  interop_sessions_bytes cpu_mask;

  /* The scheduling class of every thread of the library, and its priority: 1 to 99 of FIFO and
   * ROUND_ROBIN, else 0. INVALID_ARGUMENT if the process is not allowed to. Threads that exist keep theirs, as
   * with cpu_mask. */
  interop_sessions_thread_class thread_class;
  uint32_t thread_priority;

  interop_sessions_release_cb log_release; /* of log_user_data: after the last record */
} interop_sessions_options;

/* Starts the library in this process; the first call also starts the .NET runtime, for the life of the
 * process. Every call makes another *library: a program that links the library or loads it need not know of
 * the library's other users in the process. Threads are the process's: the thread_stack_bytes, cpu_mask,
 * thread_class and thread_priority of the first *library count as long as any *library lives, and a later one
 * must leave them 0 or give the same values. After the last shutdown another initialize() may choose others,
 * for the threads that are made from then on: those of the runtime itself stay for the life of the process,
 * and keep the stack, CPUs, class and priority that they were made with. Errors: TOO_MANY_OBJECTS (64 in a
 * process), OUT_OF_RESOURCES; ABI_MISMATCH when abi_version is of another major or of a newer minor than the
 * library. In a child that was forked after the first initialize() every call answers NOT_INITIALIZED, this
 * one too. */
interop_sessions_status interop_sessions_initialize(const interop_sessions_options* options,
                                                    interop_sessions_library* library,
                                                    interop_sessions_error* error);

/* Closes every manager and master that was made with `library` as their own close functions do, flushes the
 * library's log and returns when no callback of them runs or will run. A shutdown waits for calls on other
 * threads that make a master or a manager, and closes what they made. Another shutdown at the same time, or a
 * close of one of the objects, waits for the same end; then handles are stale. timeout_ms: 0 = 60000; at most
 * 3600000. After TIMED_OUT the library is still closing: nothing new is made, and another call waits on.
 * Errors: TIMED_OUT; NOT_INITIALIZED (nobody uses the library); INVALID_HANDLE; IN_CALLBACK from any callback
 * of the library. */
interop_sessions_status interop_sessions_shutdown(interop_sessions_library library,
                                                  uint32_t timeout_ms,
                                                  interop_sessions_error* error);

/* Changes the lowest level of the records that the log callback of `library` receives from now on: for the
 * categories that begin with `category` (at most 128 bytes, 32 different), for example
 * "Interop.Sessions.Master"; empty: for all categories that have no level of their own. Records of the server
 * and of gRPC ("Microsoft", "Grpc") are delivered from WARNING on, and those of
 * "Microsoft.Extensions.Hosting" not at all, unless their category, or a beginning of it, is named by a call
 * of this function. Errors: TOO_MANY_OBJECTS. */
interop_sessions_status interop_sessions_set_log_level(interop_sessions_library library,
                                                       interop_sessions_string category,
                                                       interop_sessions_log_level level,
                                                       interop_sessions_error* error);

/* What a user of the library has at the moment, and what became of its log since it was initialised. The
 * numbers are read while the library works, so they are not all of one instant. */
typedef struct interop_sessions_library_statistics {
  uint32_t struct_size;
  uint32_t follower_managers;
  uint32_t masters;
  uint32_t followers;           /* without those that close_async ends */
  uint32_t operations;          /* calls in progress whose end is told to a completion */
  uint32_t log_records_waiting; /* at most 8192; more than a few: the log callback is slow */
  /* Records that the log callback was given, those of event 9000 included; the number never becomes less. */
  uint64_t log_records_delivered;
  uint64_t log_records_dropped; /* never becomes less */
} interop_sessions_library_statistics;

/* Never blocks. *statistics: the caller's. */
interop_sessions_status interop_sessions_library_get_statistics(
    interop_sessions_library library, interop_sessions_library_statistics* statistics,
    interop_sessions_error* error);

/* ---- Sessions -------------------------------------------------------------------------------- */

/* NONE -> ALIVE -> SUSPECT -> JEOPARDY, and from both back to ALIVE at the same epoch; LOST from any but
 * NONE. ALIVE becomes JEOPARDY at once where the holder was away for half a term. See docs/leases.md. */
enum interop_sessions_session_state INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_STATE_NONE = 0,    /* no session yet, or one is being created */
  INTEROP_SESSIONS_STATE_ALIVE = 1,   /* renewed within half a term */
  INTEROP_SESSIONS_STATE_SUSPECT = 2, /* no answer for half a term; the data path may still serve */
  INTEROP_SESSIONS_STATE_JEOPARDY = 3, /* the lease ran out here; the data path must refuse */
  INTEROP_SESSIONS_STATE_LOST = 4      /* for good; the reason is an interop_sessions_end_reason */
};

/* "ALIVE" and so on, as interop_sessions_status_name() has statuses; "UNKNOWN_STATE" for a value that is
 * none. */
const char* interop_sessions_session_state_name(interop_sessions_session_state state);

/* Why a session ended, on both sides. */
enum interop_sessions_end_reason INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_END_NONE = 0,
  /* Not renewed within its term. A holder that reaches no master concludes this by itself, once it is
   * certain. */
  INTEROP_SESSIONS_END_EXPIRED = 1,
  INTEROP_SESSIONS_END_REVOKED = 2, /* taken away by the master */
  INTEROP_SESSIONS_END_CLOSED = 3,  /* given back by its holder */
  /* Follower only: the master has no memory of the session, or the master's store went back. */
  INTEROP_SESSIONS_END_UNKNOWN = 4,
  /* Follower only: a newer process of this server has re-attached it. */
  INTEROP_SESSIONS_END_SUPERSEDED = 5
};

/* The same for reasons; "UNKNOWN_REASON" for a value that is none. */
const char* interop_sessions_end_reason_name(interop_sessions_end_reason reason);

/* How a session ended, as its holder or its master hears it. */
typedef struct interop_sessions_session_end {
  uint32_t struct_size;
  interop_sessions_end_reason reason;
  /* Master: of the leadership that ended the session; follower: the last master epoch that it heard. */
  uint64_t master_epoch;
  /* For people: the reason that revoke_session was given, or what happened. */
  interop_sessions_string text;
} interop_sessions_session_end;

/* How an object is reached. Numbers below INTEROP_SESSIONS_FIRST_HOST_KIND are this header's: those that the
 * header does not name are refused with INVALID_ARGUMENT. Numbers from INTEROP_SESSIONS_FIRST_HOST_KIND on
 * are the hosts' own: the library compares them and knows nothing else of them. */
enum interop_sessions_access_point_kind INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_ACCESS_POINT_NFS = 1,
  INTEROP_SESSIONS_ACCESS_POINT_ISCSI = 2,
  INTEROP_SESSIONS_ACCESS_POINT_NVMEOF = 3
};

#define INTEROP_SESSIONS_FIRST_HOST_KIND 0x10000U

/* The same for kinds; "HOST_KIND" for the hosts' own, "UNKNOWN_KIND" for a value that is none. */
const char* interop_sessions_access_point_kind_name(interop_sessions_access_point_kind kind);

/* Where a server answers, and how. */
typedef struct interop_sessions_endpoint {
  uint32_t struct_size;
  interop_sessions_access_point_kind kind;
  interop_sessions_string address; /* find_access_point answers it; 1 to 256 bytes */
} interop_sessions_endpoint;

/* A small fact that a session carries; an item goes with its session. Keys: 1 to 256 bytes of UTF-8; keys
 * that begin with '$' are reserved for the session layer. */
typedef struct interop_sessions_item {
  uint32_t struct_size;
  uint32_t reserved;
  interop_sessions_string key;
  interop_sessions_bytes value;
  uint64_t revision; /* of the change that set the item; grows with every change on the master;
                      * 0 for an item of a server description */
} interop_sessions_item;

/* What a server says of itself when it asks for a session. */
typedef struct interop_sessions_server_description {
  uint32_t struct_size;
  uint32_t term_ms;      /* wished lease term; 0 = the master's default; clamped by the master */
  uint64_t capabilities; /* offered, one bit each; the meaning is the hosts' */
  /* Where the server gives access to objects: an array of endpoint_count, at most 16, all of one struct_size.
   * The same kind may come several times: find_access_point answers the first address of a kind. */
  const interop_sessions_endpoint* endpoints;
  uint32_t endpoint_count;
  uint32_t item_count;
  /* The items that the session has from its first moment: an array of item_count, at most 100, all of one
   * struct_size, each key once, at most 1 MiB of keys and values. The items are stored together with the
   * session, so that nobody finds the session without them, and their revision is the session's epoch. */
  const interop_sessions_item* items;
} interop_sessions_server_description;

/* A window of the data report: the pids from start_pid up to start_pid + report_size - 1. */
typedef struct interop_sessions_report_window {
  uint32_t struct_size;
  uint32_t report_size; /* 0: the master wants no report */
  uint64_t start_pid;
} interop_sessions_report_window;

/* Lets a restarted process re-attach to its session, once. The follower chooses it, 128 random bits; masters
 * are told and store its hash. Keep a secret out of logs. */
typedef struct interop_sessions_secret {
  uint64_t low;
  uint64_t high;
} interop_sessions_secret;

/* One session as its holder or its master sees it. */
typedef struct interop_sessions_session_info {
  uint32_t struct_size;
  /* Follower: NONE while callbacks of the create run, LOST if the session was lost meanwhile. Master: always
   * ALIVE; the flags of interop_sessions_session_request say more. */
  interop_sessions_session_state state;
  uint64_t session_id;
  uint64_t epoch;        /* fencing token: grows with every session that any server gets */
  uint64_t master_epoch; /* grows with every change of master */
  /* The granted capabilities. At a master, until the present leadership has called session_created: the
   * offered ones. */
  uint64_t capabilities;
  uint64_t report_start_pid; /* of the window to report first */
  uint32_t report_size;      /* 0: no report is wanted; master, until then: 0 */
  uint32_t term_ms;          /* follower: of the last answer; master: granted at the create */
  interop_sessions_end_reason end_reason; /* of a lost session */
  uint32_t flags;                 /* follower: INTEROP_SESSIONS_SESSION_DRAINING or 0; master: 0 */
  int64_t deadline_ns;            /* follower: D_f; master: D_m; CLOCK_BOOTTIME */
  interop_sessions_secret secret; /* follower: for reattach_session; master: zero */
  /* Follower: with DRAINING, why the identity is drained, for people, where that was said; else empty. Master:
   * empty. UTF-8, NUL-terminated. */
  char drain_reason[256];
} interop_sessions_session_info;

/* ---- TLS ------------------------------------------------------------------------------------- */

/* Who one side of a connection is, and whom it trusts, in files of PEM; all texts are copied. A thread of the
 * library's own reads the files at the start, for 5 s at most, and every 2 s from then on: whoever renews a
 * certificate replaces its files, and connections that exist live on. Files that cannot be used are refused
 * at the start (INVALID_ARGUMENT, or TIMED_OUT where the file system does not answer); later the former ones
 * stay in use, and the log says so. A certificate that is about to end is warned of in the log, once a day.
 * TLS needs OpenSSL in the process (libssl.so.3 or libssl.so.1.1), else UNSUPPORTED.
 *
 * Whoever is not let in, or does not trust the other side, hears UNAUTHENTICATED, with the reason in words: of
 * a call once each master has been tried; renewals go on trying until the lease runs out. */
typedef struct interop_sessions_tls_options {
  uint32_t struct_size;
  uint32_t warning_days; /* before the end of this side's certificate; one that lives for less than
                          * four times as long is warned of in its last quarter; default 7, at most 3650 */
  /* The authorities that may have signed the other side's certificate; no others are trusted. Required of a
   * follower manager and for etcd. A master that is given it serves no client without a certificate of these
   * (mutual TLS). */
  interop_sessions_string ca_file;
  /* This side's certificate, with what stands between it and an authority behind it in the file, and its
   * private key, not encrypted: both or none. Required of a master. */
  interop_sessions_string cert_file;
  interop_sessions_string key_file;
  /* The name that a server's certificate must have (a subject alternative name); default: the host that is
   * dialled. Must be empty at a master, which dials nobody. */
  interop_sessions_string server_name;
  interop_sessions_string minimum_version; /* "1.2" (the default) or "1.3" */
} interop_sessions_tls_options;

/* With whom connections without TLS are allowed: a master serves them from there, a client dials there. Nobody
 * is authenticated by them, and everybody on the way reads what they carry. */
enum interop_sessions_insecure INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_INSECURE_NO = 0,
  INTEROP_SESSIONS_INSECURE_LOOPBACK = 1, /* with processes of the same machine */
  /* With everybody: whoever reaches a master may do all, and whoever takes its address is believed. */
  INTEROP_SESSIONS_INSECURE_ANYWHERE = 2,
};

/* ---- Master ---------------------------------------------------------------------------------- */

/* How a session stands at its master; later releases add bits. */
enum interop_sessions_session_flags INTEROP_SESSIONS_32_BITS {
  /* The session is taken away, durably: it is no longer renewed, and goes when its holder acknowledges or its
   * lease runs out. */
  INTEROP_SESSIONS_SESSION_REVOKING = 1,
  /* The holder has been silent for half a term, at this master or at the one before, and was not heard since:
   * what was promised of the lease still runs. The session is no longer suspect when the store has it that
   * the holder was heard. */
  INTEROP_SESSIONS_SESSION_SUSPECT = 2,
  /* The session was re-attached in this leadership; a re-attach under an earlier leadership is not
   * remembered. */
  INTEROP_SESSIONS_SESSION_REATTACHED = 4,
  /* The identity is drained, durably: the server gets no new objects, and no session after this one until an
   * operator undrains it. */
  INTEROP_SESSIONS_SESSION_DRAINING = 8,
};

/* What a master knows of a session, as its hooks and its lists show it. */
typedef struct interop_sessions_session_request {
  uint32_t struct_size;
  uint32_t term_ms;      /* wished; after session_initialize: granted */
  uint64_t session_id;   /* 0 in session_initialize */
  uint64_t epoch;        /* 0 in session_initialize */
  uint64_t capabilities; /* offered */
  uint64_t master_epoch; /* of the leadership that asks; 0 in session_initialize */
  uint32_t process_id;
  uint32_t endpoint_count;
  /* These four are 0 in session_initialize. Times are CLOCK_BOOTTIME of this master; 0: the event was not in
   * the present leadership (earlier ones are not remembered), or a follower asked for the list. */
  uint32_t flags;      /* of interop_sessions_session_flags */
  uint32_t item_count; /* how many items the session carries, durably */
  int64_t created_ns;  /* when the session was created */
  int64_t renewed_ns;  /* when its holder was last heard: create, renewal, re-attach */
  interop_sessions_string identity;
  interop_sessions_string host_name;
  /* interop_sessions_session_request_endpoint() has all, in the server's order */
  const interop_sessions_endpoint* first_endpoint;
  /* In session_initialize, and in the session_created of a create: the items that the create brings, in the
   * server's order; interop_sessions_session_request_item() has all. Otherwise none:
   * interop_sessions_master_list_items has a session's items. */
  const interop_sessions_item* first_item;
  uint32_t brought_count; /* how many first_item has */
  uint32_t reserved;
} interop_sessions_session_request;

/* Endpoint `i` of a request, 0 to endpoint_count - 1: a later library's endpoints may be longer than this
 * header knows. */
static inline const interop_sessions_endpoint* interop_sessions_session_request_endpoint(
    const interop_sessions_session_request* request, uint32_t i) {
  return (const interop_sessions_endpoint*)((const char*)request->first_endpoint +
                                            (size_t)i * request->first_endpoint->struct_size);
}

/* Item `i` that a create brings, 0 to brought_count - 1: a later library's items may be longer, too. */
static inline const interop_sessions_item* interop_sessions_session_request_item(
    const interop_sessions_session_request* request, uint32_t i) {
  return (const interop_sessions_item*)((const char*)request->first_item +
                                        (size_t)i * request->first_item->struct_size);
}

/* The answer of a hook that may refuse. Pre-filled with "no refusal"; `reason` reaches the
 * follower. */
typedef struct interop_sessions_verdict {
  uint32_t struct_size;
  uint32_t refuse;  /* not 0: refuse */
  char reason[256]; /* UTF-8, NUL-terminated */
} interop_sessions_verdict;

/* Pre-filled with what the follower asked for; the hook changes what shall be different. */
typedef struct interop_sessions_session_amendment {
  uint32_t struct_size;
  uint32_t term_ms;      /* clamped to the master's min_term_ms and max_term_ms afterwards */
  uint64_t capabilities; /* offered capabilities as session_created and the list will show them */
} interop_sessions_session_amendment;

/* Pre-filled with capabilities = those offered and no report window. */
typedef struct interop_sessions_session_grant {
  uint32_t struct_size;
  uint32_t report_size; /* of the window that the follower shall report first; 0: no report */
  uint64_t report_start_pid;
  uint64_t capabilities;
} interop_sessions_session_grant;

typedef struct interop_sessions_data_report {
  uint32_t struct_size;
  uint32_t pid_count;
  uint64_t session_id;
  uint64_t epoch;
  interop_sessions_string identity;
  const interop_sessions_report_window* window; /* the one that the pids answer */
  const uint64_t* pids;                         /* pid_count of them */
} interop_sessions_data_report;

/* What check_leader answers. Pre-filled with "no". */
typedef struct interop_sessions_leader_answer {
  uint32_t struct_size;
  uint32_t leads; /* not 0: this host leads */
  uint64_t epoch; /* with leadership HOST and yes: the number of the host's leadership; of any two
                   * leaderships, on any machine, the later has the higher number */
  /* For how long a yes counts after check_leader was called; 0: 2000, which is also the most. */
  uint32_t valid_for_ms;
  uint32_t reserved; /* 0 */
  char hint[256];    /* with no: the leader's "host:port" for the follower to go to, or empty */
} interop_sessions_leader_answer;

/* What a host is told of a leadership of its master. */
typedef struct interop_sessions_leadership_info {
  uint32_t struct_size;
  uint32_t leads;                 /* not 0: the leadership begins; 0: it has ended */
  uint64_t master_epoch;          /* its number */
  interop_sessions_string reason; /* why it has ended, for people; empty when it begins */
  /* The master that leads, to list its sessions for example. interop_sessions_master_start has already stored
   * this handle where the host wants it, but may not have returned yet. */
  interop_sessions_master master;
} interop_sessions_leadership_info;

/* What rules give (docs/security.md). */
enum interop_sessions_right INTEROP_SESSIONS_32_BITS {
  /* To create, re-attach, renew and close a session of an identity, and what else its holder does. */
  INTEROP_SESSIONS_RIGHT_HOLD = 0,
  INTEROP_SESSIONS_RIGHT_READ = 1,       /* to read sessions and their items */
  INTEROP_SESSIONS_RIGHT_ADMINISTER = 2, /* to revoke sessions; whoever may, may also read all */
  /* To hold an identity whose session has endpoints: an access point. */
  INTEROP_SESSIONS_RIGHT_SERVE = 3,
  INTEROP_SESSIONS_RIGHT_ASSIGN = 4, /* to find and release access points */
};

/* What authorize is asked. */
typedef struct interop_sessions_access_request {
  uint32_t struct_size;
  uint32_t right;                 /* of interop_sessions_right */
  interop_sessions_string caller; /* the name that it has shown; empty: none */
  /* Of which identity; of a list: of those that begin so; empty: of none, or of all. */
  interop_sessions_string identity;
} interop_sessions_access_request;

/* The behaviour of a master, supplied by its host. Any pointer may be NULL: the default is stated.
 * Threads: the master's hook threads. All hooks about one identity run one after the other; hooks of
 * different identities run at the same time, on up to 256 threads. session_ended runs on up to 64 other
 * threads, before the hooks of its identity that wait. check_leader and authorize have threads of their own and
 * may run at the same time as any of them, authorize also for the same identity. Where hooks hang, calls that would
 * wait behind too many hooks are answered OVERLOADED. */
typedef struct interop_sessions_access_manager {
  uint32_t struct_size;
  uint32_t reserved;
  void* user_data;

  /* Is this host the leader? Called at each create and re-attach, and every 250 ms; a yes counts for 2 s
   * after the call, or for less if valid_for_ms says so: a master whose host hangs stops leading. Default:
   * yes. */
  void (*check_leader)(void* user_data, interop_sessions_leader_answer* answer);

  /* Before a session is persisted: may refuse or amend. Default: accept as asked. */
  void (*session_initialize)(void* user_data, const interop_sessions_session_request* request,
                             interop_sessions_session_amendment* amendment,
                             interop_sessions_verdict* verdict);

  /* After a session is persisted: fills the reply, or refuses. A session that is refused here is ended again:
   * closed, or revoked where a follower may hold it. The hook runs once more for the same session id and
   * epoch if, under a later leadership, the create is repeated or the session is re-attached. Default: grants
   * all capabilities and no report. */
  void (*session_created)(void* user_data, const interop_sessions_session_request* request,
                          interop_sessions_session_grant* grant, interop_sessions_verdict* verdict);

  /* After a session's durable removal, exactly once within a leadership: reason EXPIRED, REVOKED or
   * CLOSED. From here on the work of the session may be given to another server. An end under an earlier
   * leadership, or in the moment when a leadership was lost, or one that still waits 2 s after a stop began,
   * is not told: a host that begins to lead (leadership_changed) takes the list of sessions for the truth.
   * The hook may run for a session whose session_created was never called, since the session ended before.
   * Default: nothing. */
  void (*session_ended)(void* user_data, const interop_sessions_session_request* request,
                        const interop_sessions_session_end* end);

  /* A data report came in. Set *next to the window that the follower shall report next (pre-filled
   * with the same window; report_size 0 ends the report), or refuse. Default: refuse. */
  void (*data_report)(void* user_data, const interop_sessions_data_report* report,
                      interop_sessions_report_window* next, interop_sessions_verdict* verdict);

  /* This master begins to lead, or no longer leads: called once each for every leadership, as the first of
   * its hooks (except check_leader, which belongs to no leadership) and as the last. Where a hook of the old
   * leadership still runs, the call for the end of that leadership waits for that hook; the next leadership
   * does not wait, so its beginning may be told before. Thread: one of four of this hook's own. A host that
   * hangs here when a leadership begins keeps all hooks of that leadership waiting, but no renewal; where
   * four such calls hang, leaderships that begin and end meanwhile are not told, nor is any hook of theirs
   * run. That a master may not act for a moment (interop_sessions_master_leads) is not told. Default:
   * nothing. */
  void (*leadership_changed)(void* user_data, const interop_sessions_leadership_info* leadership);

  /* May the caller? Asked of whatever the rules allow, or without rules of everything, once a call, and of
   * renewals once a stream and session. A refusal reaches the caller with its reason, as PERMISSION_DENIED, or
   * UNAUTHENTICATED where the caller has shown no name. A call that is not answered within 1 s is refused with
   * TIMED_OUT. The first renewal of a session on a stream waits for the answer, and has none itself where the host
   * has not answered within 1 s: the follower asks again, and while this hook hangs a lease whose stream is new runs
   * out. Renewals of sessions that this hook has allowed on their stream go on meanwhile. Threads: up to four of
   * this hook's own. Default: yes. */
  void (*authorize)(void* user_data, const interop_sessions_access_request* request,
                    interop_sessions_verdict* verdict);

  /* After the last hook: at the end of a stop, or where the start is refused (after the refusal, where a hook
   * hangs), unless the structs that lead here are refused themselves. */
  interop_sessions_release_cb release;
} interop_sessions_access_manager;

/* What decides which of several masters leads. */
enum interop_sessions_leadership INTEROP_SESSIONS_32_BITS {
  /* The store: the lock of the SQLite file, or an election in etcd. check_leader may still say no. */
  INTEROP_SESSIONS_LEADERSHIP_STORE = 0,
  /* The host's own election: check_leader passes the number of each leadership in. */
  INTEROP_SESSIONS_LEADERSHIP_HOST = 1,
};

/* An etcd cluster (3.4 or later) as the store of several masters. All texts are copied. */
typedef struct interop_sessions_etcd_options {
  uint32_t struct_size;
  uint32_t leader_term_ms; /* how long a leader's own lease runs without renewal; a fail-over takes
                            * about as long; whole seconds; default 3000, 2000 to 60000 */
  interop_sessions_string endpoints; /* 1 to 16 "host:port", separated by commas; required */
  interop_sessions_string prefix; /* before all keys: masters with the same prefix are one cluster;
                                      * default "/interop-sessions/default", at most 256 bytes */
  interop_sessions_string username; /* with password or password_file, or all empty */
  interop_sessions_string password;
  interop_sessions_string password_file;   /* its first line, read at each authentication */
  const interop_sessions_tls_options* tls; /* NULL: no TLS is spoken, and insecure must say so */
  /* interop_sessions_insecure: where members may be dialled without TLS; NO with tls. */
  uint32_t insecure;
  uint32_t reserved;
} interop_sessions_etcd_options;

typedef struct interop_sessions_master_options {
  uint32_t struct_size;
  uint32_t reserved;
  /* "host:port", numeric host or "localhost"; port 0: any; required. */
  interop_sessions_string listen_address;
  /* A SQLite file; or etcd below. A relative path is resolved when the master starts. */
  interop_sessions_string store_path;
  const interop_sessions_access_manager* access_manager; /* NULL: all defaults; copied */
  uint32_t term_ms;     /* granted when the follower has no wish; default 10000, or the nearest that
                          * min_term_ms and max_term_ms allow */
  uint32_t min_term_ms; /* default 1000; at least 200 */
  uint32_t max_term_ms; /* the longest that is granted, by wish or under load; default 60000, at
                          * most 3600000 */
  uint32_t max_sessions;          /* default 100000, at most 1000000 */
  uint32_t max_items_per_session; /* default 1024, at most 65536 */
  uint32_t max_item_bytes;        /* one value; default 65536, at most 1048576 */
  uint64_t max_session_bytes; /* keys and values of a session; default 1048576, at most 67108864 */
  uint64_t store_max_bytes;   /* of the SQLite file: STORE_FULL beyond; default 4294967296, 4 GiB */
  uint32_t max_renewals_per_second; /* beyond, all terms are lengthened, up to max_term_ms; default
                                     * 200000, 10 to 10000000 */
  uint32_t clock_rate_bound_ppm; /* rho, for the clocks that a leadership is measured by; followers
                                  * with a smaller one go by it; default 100000 (10 %), at most 500000 */
  const interop_sessions_etcd_options* etcd; /* exactly one of store_path and this; copied */
  /* "host:port" where followers reach this master, as the other masters tell them; default:
   * listen_address. */
  interop_sessions_string advertise_address;
  uint32_t leadership; /* interop_sessions_leadership; default STORE */
  /* interop_sessions_insecure: from where connections without TLS are served, instead of tls, or beside it while
   * clients are changed over; default NO. LOOPBACK without tls listens at a loopback address alone. */
  uint32_t insecure;
  /* Not 0: a store that is missing or empty shall be a new cluster. 0: such a store is refused with
   * STORE_FAILED, since more often a volume is not mounted. A store that is lost while the master runs is
   * never created again. */
  uint32_t create_store;
  uint32_t max_access_points_per_identity; /* objects with an access point that one identity asked
                                            * first for; default 100000, at most 1000000 */
  /* NULL: no TLS is spoken, and insecure must say so; copied. */
  const interop_sessions_tls_options* tls;
  /* The rules of who may do what, and the names of callers with their tokens' hashes (docs/security.md): read
   * again when they change. Without rules whoever is let in may do everything. */
  interop_sessions_string authorization_file;
  interop_sessions_string tokens_file; /* needs authorization_file */
  /* "host:port", as listen_address: administration (sessionctl) is served there, and nothing else, and is refused at
   * listen_address. Default: both are served at listen_address. */
  interop_sessions_string admin_listen_address;
  /* The file of a Unix socket at which both are served besides, without TLS: rules know a caller by the number of its user,
   * "uid:1000". Made with mode 0660 where nothing or a dead socket is, and removed at stop; at most 107 bytes. Default:
   * none. */
  interop_sessions_string unix_socket;
} interop_sessions_master_options;

/* Opens the store, loads it and serves. Blocks until followers can connect; where masters are elected, this
 * master may not lead yet, and an etcd that cannot be reached is waited for meanwhile. check_leader is asked
 * first, and waited for 2 s at most: a master whose host has not answered by then starts without leading, and
 * leads when its host says so. The call has no time-out: a store that does not answer holds it up. Where the start
 * is refused, the call waits for hooks that run, for 4 s at most: with one that hangs it returns, `release` comes
 * when that hook has returned, and a shutdown of the library waits for it. Errors: INVALID_ARGUMENT, UNSUPPORTED (no
 * OpenSSL for TLS), TIMED_OUT (the files of TLS are not to be read), STORE_LOCKED, STORE_READ_ONLY, STORE_FULL,
 * STORE_FAILED (etcd: refuses, is too old, or holds what makes no sense), ADDRESS_IN_USE, ADDRESS_UNUSABLE,
 * TOO_MANY_OBJECTS. */
interop_sessions_status interop_sessions_master_start(
    interop_sessions_library library, const interop_sessions_master_options* options,
    interop_sessions_master* master, interop_sessions_error* error);

/* The TCP port that the master listens on: useful with port 0. */
interop_sessions_status interop_sessions_master_port(interop_sessions_master master, uint16_t* port,
                                                     interop_sessions_error* error);

/* May this master act, as far as it knows? *leads: 1 or 0; *master_epoch: the number of its leadership, 0
 * while the master may not act. Either pointer may be NULL. */
interop_sessions_status interop_sessions_master_leads(interop_sessions_master master,
                                                      int32_t* leads, uint64_t* master_epoch,
                                                      interop_sessions_error* error);

/* Lets another master lead: what waits is finished, then this master acts on nothing until it is elected
 * again, 5 s later at the earliest. For rolling upgrades; interop_sessions_master_stop does the same.
 * timeout_ms: 0 = 60000; at most 3600000. After TIMED_OUT (its store does not answer) the master still
 * resigns, and a second call waits on. Errors: INVALID_ARGUMENT (masters are not elected here), NOT_LEADER,
 * TIMED_OUT, CANCELLED (it stops), IN_CALLBACK from a hook. */
interop_sessions_status interop_sessions_master_resign(interop_sessions_master master,
                                                       uint32_t timeout_ms,
                                                       interop_sessions_error* error);

/* How a master stands, and what it has counted since it was started, over all its leaderships. The numbers
 * are read while the master works, so they are not all of one instant. "So far": the number never becomes
 * less. */
typedef struct interop_sessions_master_statistics {
  uint32_t struct_size;
  uint32_t sessions;           /* also those being made or ended; 0 while the master may not act */
  uint64_t master_epoch;       /* the number of the leadership; 0: the master may not act */
  uint32_t connections;        /* that are held open, those of strangers included */
  uint32_t operations_waiting; /* for the store, or being committed; at most 65536 and a batch */
  uint32_t hooks_waiting;      /* without session_ended; at most 8192 */
  uint32_t ends_waiting;       /* session_ended; from 131072 on no session begins */
  uint32_t hooks_running;
  uint32_t hook_threads;      /* at most 320 */
  uint64_t bytes_waiting;     /* of the values of operations_waiting */
  uint64_t renewed;           /* so far: renewals that were answered with a promise */
  uint64_t renewals_refused;  /* so far: with how the session ended, or NOT_LEADER */
  uint64_t sessions_granted;  /* so far: creates and re-attaches, repeated answers included */
  uint64_t sessions_ended;    /* so far: for whatever reason */
  uint64_t creates_refused;   /* so far: creates and re-attaches */
  uint64_t lists_refused;     /* so far */
  uint64_t streams_refused;   /* so far: keep-alive streams, also those that ended with a refusal */
  uint64_t others_refused;    /* so far: all other calls */
  uint64_t overloaded;        /* so far: of the four above, those that were answered OVERLOADED */
  uint64_t commits;           /* so far: transactions that the store has taken */
  uint64_t commits_failed;    /* so far: that it has not taken, or may not have taken */
  uint64_t last_commit_ns;    /* how long the last one took; 0: there was none */
  uint64_t longest_commit_ns; /* how long the longest took */
} interop_sessions_master_statistics;

/* Answered from memory, whatever the store does. *statistics: the caller's. */
interop_sessions_status interop_sessions_master_get_statistics(
    interop_sessions_master master, interop_sessions_master_statistics* statistics,
    interop_sessions_error* error);

/* One row of a session page. What it points to goes with the page. */
typedef struct interop_sessions_session_row {
  uint32_t struct_size;
  uint32_t reserved;
  const interop_sessions_session_info* info;
  const interop_sessions_session_request* request;
} interop_sessions_session_row;

typedef struct interop_sessions_session_page {
  uint32_t struct_size;
  uint32_t row_count;
  const interop_sessions_session_row* first_row; /* interop_sessions_session_page_row() has all */
  uint64_t next_session_id; /* pass as from_session_id for the next page; 0: this was the last */
} interop_sessions_session_page;

/* Row `i` of a page, 0 to row_count - 1: a later library's rows may be longer than this header
 * knows. */
static inline const interop_sessions_session_row* interop_sessions_session_page_row(
    const interop_sessions_session_page* page, uint32_t i) {
  return (const interop_sessions_session_row*)((const char*)page->first_row +
                                               (size_t)i * page->first_row->struct_size);
}

/* The sessions with id >= from_session_id (0: from the start) in order of id, at most `limit` (1 to
 * 10000; 0: 1000). Answered from memory, whatever the store does. *page: free with
 * interop_sessions_free. Errors: NOT_LEADER. */
interop_sessions_status interop_sessions_master_list_sessions(interop_sessions_master master,
                                                              uint64_t from_session_id,
                                                              uint32_t limit,
                                                              interop_sessions_session_page** page,
                                                              interop_sessions_error* error);

/* How many sessions the list would show. Answered from memory. Errors: NOT_LEADER. */
interop_sessions_status interop_sessions_master_count_sessions(interop_sessions_master master,
                                                               uint64_t* count,
                                                               interop_sessions_error* error);

/* The row that the list would show of one session. *row: free with interop_sessions_free. Answered from
 * memory. Errors: UNKNOWN_SESSION or how the session ended, NOT_LEADER. */
interop_sessions_status interop_sessions_master_get_session(interop_sessions_master master,
                                                            uint64_t session_id,
                                                            interop_sessions_session_row** row,
                                                            interop_sessions_error* error);

/* As interop_sessions_master_get_session, for the session that an identity (1 to 128 bytes) holds. Errors:
 * UNKNOWN_SESSION, NOT_LEADER. */
interop_sessions_status interop_sessions_master_find_session(interop_sessions_master master,
                                                             interop_sessions_string identity,
                                                             interop_sessions_session_row** row,
                                                             interop_sessions_error* error);

/* Takes a session away. Durable when this returns; the holder is told at its next keep-alive,
 * stops, and acknowledges. The session is removed, and session_ended(REVOKED) runs, at that
 * acknowledgement or when the lease runs out: never while the holder may still serve. `reason`: at most 255
 * bytes, for people; the holder's session_lost receives it. The default time-out is 5 s. Errors:
 * UNKNOWN_SESSION or how the session ended, WRONG_EPOCH, NOT_LEADER, OVERLOADED, STORE_*; TIMED_OUT: the
 * session may still be revoked. */
interop_sessions_status interop_sessions_master_revoke_session(
    interop_sessions_master master, uint64_t session_id, uint64_t epoch,
    interop_sessions_string reason, const interop_sessions_call_options* options,
    interop_sessions_error* error);

/* As interop_sessions_master_revoke_session, without blocking. Once the call has returned OK, `completion` is
 * called exactly once, at the latest when the master is stopped. Thread: one for all such calls of a master,
 * in order; on that thread a stop of the master is answered IN_CALLBACK. While 1024 of these calls are in
 * progress, the next is answered TOO_MANY_OBJECTS. */
typedef void (*interop_sessions_revoke_session_cb)(void* user_data, interop_sessions_status status,
                                                   const interop_sessions_error* error);

interop_sessions_status interop_sessions_master_revoke_session_async(
    interop_sessions_master master, uint64_t session_id, uint64_t epoch,
    interop_sessions_string reason, const interop_sessions_call_options* options,
    interop_sessions_revoke_session_cb completion, void* user_data,
    interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* ---- Items ----------------------------------------------------------------------------------- */

typedef struct interop_sessions_item_page {
  uint32_t struct_size;
  uint32_t item_count;
  const interop_sessions_item* first_item; /* interop_sessions_item_page_item() has all */
} interop_sessions_item_page;

/* Item `i` of a page, 0 to item_count - 1, in byte order of the keys: a later library's items may be
 * longer than this header knows. */
static inline const interop_sessions_item* interop_sessions_item_page_item(
    const interop_sessions_item_page* page, uint32_t i) {
  return (const interop_sessions_item*)((const char*)page->first_item +
                                        (size_t)i * page->first_item->struct_size);
}

/* The items of a session whose key begins with `prefix` (empty: all). *page: free with interop_sessions_free.
 * Answered from memory. Errors: UNKNOWN_SESSION or how the session ended, NOT_LEADER. */
interop_sessions_status interop_sessions_master_list_items(interop_sessions_master master,
                                                           uint64_t session_id,
                                                           interop_sessions_string prefix,
                                                           interop_sessions_item_page** page,
                                                           interop_sessions_error* error);

/* One item of a session. *item: free with interop_sessions_free. Answered from memory. Errors:
 * UNKNOWN_SESSION or how the session ended, ITEM_NOT_FOUND, NOT_LEADER. */
interop_sessions_status interop_sessions_master_get_item(interop_sessions_master master,
                                                         uint64_t session_id,
                                                         interop_sessions_string key,
                                                         interop_sessions_item** item,
                                                         interop_sessions_error* error);

/* Stops serving, lets another master lead, closes the store. Sessions stay in the store for the next start.
 * Hooks that wait are not run, except session_ended for 2 s; ends that are not told by then are never told.
 * The call waits for hooks that run, and the log names them every 5 s: no hook runs after the call returns
 * OK. timeout_ms: 0 = 60000; at most 3600000. After TIMED_OUT the master is still stopping, and a second call
 * waits on. Errors: TIMED_OUT; IN_CALLBACK from a hook of this master. */
interop_sessions_status interop_sessions_master_stop(interop_sessions_master master,
                                                     uint32_t timeout_ms,
                                                     interop_sessions_error* error);

/* ---- Follower manager ------------------------------------------------------------------------ */

typedef struct interop_sessions_follower_manager_options {
  uint32_t struct_size;
  uint32_t endpoint_count; /* 1 to 16 */
  /* The masters, "host:port" each, or "unix:/path" of one of this machine, which needs neither tls nor insecure. */
  const interop_sessions_string* endpoints;
  uint32_t clock_rate_bound_ppm; /* rho: bound on each clock's rate error; default 100000 (0.10), at
                                  * most 500000; a master that names a larger one is believed */
  uint32_t effect_delay_ms; /* delta: the longest time from lease check to effect on the host's data
                             * path; default 0; it must leave at least a third of the term usable */
  /* NULL: no TLS is spoken, and insecure must say so; copied. */
  const interop_sessions_tls_options* tls;
  /* interop_sessions_insecure: where masters may be dialled without TLS; NO with tls. */
  uint32_t insecure;
  uint32_t reserved;
  /* The file of the token that shows masters the name of this process, of mode 0600; read again when it
   * changes. With it, only the endpoints are asked, whatever leader they name. */
  interop_sessions_string token_file;
} interop_sessions_follower_manager_options;

/* Makes a manager: its followers share a channel to each master and one batched keep-alive stream. The
 * manager does not connect yet; an unreachable master is an error of
 * interop_sessions_follower_create_session. Errors: TOO_MANY_OBJECTS; with tls UNSUPPORTED (no OpenSSL) and
 * TIMED_OUT (its files are not to be read within 5 s). */
interop_sessions_status interop_sessions_follower_manager_create(
    interop_sessions_library library, const interop_sessions_follower_manager_options* options,
    interop_sessions_follower_manager* manager, interop_sessions_error* error);

/* Names other masters for a manager from now on, "host:port" or "unix:/path" each, 1 to 16; copied. Nothing that runs is
 * disturbed: a master that answers stays in use until it fails or says that it does not lead, whether it is
 * among the new endpoints or not; then, or at once where no master answers, the first new endpoint is next.
 * Errors: INVALID_ARGUMENT and TOO_LONG, which leave all as it was; CANCELLED while the manager is being
 * closed. */
interop_sessions_status interop_sessions_follower_manager_set_endpoints(
    interop_sessions_follower_manager manager, const interop_sessions_string* endpoints,
    uint32_t endpoint_count, interop_sessions_error* error);

/* How the followers of a manager stand with their masters. */
enum interop_sessions_connection_state INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_CONNECTION_NONE = 0,       /* no master was asked anything yet */
  INTEROP_SESSIONS_CONNECTION_CONNECTING = 1, /* a master is asked; not all others have failed */
  /* A master answered as a leader, and the manager has stayed with it since. While no session is held,
   * nothing is asked of that master, so the state may be out of date. */
  INTEROP_SESSIONS_CONNECTION_CONNECTED = 2,
  /* Every configured master has failed, or said that it does not lead, since a master last answered as a
   * leader. */
  INTEROP_SESSIONS_CONNECTION_AWAY = 3
};

/* "CONNECTED" and so on, as interop_sessions_status_name() has statuses; "UNKNOWN_CONNECTION" for a value that
 * is none. */
const char* interop_sessions_connection_state_name(interop_sessions_connection_state state);

/* How a manager stands with its masters, and what it has counted since it was created: over all its
 * followers, closed ones too. The numbers are read while the manager works, so they are not all of one
 * instant. "So far": the number never becomes less. */
typedef struct interop_sessions_follower_manager_statistics {
  uint32_t struct_size;
  interop_sessions_connection_state connection;
  int64_t connection_since_ns; /* since when `connection` is so: CLOCK_BOOTTIME */
  uint32_t followers;          /* without those that are being closed */
  uint32_t channels; /* for calls, open ones; keep-alive streams have connections of their own */
  uint64_t renewals_sent;    /* so far */
  uint64_t inquiries_sent;   /* so far: a holder that refuses asks how its session stands */
  uint64_t renewed;          /* so far: answers that prolonged a lease */
  uint64_t late_answers;     /* so far: answers that took longer than the interval of renewals */
  uint64_t sessions_granted; /* so far: re-attached ones too */
  uint64_t sessions_lost;    /* so far: closed ones too */
  uint64_t redirects;        /* so far: a master named the leader, which was tried next */
  uint64_t failovers; /* so far: a master failed, or did not lead, and the next one was tried */
  char endpoint[264]; /* the master in use, or that is asked next, "host:port"; NUL-terminated */
} interop_sessions_follower_manager_statistics;

/* Never blocks. *statistics: the caller's. */
interop_sessions_status interop_sessions_follower_manager_get_statistics(
    interop_sessions_follower_manager manager,
    interop_sessions_follower_manager_statistics* statistics, interop_sessions_error* error);

/* Closes all followers of a manager as interop_sessions_follower_close does, all at once, then waits for at
 * most 2 s more for sessions that are given back in the background, then closes the channels: with a master
 * that does not answer the close takes 4 s, apart from the time that callbacks take. timeout_ms: 0 = 60000;
 * at most 3600000. After TIMED_OUT the manager is still closing, and a second call waits on. Errors:
 * TIMED_OUT; IN_CALLBACK from a callback of one of its followers. */
interop_sessions_status interop_sessions_follower_manager_close(
    interop_sessions_follower_manager manager, uint32_t timeout_ms, interop_sessions_error* error);

/* ---- Follower -------------------------------------------------------------------------------- */

/* Callbacks of one follower. Thread: that follower's callback thread, one at a time, in order of
 * the events. Callbacks may call every function except the blocking ones whose comments name IN_CALLBACK. */
typedef struct interop_sessions_follower_callbacks {
  uint32_t struct_size;
  uint32_t reserved;
  void* user_data;

  /* Step 5 of a create: the master's answer is here; negotiate capabilities, take the report
   * window. To refuse, set verdict->refuse: the session is given back, session_lost(CLOSED) runs, and then
   * the create ends REFUSED_BY_HOST, with verdict->reason in its message. */
  void (*session_created)(void* user_data, const interop_sessions_session_info* session,
                          interop_sessions_verdict* verdict);

  /* The session is gone for good: stop serving now, and return when no effect of the session can follow. From
   * then on the work of a closed or revoked session may be given to another server, but not before
   * effect_delay_ms after the lease word began to refuse. Called exactly once for each session whose create
   * got as far as session_created, and complete before the session_created of the next session. */
  void (*session_lost)(void* user_data, const interop_sessions_session_info* session,
                       const interop_sessions_session_end* end);

  /* The state changed between ALIVE, SUSPECT and JEOPARDY, or became ALIVE at the end of a create; or, in the
   * same state, INTEROP_SESSIONS_SESSION_DRAINING in the flags did, or drain_reason. A hint for control planes:
   * the data path reads the lease word instead. While another callback hangs, up to 64 changes wait behind it;
   * of more, only the latest is told. LOST is reported by session_lost. */
  void (*state_changed)(void* user_data, const interop_sessions_session_info* session);

  /* The very last callback, at the end of a close, or where the follower is not created, unless the structs
   * that lead here are refused themselves. */
  interop_sessions_release_cb release;
} interop_sessions_follower_callbacks;

/* What a follower does when its session is lost. */
enum interop_sessions_recreate_policy INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_RECREATE_NEVER = 0, /* nothing: the host decides */
  /* After session_lost has returned a new session is created with the description of the last one: another
   * epoch, and all callbacks of a create run. The create is tried until it succeeds, session_created refuses
   * it or the follower is closed, with pauses that grow from half a second to eight, also behind creates of
   * the host that fail meanwhile. Not after a close, nor where a newer process of this server has the session,
   * and not for a session that was re-attached. */
  INTEROP_SESSIONS_RECREATE_AFTER_LOSS = 1
};

typedef struct interop_sessions_follower_options {
  uint32_t struct_size;
  interop_sessions_recreate_policy recreate;
  interop_sessions_string identity; /* stable name of this server, 1 to 128 bytes; required */
  const interop_sessions_follower_callbacks* callbacks; /* NULL: none; copied */

  /* Where the lease word shall be: 64 bytes, at a multiple of 64, all 0, that stay mapped and nobody else
   * writes until the follower is closed. In memory that the host shares, a data path in another process reads
   * the word there: a word whose writer has died runs out by itself. NULL: the library's own memory. */
  interop_sessions_lease* lease;
} interop_sessions_follower_options;

/* Makes a follower with a KeepAliveLoop thread and a callback thread, and no session yet. Errors:
 * TOO_MANY_OBJECTS (1024 followers in a process), IDENTITY_IN_USE (in this manager). */
interop_sessions_status interop_sessions_follower_create(
    interop_sessions_follower_manager manager, const interop_sessions_follower_options* options,
    interop_sessions_follower* follower, interop_sessions_error* error);

/* Step 6 of a create: called for each new session after session_created. Thread: the follower's
 * callback thread. */
typedef void (*interop_sessions_session_create_cb)(void* user_data,
                                                   const interop_sessions_session_info* session);

/* Adds a callback behind those registered before. The new callback sees sessions created from now on; a
 * session that is already alive is not announced to it. Errors: TOO_MANY_OBJECTS (64 on one follower). */
interop_sessions_status interop_sessions_follower_register_session_create_cb(
    interop_sessions_follower follower, interop_sessions_session_create_cb callback,
    void* user_data, interop_sessions_release_cb release,
    interop_sessions_registration* registration, interop_sessions_error* error);

/* Removes a registered callback, and waits for a run of it that is in progress. From inside a callback of the
 * same follower the call does not wait: `release` says when user_data may be freed. A close of the follower
 * removes its callbacks too. OK says that the registration is over: also to a second call, and when the
 * follower is closed. timeout_ms: 0 = 60000; at most 3600000. After TIMED_OUT the run goes on and is the last;
 * a second call waits on, and `release` says when user_data may be freed. Errors: TIMED_OUT. */
interop_sessions_status interop_sessions_unregister_session_create_cb(
    interop_sessions_registration registration, uint32_t timeout_ms, interop_sessions_error* error);

/* Gets a session: steps 1 to 6 of docs/architecture.md. Tries all endpoints, follows redirects and
 * repeats until the time-out (default: 10 s) is over; while another lease on the identity runs, the call asks
 * as often as makes sense. A session that an earlier create of this manager for the identity may have made,
 * and that was given up, does not stand in the way. The call returns after the last callback of step 6; the
 * session is then ALIVE. *session may be NULL. Errors: NO_MASTER, TIMED_OUT, NOT_LEADER, REFUSED,
 * REFUSED_BY_HOST, IDENTITY_IN_USE (the last holder's lease outlives the time-out), TOO_MANY_SESSIONS,
 * SESSION_EXISTS, DRAINING (the identity is drained; message: why), STORE_*, CANCELLED, IN_CALLBACK,
 * OVERLOADED, UNAUTHENTICATED (a master does not know who asks, or this side does not trust it),
 * PERMISSION_DENIED (by the master's rules or its host's authorize), UNSUPPORTED (a master of another release;
 * also a master that sets no items with a create, at once, and the session is given back); and SESSION_EXPIRED, SESSION_REVOKED, UNKNOWN_SESSION or WRONG_NONCE if the session
 * was lost while its callbacks ran. For the items of the description, as for apply_items, before anything is
 * stored: INVALID_ARGUMENT, TOO_LONG, RESERVED_KEY, ITEM_TOO_LARGE, TOO_MANY_ITEMS. */
interop_sessions_status interop_sessions_follower_create_session(
    interop_sessions_follower follower, const interop_sessions_server_description* description,
    const interop_sessions_call_options* options, interop_sessions_session_info* session,
    interop_sessions_error* error);

/* Takes up, by its id and secret, the session of an earlier process of this server that is gone; then
 * as create_session: all callbacks run, and the epoch is the same. Keep id and secret from the
 * interop_sessions_session_info of session_created, each time: a secret is good for one re-attach, and the
 * new session info has the next. A secret is shown to masters whose certificate was verified; without TLS
 * only to those among the manager's endpoints (else NOT_LEADER, if another leads). The newest connection
 * wins: an earlier process that still lives loses its session at its next renewal, but its data path serves
 * until its own deadline, so be sure that the earlier
 * process is gone. Errors: as create_session, except IDENTITY_IN_USE, TOO_MANY_SESSIONS and DRAINING, since a
 * drained server keeps its session (REFUSED: where session_created is asked again); and SESSION_EXPIRED,
 * SESSION_REVOKED, SESSION_CLOSED, UNKNOWN_SESSION (also, at once, of the session that this follower itself has
 * lost), WRONG_SECRET: create a new session then. */
interop_sessions_status interop_sessions_follower_reattach_session(
    interop_sessions_follower follower, uint64_t session_id, interop_sessions_secret secret,
    const interop_sessions_call_options* options, interop_sessions_session_info* session,
    interop_sessions_error* error);

/* The end of an asynchronous create: `session` is NULL unless status is OK. Thread: the follower's
 * callback thread, after the callbacks of step 6. Exactly once for each call that returned OK. */
typedef void (*interop_sessions_create_session_cb)(void* user_data, interop_sessions_status status,
                                                   const interop_sessions_error* error,
                                                   const interop_sessions_session_info* session);

/* As interop_sessions_follower_create_session, without blocking. `operation` (may be NULL) is a handle for
 * cancelling and waiting, stored before `completion` can run, stale once the call is over
 * (interop_sessions_operation_wait). The call itself returns only errors that are seen at once: INVALID_*,
 * TOO_LONG, of the description's items also RESERVED_KEY, ITEM_TOO_LARGE and TOO_MANY_ITEMS, SESSION_EXISTS,
 * CANCELLED, TIMED_OUT (deadline_ns is past), TOO_MANY_OBJECTS, OUT_OF_RESOURCES; all others reach `completion`.
 */
interop_sessions_status interop_sessions_follower_create_session_async(
    interop_sessions_follower follower, const interop_sessions_server_description* description,
    const interop_sessions_call_options* options, interop_sessions_create_session_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* As create_session_async, for interop_sessions_follower_reattach_session. */
interop_sessions_status interop_sessions_follower_reattach_session_async(
    interop_sessions_follower follower, uint64_t session_id, interop_sessions_secret secret,
    const interop_sessions_call_options* options, interop_sessions_create_session_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* Asks an asynchronous call to end early; the call then completes with CANCELLED. A session that the master
 * may have granted meanwhile is given back; whether a change to an item may have been made the error says.
 * Does not wait for the completion. A cancel that comes too late (the call is already completing) answers OK
 * and changes nothing. */
interop_sessions_status interop_sessions_operation_cancel(interop_sessions_operation operation,
                                                          interop_sessions_error* error);

/* Waits until an asynchronous call, of a follower or of a master, is over: its `completion` and `release`
 * have returned, so nothing of it runs or will run, and its place among the 1024 that may be in progress is
 * free. OK also where the call was over before, and its follower or master has been closed since; a close,
 * stop or shutdown meanwhile ends the call, and so the wait. Only `completion` is told how the call ended.
 * timeout_ms: 0 = 60000; at most 3600000. Any number of threads may wait. Errors: TIMED_OUT: nothing has
 * changed, the call goes on and may be waited for again (never OUTCOME_UNKNOWN: a wait has no other outcome);
 * IN_CALLBACK, while the call is not over, from a callback of the same follower, or from a completion of the
 * same master. */
interop_sessions_status interop_sessions_operation_wait(interop_sessions_operation operation,
                                                        uint32_t timeout_ms,
                                                        interop_sessions_error* error);

/* Cancels every asynchronous call of the follower that is in progress, creates and re-attaches among them, as
 * interop_sessions_operation_cancel does each; a call that begins meanwhile may be cancelled or not. Calls
 * that block, and the library's own RECREATE_AFTER_LOSS, go on. Does not wait for the completions. Callable
 * from callbacks. Errors: INVALID_HANDLE, also once a close without blocking has begun, which cancels them
 * all itself. */
interop_sessions_status interop_sessions_follower_cancel_operations(
    interop_sessions_follower follower, interop_sessions_error* error);

/* The follower's session as it is now; state NONE before its first session. */
interop_sessions_status interop_sessions_follower_session(interop_sessions_follower follower,
                                                          interop_sessions_session_info* session,
                                                          interop_sessions_error* error);

/* What a follower has counted since it was made. The numbers are read while the follower works, so they are
 * not all of one instant. */
typedef struct interop_sessions_follower_statistics {
  uint32_t struct_size;
  uint32_t callbacks_waiting; /* callbacks and completions that have not begun */
  uint64_t renewals_sent;
  uint64_t inquiries_sent; /* a holder that refuses asks how its session stands */
  uint64_t renewed;        /* answers that prolonged the lease */
  uint64_t late_answers;   /* answers that took longer than the interval of renewals */
  /* When the lease was last granted or prolonged: CLOCK_BOOTTIME; 0: never. */
  int64_t last_renewed_ns;
  /* The longest time between two answers that prolonged a lease; it must stay below the lease's term. */
  uint64_t longest_gap_ns;
  uint64_t sessions_granted; /* re-attached ones too */
  uint64_t sessions_lost;    /* closed ones too */
} interop_sessions_follower_statistics;

interop_sessions_status interop_sessions_follower_get_statistics(
    interop_sessions_follower follower, interop_sessions_follower_statistics* statistics,
    interop_sessions_error* error);

#define INTEROP_SESSIONS_HEALTHY_UNTIL_TOLD 0xffffffffU

/* The health gate: the host vouches for itself for so many milliseconds; after that the follower sends
 * no renewals until the next report, so that a server whose disks hang loses its lease although this library
 * is well; the session's end is reported by session_lost all the same. 0: not well now.
 * INTEROP_SESSIONS_HEALTHY_UNTIL_TOLD: no gate, as at the beginning. Call this function from the code that
 * watches the disks, each time that the disks have answered, with a few times that code's period. Never
 * blocks; callable from callbacks. Errors: CANCELLED (being closed). */
interop_sessions_status interop_sessions_follower_report_health(interop_sessions_follower follower,
                                                                uint32_t healthy_for_ms,
                                                                interop_sessions_error* error);

/* All calls below take expected_epoch: the epoch of the session that the caller means. If the follower's
 * session is another one by now, the calls answer WRONG_EPOCH and do nothing; without a session, NO_SESSION.
 * The default time-out is 5 s. The calls block, and answer IN_CALLBACK to a callback of the follower only
 * where stated. Common errors: NO_SESSION, WRONG_EPOCH, UNKNOWN_SESSION, SESSION_EXPIRED, SESSION_REVOKED,
 * SESSION_CLOSED, NO_MASTER, TIMED_OUT, NOT_LEADER, CANCELLED, WRONG_NONCE, OVERLOADED, UNAUTHENTICATED,
 * PERMISSION_DENIED (message: by which rule), STORE_FAILED (the store cannot be seen), UNSUPPORTED (the master
 * is of another release and does not know the call, which has done nothing). Requests are repeated until the
 * time-out is over; a change is made once however often its request arrives, and never after a later change of
 * the same session. Whether a change that failed may have been made all the same its error says, with whichever
 * status: INTEROP_SESSIONS_ERROR_OUTCOME_UNKNOWN. */

#define INTEROP_SESSIONS_ANY_REVISION 0xffffffffffffffffULL

/* Sets an item, durably. compare_revision: INTEROP_SESSIONS_ANY_REVISION; or the revision that the
 * item must have; or 0, it must not exist. *revision may be NULL. Errors besides the common:
 * RESERVED_KEY, ITEM_TOO_LARGE, TOO_MANY_ITEMS, REVISION_MISMATCH, STORE_*. */
interop_sessions_status interop_sessions_follower_set_item(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
    interop_sessions_bytes value, uint64_t compare_revision,
    const interop_sessions_call_options* options, uint64_t* revision,
    interop_sessions_error* error);

/* Removes an item, durably. Errors besides the common: ITEM_NOT_FOUND, RESERVED_KEY,
 * REVISION_MISMATCH, STORE_*. */
interop_sessions_status interop_sessions_follower_remove_item(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
    uint64_t compare_revision, const interop_sessions_call_options* options,
    interop_sessions_error* error);

/* What becomes of an item. */
enum interop_sessions_item_change_kind INTEROP_SESSIONS_32_BITS {
  INTEROP_SESSIONS_ITEM_SET = 1,
  INTEROP_SESSIONS_ITEM_REMOVE = 2, /* it must exist */
  INTEROP_SESSIONS_ITEM_CHECK = 3   /* nothing: its revision is compared; '$' keys may be, too */
};

typedef struct interop_sessions_item_change {
  uint32_t struct_size;
  interop_sessions_item_change_kind kind;
  interop_sessions_string key;
  interop_sessions_bytes value; /* of a SET; else empty */
  /* As in set_item: 0 means that the item must not exist. INTEROP_SESSIONS_ANY_REVISION compares nothing, and
   * is refused in a CHECK. */
  uint64_t compare_revision;
} interop_sessions_item_change;

/* Makes several changes of the session's items, durably: all of them or, whatever happens, none. `changes`:
 * change_count of them, 1 to 100, all of one struct_size, each key once, at most 1 MiB of keys and values.
 * Revisions are compared with what there was before the call; limits hold for what there is after all
 * changes. A reader sees none of the changes or all. *revision (may be NULL) is the revision of every item
 * that was set; where all changes are CHECKs, it is the master's latest revision, at which all of them were
 * true. The call is repeated as set_item is, and made once. Errors besides the common, whose message names
 * the first change that is refused, as "changes[2]", and its key: INVALID_ARGUMENT (also a key twice),
 * TOO_LONG, RESERVED_KEY, ITEM_TOO_LARGE, ITEM_NOT_FOUND, REVISION_MISMATCH, TOO_MANY_ITEMS, STORE_*. */
interop_sessions_status interop_sessions_follower_apply_items(
    interop_sessions_follower follower, uint64_t expected_epoch,
    const interop_sessions_item_change* changes, uint32_t change_count,
    const interop_sessions_call_options* options, uint64_t* revision,
    interop_sessions_error* error);

/* *item: free with interop_sessions_free. Errors besides the common: ITEM_NOT_FOUND. */
interop_sessions_status interop_sessions_follower_get_item(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
    const interop_sessions_call_options* options, interop_sessions_item** item,
    interop_sessions_error* error);

/* Items whose key begins with `prefix` (empty: all). *page: free with interop_sessions_free. */
interop_sessions_status interop_sessions_follower_list_items(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string prefix,
    const interop_sessions_call_options* options, interop_sessions_item_page** page,
    interop_sessions_error* error);

/* OTHER SERVERS' SESSIONS, as their master has them stored. Any session may ask. The answer never includes a
 * secret, and the `info->deadline_ns` of each row is before that session expires, by this machine's clock,
 * however long the answer took. A master of an older release answers UNSUPPORTED. Lists are bounded at the
 * master: more than 4 at once from one process, or too many in all, are answered OVERLOADED.
 *
 * Sessions with id >= from_session_id (0: from the start) whose identity begins with `identity_prefix` (at
 * most 128 bytes; empty: all), in order of id, at most `limit` (1 to 10000; 0: 1000). For a page with a
 * prefix the master looks at 10000 sessions: a page that is not full, or empty, may be followed by others.
 * The list is over when next_session_id is 0. A session that begins or ends between two pages may be on
 * neither or on one. *page: free with interop_sessions_free. */
interop_sessions_status interop_sessions_follower_list_sessions(
    interop_sessions_follower follower, uint64_t expected_epoch,
    interop_sessions_string identity_prefix, uint64_t from_session_id, uint32_t limit,
    const interop_sessions_call_options* options, interop_sessions_session_page** page,
    interop_sessions_error* error);

/* The row that the list would show of the session that `identity` (1 to 128 bytes) holds. *row: free with
 * interop_sessions_free. Errors besides the common: UNKNOWN_SESSION, which says nothing of the caller's own
 * session. */
interop_sessions_status interop_sessions_follower_find_session(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string identity,
    const interop_sessions_call_options* options, interop_sessions_session_row** row,
    interop_sessions_error* error);

/* The items of session `session_id` whose key begins with `prefix` (empty: all). *page: free with
 * interop_sessions_free. Errors besides the common: UNKNOWN_SESSION or how that session ended, which say
 * nothing of the caller's own session. */
interop_sessions_status interop_sessions_follower_list_session_items(
    interop_sessions_follower follower, uint64_t expected_epoch, uint64_t session_id,
    interop_sessions_string prefix, const interop_sessions_call_options* options,
    interop_sessions_item_page** page, interop_sessions_error* error);

typedef struct interop_sessions_access_point {
  uint32_t struct_size;
  uint32_t reserved;
  uint64_t session_id; /* of the server that was chosen */
  uint64_t epoch;
  char endpoint[264]; /* the server's first address of the kind; UTF-8, NUL-terminated */
  char identity[136]; /* UTF-8, NUL-terminated */
  uint64_t revision;  /* names the assignment, for its release */
} interop_sessions_access_point;

/* Which server gives access to `object` (1 to 256 bytes)? The master chooses among the sessions that have
 * an endpoint of this kind, are not being taken away, and whose identity is not drained. The answer stays the same,
 * also while that server is silent, being taken away or drained, until its session has ended, a session releases
 * the object, or a drain with which objects move gives it to another server: the former server is not told, and
 * whoever has found the object there may go on until its session ends. Errors besides the common: NO_ACCESS_POINT
 * (there is no session to choose), TOO_MANY_OBJECTS (the caller's identity asked first for
 * max_access_points_per_identity objects, or all together for 1000000; not for an object that had an access
 * point), STORE_*. */
interop_sessions_status interop_sessions_follower_find_access_point(
    interop_sessions_follower follower, uint64_t expected_epoch,
    interop_sessions_access_point_kind kind, interop_sessions_string object,
    const interop_sessions_call_options* options, interop_sessions_access_point* access_point,
    interop_sessions_error* error);

/* Ends the assignment of `object`: the next find_access_point assigns the object again. Any session may
 * release it, not only the one that asked first: an object that is gone is released by the program that
 * manages it. `found`: what find_access_point answered. A newer assignment is left as it is, and the library
 * repeats the call if it must. NULL: whichever assignment there is; the call is sent once, and may still
 * arrive after it has failed, where its error says so. Releasing an object that is not assigned, or no longer,
 * is OK. Errors besides the common: STORE_*. */
interop_sessions_status interop_sessions_follower_release_access_point(
    interop_sessions_follower follower, uint64_t expected_epoch,
    interop_sessions_access_point_kind kind, interop_sessions_string object,
    const interop_sessions_access_point* found, const interop_sessions_call_options* options,
    interop_sessions_error* error);

/* Sends the pids that exist here within `window` (each start_pid <= pid < start_pid + report_size,
 * at most 65536, in any order); *next is the window to report next. Errors besides the common:
 * INVALID_ARGUMENT (a pid outside the window), TOO_LONG, REPORT_REFUSED. */
interop_sessions_status interop_sessions_follower_report_data(
    interop_sessions_follower follower, uint64_t expected_epoch,
    const interop_sessions_report_window* window, const uint64_t* pids, uint32_t pid_count,
    const interop_sessions_call_options* options, interop_sessions_report_window* next,
    interop_sessions_error* error);

/* THE SAME WITHOUT BLOCKING. Each call below that returns OK makes exactly one call of `completion`,
 * however the call ends: done, failed, timed out, cancelled, or its follower closed or the library shut down
 * meanwhile (CANCELLED, before the follower's last callback). A call that returns any other status makes
 * none. Thread: the follower's callback thread, so in order with its other callbacks. `operation` (may be
 * NULL) is a handle for interop_sessions_operation_cancel and ..._wait, stale once the call is over, which is
 * a moment after `completion` and `release` have returned. Arguments, other errors and defaults are those of
 * the blocking function of the same name. The call itself returns only errors that are seen at once:
 * INVALID_*, TOO_LONG, ITEM_TOO_LARGE, NO_SESSION, WRONG_EPOCH, CANCELLED, TIMED_OUT (deadline_ns is past),
 * TOO_MANY_OBJECTS (1024 of these calls in progress on one follower). All other errors reach `completion`,
 * and so do these where they are seen later. The calls may be made from inside callbacks. What `completion`
 * receives is valid until it returns; `error` is never NULL. */

/* `revision` is 0 unless status is OK. */
typedef void (*interop_sessions_set_item_cb)(void* user_data, interop_sessions_status status,
                                             const interop_sessions_error* error,
                                             uint64_t revision);

interop_sessions_status interop_sessions_follower_set_item_async(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
    interop_sessions_bytes value, uint64_t compare_revision,
    const interop_sessions_call_options* options, interop_sessions_set_item_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

typedef void (*interop_sessions_remove_item_cb)(void* user_data, interop_sessions_status status,
                                                const interop_sessions_error* error);

interop_sessions_status interop_sessions_follower_remove_item_async(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
    uint64_t compare_revision, const interop_sessions_call_options* options,
    interop_sessions_remove_item_cb completion, void* user_data,
    interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* `revision` is 0 unless status is OK. */
typedef void (*interop_sessions_apply_items_cb)(void* user_data, interop_sessions_status status,
                                                const interop_sessions_error* error,
                                                uint64_t revision);

interop_sessions_status interop_sessions_follower_apply_items_async(
    interop_sessions_follower follower, uint64_t expected_epoch,
    const interop_sessions_item_change* changes, uint32_t change_count,
    const interop_sessions_call_options* options, interop_sessions_apply_items_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* `item` is NULL unless status is OK. It stays the library's: do not free it. */
typedef void (*interop_sessions_get_item_cb)(void* user_data, interop_sessions_status status,
                                             const interop_sessions_error* error,
                                             const interop_sessions_item* item);

interop_sessions_status interop_sessions_follower_get_item_async(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string key,
    const interop_sessions_call_options* options, interop_sessions_get_item_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* `page` is NULL unless status is OK. It stays the library's: do not free it. */
typedef void (*interop_sessions_list_items_cb)(void* user_data, interop_sessions_status status,
                                               const interop_sessions_error* error,
                                               const interop_sessions_item_page* page);

interop_sessions_status interop_sessions_follower_list_items_async(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string prefix,
    const interop_sessions_call_options* options, interop_sessions_list_items_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* `page` is NULL unless status is OK. It stays the library's: do not free it. */
typedef void (*interop_sessions_list_sessions_cb)(void* user_data, interop_sessions_status status,
                                                  const interop_sessions_error* error,
                                                  const interop_sessions_session_page* page);

interop_sessions_status interop_sessions_follower_list_sessions_async(
    interop_sessions_follower follower, uint64_t expected_epoch,
    interop_sessions_string identity_prefix, uint64_t from_session_id, uint32_t limit,
    const interop_sessions_call_options* options, interop_sessions_list_sessions_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* `row` is NULL unless status is OK. It stays the library's: do not free it. */
typedef void (*interop_sessions_find_session_cb)(void* user_data, interop_sessions_status status,
                                                 const interop_sessions_error* error,
                                                 const interop_sessions_session_row* row);

interop_sessions_status interop_sessions_follower_find_session_async(
    interop_sessions_follower follower, uint64_t expected_epoch, interop_sessions_string identity,
    const interop_sessions_call_options* options, interop_sessions_find_session_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

interop_sessions_status interop_sessions_follower_list_session_items_async(
    interop_sessions_follower follower, uint64_t expected_epoch, uint64_t session_id,
    interop_sessions_string prefix, const interop_sessions_call_options* options,
    interop_sessions_list_items_cb completion, void* user_data, interop_sessions_release_cb release,
    interop_sessions_operation* operation, interop_sessions_error* error);

/* `access_point` is NULL unless status is OK. */
typedef void (*interop_sessions_find_access_point_cb)(
    void* user_data, interop_sessions_status status, const interop_sessions_error* error,
    const interop_sessions_access_point* access_point);

interop_sessions_status interop_sessions_follower_find_access_point_async(
    interop_sessions_follower follower, uint64_t expected_epoch,
    interop_sessions_access_point_kind kind, interop_sessions_string object,
    const interop_sessions_call_options* options, interop_sessions_find_access_point_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

typedef void (*interop_sessions_release_access_point_cb)(void* user_data,
                                                         interop_sessions_status status,
                                                         const interop_sessions_error* error);

interop_sessions_status interop_sessions_follower_release_access_point_async(
    interop_sessions_follower follower, uint64_t expected_epoch,
    interop_sessions_access_point_kind kind, interop_sessions_string object,
    const interop_sessions_access_point* found, const interop_sessions_call_options* options,
    interop_sessions_release_access_point_cb completion, void* user_data,
    interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* `next` is NULL unless status is OK. */
typedef void (*interop_sessions_report_data_cb)(void* user_data, interop_sessions_status status,
                                                const interop_sessions_error* error,
                                                const interop_sessions_report_window* next);

interop_sessions_status interop_sessions_follower_report_data_async(
    interop_sessions_follower follower, uint64_t expected_epoch,
    const interop_sessions_report_window* window, const uint64_t* pids, uint32_t pid_count,
    const interop_sessions_call_options* options, interop_sessions_report_data_cb completion,
    void* user_data, interop_sessions_release_cb release, interop_sessions_operation* operation,
    interop_sessions_error* error);

/* *in_callback: not 0 if the calling thread runs a callback of this follower. A host that builds a blocking
 * call of its own from an asynchronous call asks this first: the completion would wait for the callback that
 * waits for the completion. Never blocks. */
interop_sessions_status interop_sessions_follower_in_callback(interop_sessions_follower follower,
                                                              int32_t* in_callback,
                                                              interop_sessions_error* error);

/* Ends the follower: calls in progress are cancelled, the lease word becomes 0, session_lost(CLOSED) runs,
 * and only then, and effect_delay_ms after the lease word became 0 at the earliest, the master is told (for
 * at most 2 s; if the master cannot be told, the session expires there). No callback runs after the call
 * returns OK. timeout_ms: 0 = 60000; at most 3600000. After TIMED_OUT the data path refuses and the follower
 * is still closing; a second call waits on. Errors: TIMED_OUT; IN_CALLBACK from a callback of this
 * follower. */
interop_sessions_status interop_sessions_follower_close(interop_sessions_follower follower,
                                                        uint32_t timeout_ms,
                                                        interop_sessions_error* error);

/* Thread: the follower's callback thread; the last callback of the follower but for releases. */
typedef void (*interop_sessions_closed_cb)(void* user_data);

/* As interop_sessions_follower_close, without blocking, and allowed from inside callbacks. The handle is
 * stale when the call returns OK; when the call is refused (CANCELLED: another close was first), the handle
 * stays as that close left it, so that a blocking close can still wait for the end. */
interop_sessions_status interop_sessions_follower_close_async(interop_sessions_follower follower,
                                                              interop_sessions_closed_cb closed,
                                                              void* user_data,
                                                              interop_sessions_release_cb release,
                                                              interop_sessions_error* error);

/* ---- The lease word: the data path asks nobody ----------------------------------------------- */

/* Written by the library, read by the host through interop_sessions_lease_valid(), also from another
 * process of the same machine and time namespace. Memory of the library's own is never unmapped and serves
 * no other follower: 64 bytes stay for each follower that was ever created. After its follower is closed a
 * lease word refuses for good. */
struct interop_sessions_lease {
  uint64_t epoch;
  int64_t deadline_ns; /* D_f on CLOCK_BOOTTIME; 0: not valid */
  uint32_t version;    /* 1: of this layout; 0: nothing was written yet */
  /* As state_changed reports it; for a watcher, not for a data path. */
  interop_sessions_session_state state;
  uint64_t reserved[5];
};

/* The lease word of a follower; the pointer stays the same for the follower's life. */
interop_sessions_status interop_sessions_follower_lease(interop_sessions_follower follower,
                                                        const interop_sessions_lease** lease,
                                                        interop_sessions_error* error);

/* Nanoseconds of CLOCK_BOOTTIME, the one clock of both sides: it runs on during suspend. */
static inline int64_t interop_sessions_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* May an effect of session `epoch` begin now? Lock-free, no call into the library, safe in any
 * thread and in a signal handler. Reads epoch, deadline, the clock last, and the epoch again: a
 * writer that changes the session in between makes it answer 0. A paused or dead runtime cannot
 * extend it. */
static inline int interop_sessions_lease_valid(const interop_sessions_lease* lease,
                                               uint64_t epoch) {
  const uint64_t before = __atomic_load_n(&lease->epoch, __ATOMIC_ACQUIRE);
  const int64_t deadline_ns = __atomic_load_n(&lease->deadline_ns, __ATOMIC_ACQUIRE);
  const int64_t now_ns = interop_sessions_now_ns();
  const uint64_t after = __atomic_load_n(&lease->epoch, __ATOMIC_ACQUIRE);
  return epoch != 0 && before == epoch && after == epoch && now_ns < deadline_ns;
}

/* For how many nanoseconds more effects of session `epoch` may begin; 0: none may. Where
 * interop_sessions_lease_valid() would answer 0, this does. For an effect that takes long, and for watchers: an
 * effect that begins asks anew. */
static inline int64_t interop_sessions_lease_remaining_ns(const interop_sessions_lease* lease,
                                                          uint64_t epoch) {
  const uint64_t before = __atomic_load_n(&lease->epoch, __ATOMIC_ACQUIRE);
  const int64_t deadline_ns = __atomic_load_n(&lease->deadline_ns, __ATOMIC_ACQUIRE);
  const int64_t now_ns = interop_sessions_now_ns();
  const uint64_t after = __atomic_load_n(&lease->epoch, __ATOMIC_ACQUIRE);
  return epoch != 0 && before == epoch && after == epoch && now_ns < deadline_ns
             ? deadline_ns - now_ns
             : 0;
}

/* interop_sessions_lease_valid() as a function of the library, for languages that cannot include this header.
 * Callable before initialize(), and from a signal handler. */
int32_t interop_sessions_lease_check(const interop_sessions_lease* lease, uint64_t epoch);

/* ---- Fencing at a receiver ------------------------------------------------------------------- */

/* The highest epoch that a receiver of effects has seen for one identity. Start with {0}. Owned by
 * the host; make it as durable as the effects that it guards. */
typedef struct interop_sessions_fence {
  uint64_t highest_epoch;
} interop_sessions_fence;

/* Accept an effect that carries `epoch`? Not 0 if no higher epoch was seen before. Lock-free, safe
 * from many threads. This alone protects where clocks cannot be trusted, as in a paused virtual
 * machine. */
static inline int interop_sessions_fence_accept(interop_sessions_fence* fence, uint64_t epoch) {
  uint64_t seen = __atomic_load_n(&fence->highest_epoch, __ATOMIC_ACQUIRE);
  while (epoch > seen) {
    if (__atomic_compare_exchange_n(&fence->highest_epoch, &seen, epoch, 0, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
      return 1;
    }
  }
  return epoch == seen && epoch != 0;
}

/* As interop_sessions_lease_check. */
int32_t interop_sessions_fence_check(interop_sessions_fence* fence, uint64_t epoch);

#ifdef __cplusplus
}
#endif

#endif /* INTEROP_SESSIONS_H */
