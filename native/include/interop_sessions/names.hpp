// names: to_string of every enumeration of these headers, in capitals as the constants have them, for logs. The
// C header has the same names of some as functions of the library.
#pragma once

#include <string>

#include "access_manager.hpp"
#include "event.hpp"
#include "result.hpp"
#include "tls.hpp"
#include "values.hpp"

// No switch has a default, so that compilers warn of an enumerator that is forgotten; an enumerator of a
// later release has none of these names.
INTEROP_SESSIONS_BEGIN

#define INTEROP_SESSIONS_NAME(group, name) \
  case INTEROP_SESSIONS_##group##name:     \
    return #name;

[[nodiscard]] inline std::string to_string(status value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(, OK)
    INTEROP_SESSIONS_NAME(, INVALID_ARGUMENT)
    INTEROP_SESSIONS_NAME(, INVALID_STRUCT_SIZE)
    INTEROP_SESSIONS_NAME(, INVALID_UTF8)
    INTEROP_SESSIONS_NAME(, TOO_LONG)
    INTEROP_SESSIONS_NAME(, INVALID_HANDLE)
    INTEROP_SESSIONS_NAME(, NOT_INITIALIZED)
    INTEROP_SESSIONS_NAME(, IN_CALLBACK)
    INTEROP_SESSIONS_NAME(, TOO_MANY_OBJECTS)
    INTEROP_SESSIONS_NAME(, ABI_MISMATCH)
    INTEROP_SESSIONS_NAME(, CANCELLED)
    INTEROP_SESSIONS_NAME(, TIMED_OUT)
    INTEROP_SESSIONS_NAME(, NO_MASTER)
    INTEROP_SESSIONS_NAME(, NOT_LEADER)
    INTEROP_SESSIONS_NAME(, REFUSED)
    INTEROP_SESSIONS_NAME(, REFUSED_BY_HOST)
    INTEROP_SESSIONS_NAME(, UNSUPPORTED)
    INTEROP_SESSIONS_NAME(, OVERLOADED)
    INTEROP_SESSIONS_NAME(, OUT_OF_RESOURCES)
    INTEROP_SESSIONS_NAME(, OUTCOME_UNKNOWN)
    INTEROP_SESSIONS_NAME(, UNAUTHENTICATED)
    INTEROP_SESSIONS_NAME(, PERMISSION_DENIED)
    INTEROP_SESSIONS_NAME(, NO_SESSION)
    INTEROP_SESSIONS_NAME(, SESSION_EXISTS)
    INTEROP_SESSIONS_NAME(, IDENTITY_IN_USE)
    INTEROP_SESSIONS_NAME(, UNKNOWN_SESSION)
    INTEROP_SESSIONS_NAME(, SESSION_EXPIRED)
    INTEROP_SESSIONS_NAME(, SESSION_REVOKED)
    INTEROP_SESSIONS_NAME(, SESSION_CLOSED)
    INTEROP_SESSIONS_NAME(, WRONG_EPOCH)
    INTEROP_SESSIONS_NAME(, WRONG_NONCE)
    INTEROP_SESSIONS_NAME(, TOO_MANY_SESSIONS)
    INTEROP_SESSIONS_NAME(, DRAINING)
    INTEROP_SESSIONS_NAME(, ITEM_NOT_FOUND)
    INTEROP_SESSIONS_NAME(, ITEM_TOO_LARGE)
    INTEROP_SESSIONS_NAME(, TOO_MANY_ITEMS)
    INTEROP_SESSIONS_NAME(, RESERVED_KEY)
    INTEROP_SESSIONS_NAME(, REVISION_MISMATCH)
    INTEROP_SESSIONS_NAME(, NO_ACCESS_POINT)
    INTEROP_SESSIONS_NAME(, REPORT_REFUSED)
    INTEROP_SESSIONS_NAME(, WRONG_SECRET)
    INTEROP_SESSIONS_NAME(, COMPACTED)
    INTEROP_SESSIONS_NAME(, STORE_FULL)
    INTEROP_SESSIONS_NAME(, STORE_READ_ONLY)
    INTEROP_SESSIONS_NAME(, STORE_LOCKED)
    INTEROP_SESSIONS_NAME(, STORE_FAILED)
    INTEROP_SESSIONS_NAME(, ADDRESS_IN_USE)
    INTEROP_SESSIONS_NAME(, ADDRESS_UNUSABLE)
    INTEROP_SESSIONS_NAME(, STORE_CORRUPT)
    INTEROP_SESSIONS_NAME(, INTERNAL)
  }
  return "UNKNOWN_STATUS";
}

[[nodiscard]] inline std::string to_string(session_state value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(STATE_, NONE)
    INTEROP_SESSIONS_NAME(STATE_, ALIVE)
    INTEROP_SESSIONS_NAME(STATE_, SUSPECT)
    INTEROP_SESSIONS_NAME(STATE_, JEOPARDY)
    INTEROP_SESSIONS_NAME(STATE_, LOST)
  }
  return "UNKNOWN_STATE";
}

[[nodiscard]] inline std::string to_string(end_reason value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(END_, NONE)
    INTEROP_SESSIONS_NAME(END_, EXPIRED)
    INTEROP_SESSIONS_NAME(END_, REVOKED)
    INTEROP_SESSIONS_NAME(END_, CLOSED)
    INTEROP_SESSIONS_NAME(END_, UNKNOWN)
    INTEROP_SESSIONS_NAME(END_, SUPERSEDED)
  }
  return "UNKNOWN_REASON";
}

[[nodiscard]] inline std::string to_string(access_point_kind kind) {
  switch (kind) {
    INTEROP_SESSIONS_NAME(ACCESS_POINT_, NFS)
    INTEROP_SESSIONS_NAME(ACCESS_POINT_, ISCSI)
    INTEROP_SESSIONS_NAME(ACCESS_POINT_, NVMEOF)
  }
  return kind >= INTEROP_SESSIONS_FIRST_HOST_KIND ? "HOST_KIND" : "UNKNOWN_KIND";
}

[[nodiscard]] inline std::string to_string(connection_state value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(CONNECTION_, NONE)
    INTEROP_SESSIONS_NAME(CONNECTION_, CONNECTING)
    INTEROP_SESSIONS_NAME(CONNECTION_, CONNECTED)
    INTEROP_SESSIONS_NAME(CONNECTION_, AWAY)
  }
  return "UNKNOWN_CONNECTION";
}

[[nodiscard]] inline std::string to_string(item_change_kind value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(ITEM_, SET)
    INTEROP_SESSIONS_NAME(ITEM_, REMOVE)
    INTEROP_SESSIONS_NAME(ITEM_, CHECK)
  }
  return "UNKNOWN_CHANGE";
}

[[nodiscard]] inline std::string to_string(recreate_policy value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(RECREATE_, NEVER)
    INTEROP_SESSIONS_NAME(RECREATE_, AFTER_LOSS)
  }
  return "UNKNOWN_POLICY";
}

[[nodiscard]] inline std::string to_string(log_level value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(LOG_, TRACE)
    INTEROP_SESSIONS_NAME(LOG_, DEBUG)
    INTEROP_SESSIONS_NAME(LOG_, INFORMATION)
    INTEROP_SESSIONS_NAME(LOG_, WARNING)
    INTEROP_SESSIONS_NAME(LOG_, ERROR)
    INTEROP_SESSIONS_NAME(LOG_, CRITICAL)
    INTEROP_SESSIONS_NAME(LOG_, NONE)
  }
  return "UNKNOWN_LEVEL";
}

[[nodiscard]] inline std::string to_string(interop_sessions_thread_class value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(THREADS_, AS_MAIN)
    INTEROP_SESSIONS_NAME(THREADS_, OTHER)
    INTEROP_SESSIONS_NAME(THREADS_, BATCH)
    INTEROP_SESSIONS_NAME(THREADS_, FIFO)
    INTEROP_SESSIONS_NAME(THREADS_, ROUND_ROBIN)
  }
  return "UNKNOWN_THREAD_CLASS";
}

[[nodiscard]] inline std::string to_string(interop_sessions_leadership value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(LEADERSHIP_, STORE)
    INTEROP_SESSIONS_NAME(LEADERSHIP_, HOST)
  }
  return "UNKNOWN_LEADERSHIP";
}

[[nodiscard]] inline std::string to_string(interop_sessions_insecure value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(INSECURE_, NO)
    INTEROP_SESSIONS_NAME(INSECURE_, LOOPBACK)
    INTEROP_SESSIONS_NAME(INSECURE_, ANYWHERE)
  }
  return "UNKNOWN_PEERS";
}

[[nodiscard]] inline std::string to_string(interop_sessions_right value) {
  switch (value) {
    INTEROP_SESSIONS_NAME(RIGHT_, HOLD)
    INTEROP_SESSIONS_NAME(RIGHT_, READ)
    INTEROP_SESSIONS_NAME(RIGHT_, ADMINISTER)
    INTEROP_SESSIONS_NAME(RIGHT_, SERVE)
    INTEROP_SESSIONS_NAME(RIGHT_, ASSIGN)
  }
  return "UNKNOWN_RIGHT";
}

// Of one flag; fields of flags may have several.
[[nodiscard]] inline std::string to_string(session_flags flag) {
  switch (flag) {
    INTEROP_SESSIONS_NAME(SESSION_, REVOKING)
    INTEROP_SESSIONS_NAME(SESSION_, SUSPECT)
    INTEROP_SESSIONS_NAME(SESSION_, REATTACHED)
    INTEROP_SESSIONS_NAME(SESSION_, DRAINING)
  }
  return "UNKNOWN_FLAG";
}

[[nodiscard]] inline std::string to_string(interop_sessions_error_flags flag) {
  switch (flag) {
    INTEROP_SESSIONS_NAME(ERROR_, OUTCOME_UNKNOWN)
    INTEROP_SESSIONS_NAME(ERROR_, PASSING)
  }
  return "UNKNOWN_FLAG";
}

#undef INTEROP_SESSIONS_NAME

// Those of C++ alone.
[[nodiscard]] inline std::string to_string(event_kind kind) {
  switch (kind) {
    case event_kind::created:
      return "CREATED";
    case event_kind::state_changed:
      return "STATE_CHANGED";
    case event_kind::lost:
      return "LOST";
  }
  return "UNKNOWN_EVENT";
}
[[nodiscard]] inline std::string to_string(insecure_peers peers) {
  return to_string(static_cast<interop_sessions_insecure>(peers));
}
[[nodiscard]] inline std::string to_string(right asked) {
  return to_string(static_cast<interop_sessions_right>(asked));
}
[[nodiscard]] inline std::string to_string(leadership_source source) {
  return to_string(static_cast<interop_sessions_leadership>(source));
}

// The status and what happened.
[[nodiscard]] inline std::string to_string(const error& failed) {
  return std::string(failed.name) + ": " + failed.message;
}

INTEROP_SESSIONS_END
