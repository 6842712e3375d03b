/* What needs no runtime, and must start none: a host asks for the version before its last fork and before it installs its signal
 * handlers. */
#include "front.h"

#include <stdlib.h>

uint32_t interop_sessions_abi_version(void) {
  return INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;
}

void interop_sessions_free(void* memory) { free(memory); }

#define NAMED(name)             \
  case INTEROP_SESSIONS_##name: \
    return #name;

/* Without a default: a status that is missing here is an error of the compiler. */
const char* interop_sessions_status_name(interop_sessions_status status) {
  switch (status) {
    NAMED(OK)
    NAMED(INVALID_ARGUMENT)
    NAMED(INVALID_STRUCT_SIZE)
    NAMED(INVALID_UTF8)
    NAMED(TOO_LONG)
    NAMED(INVALID_HANDLE)
    NAMED(NOT_INITIALIZED)
    NAMED(ALREADY_INITIALIZED)
    NAMED(IN_CALLBACK)
    NAMED(TOO_MANY_OBJECTS)
    NAMED(CANCELLED)
    NAMED(TIMED_OUT)
    NAMED(NO_MASTER)
    NAMED(NOT_LEADER)
    NAMED(REFUSED)
    NAMED(REFUSED_BY_HOST)
    NAMED(UNSUPPORTED)
    NAMED(OVERLOADED)
    NAMED(OUT_OF_RESOURCES)
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
    NAMED(ITEM_NOT_FOUND)
    NAMED(ITEM_TOO_LARGE)
    NAMED(TOO_MANY_ITEMS)
    NAMED(RESERVED_KEY)
    NAMED(REVISION_MISMATCH)
    NAMED(NO_ACCESS_POINT)
    NAMED(REPORT_REFUSED)
    NAMED(WRONG_SECRET)
    NAMED(STORE_FULL)
    NAMED(STORE_READ_ONLY)
    NAMED(STORE_LOCKED)
    NAMED(STORE_FAILED)
    NAMED(ADDRESS_IN_USE)
    NAMED(ADDRESS_UNUSABLE)
    NAMED(INTERNAL)
  }
  return "UNKNOWN_STATUS";
}
