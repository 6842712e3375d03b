/* What needs no runtime, and must start none: a host asks for the version before its last fork and before it installs its signal
 * handlers. */
#include "front.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

uint32_t interop_sessions_abi_version(void) {
  return INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;
}

/* Of the SQLite that is linked in. */
const char* sqlite3_libversion(void);

static char s_version[256];
static pthread_once_t s_version_once = PTHREAD_ONCE_INIT;

static void write_version(void) {
  snprintf(s_version, sizeof(s_version), "%s sqlite%s%s", INTEROP_SESSIONS_VERSION_TEXT,
           sqlite3_libversion(), INTEROP_SESSIONS_REVISION_TEXT);
}

const char* interop_sessions_version(void) {
  pthread_once(&s_version_once, write_version);
  return s_version;
}

void interop_sessions_free(void* memory) { free(memory); }

int32_t interop_sessions_lease_check(const interop_sessions_lease* lease, uint64_t epoch) {
  return interop_sessions_lease_valid(lease, epoch);
}

int32_t interop_sessions_fence_check(interop_sessions_fence* fence, uint64_t epoch) {
  return interop_sessions_fence_accept(fence, epoch);
}

#define NAMED_AS(group, name)          \
  case INTEROP_SESSIONS_##group##name: \
    return #name;

#define NAMED(name) NAMED_AS(, name)

/* HeaderTests misses none. */
const char* interop_sessions_status_name(interop_sessions_status status) {
  switch (status) {
    NAMED(OK)
    NAMED(INVALID_ARGUMENT)
    NAMED(INVALID_STRUCT_SIZE)
    NAMED(INVALID_UTF8)
    NAMED(TOO_LONG)
    NAMED(INVALID_HANDLE)
    NAMED(NOT_INITIALIZED)
    NAMED(IN_CALLBACK)
    NAMED(TOO_MANY_OBJECTS)
    NAMED(ABI_MISMATCH)
    NAMED(CANCELLED)
    NAMED(TIMED_OUT)
    NAMED(NO_MASTER)
    NAMED(NOT_LEADER)
    NAMED(REFUSED)
    NAMED(REFUSED_BY_HOST)
    NAMED(UNSUPPORTED)
    NAMED(OVERLOADED)
    NAMED(OUT_OF_RESOURCES)
    NAMED(OUTCOME_UNKNOWN)
    NAMED(UNAUTHENTICATED)
    NAMED(PERMISSION_DENIED)
    NAMED(NO_SESSION)
    NAMED(SESSION_EXISTS)
    NAMED(IDENTITY_IN_USE)
    NAMED(UNKNOWN_SESSION)
    NAMED(SESSION_EXPIRED)
    NAMED(SESSION_REVOKED)
    NAMED(SESSION_CLOSED)
    NAMED(WRONG_EPOCH)
    NAMED(WRONG_NONCE)
    NAMED(TOO_MANY_SESSIONS)
    NAMED(DRAINING)
    NAMED(ITEM_NOT_FOUND)
    NAMED(ITEM_TOO_LARGE)
    NAMED(TOO_MANY_ITEMS)
    NAMED(RESERVED_KEY)
    NAMED(REVISION_MISMATCH)
    NAMED(NO_ACCESS_POINT)
    NAMED(REPORT_REFUSED)
    NAMED(WRONG_SECRET)
    NAMED(COMPACTED)
    NAMED(STORE_FULL)
    NAMED(STORE_READ_ONLY)
    NAMED(STORE_LOCKED)
    NAMED(STORE_FAILED)
    NAMED(ADDRESS_IN_USE)
    NAMED(ADDRESS_UNUSABLE)
    NAMED(STORE_CORRUPT)
    NAMED(INTERNAL)
  }
  return "UNKNOWN_STATUS";
}

const char* interop_sessions_session_state_name(interop_sessions_session_state state) {
  switch (state) {
    NAMED_AS(STATE_, NONE)
    NAMED_AS(STATE_, ALIVE)
    NAMED_AS(STATE_, SUSPECT)
    NAMED_AS(STATE_, JEOPARDY)
    NAMED_AS(STATE_, LOST)
  }
  return "UNKNOWN_STATE";
}

const char* interop_sessions_end_reason_name(interop_sessions_end_reason reason) {
  switch (reason) {
    NAMED_AS(END_, NONE)
    NAMED_AS(END_, EXPIRED)
    NAMED_AS(END_, REVOKED)
    NAMED_AS(END_, CLOSED)
    NAMED_AS(END_, UNKNOWN)
    NAMED_AS(END_, SUPERSEDED)
  }
  return "UNKNOWN_REASON";
}

const char* interop_sessions_connection_state_name(interop_sessions_connection_state state) {
  switch (state) {
    NAMED_AS(CONNECTION_, NONE)
    NAMED_AS(CONNECTION_, CONNECTING)
    NAMED_AS(CONNECTION_, CONNECTED)
    NAMED_AS(CONNECTION_, AWAY)
  }
  return "UNKNOWN_CONNECTION";
}

const char* interop_sessions_access_point_kind_name(interop_sessions_access_point_kind kind) {
  switch (kind) {
    NAMED_AS(ACCESS_POINT_, NFS)
    NAMED_AS(ACCESS_POINT_, ISCSI)
    NAMED_AS(ACCESS_POINT_, NVMEOF)
  }
  return kind >= INTEROP_SESSIONS_FIRST_HOST_KIND ? "HOST_KIND" : "UNKNOWN_KIND";
}
