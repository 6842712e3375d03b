// names: to_string of what calls and callbacks tell, for logs. The C header has the same names as functions
// of the library.
#pragma once

#include <string>

#include "result.hpp"
#include "values.hpp"

// No switch has a default, so that compilers warn of an enumerator that is forgotten; an enumerator of a
// later release has none of these names.
INTEROP_SESSIONS_BEGIN

[[nodiscard]] inline std::string to_string(session_state state) {
  switch (state) {
    case INTEROP_SESSIONS_STATE_NONE:
      return "NONE";
    case INTEROP_SESSIONS_STATE_ALIVE:
      return "ALIVE";
    case INTEROP_SESSIONS_STATE_SUSPECT:
      return "SUSPECT";
    case INTEROP_SESSIONS_STATE_JEOPARDY:
      return "JEOPARDY";
    case INTEROP_SESSIONS_STATE_LOST:
      return "LOST";
  }
  return "UNKNOWN_STATE";
}

[[nodiscard]] inline std::string to_string(end_reason reason) {
  switch (reason) {
    case INTEROP_SESSIONS_END_NONE:
      return "NONE";
    case INTEROP_SESSIONS_END_EXPIRED:
      return "EXPIRED";
    case INTEROP_SESSIONS_END_REVOKED:
      return "REVOKED";
    case INTEROP_SESSIONS_END_CLOSED:
      return "CLOSED";
    case INTEROP_SESSIONS_END_UNKNOWN:
      return "UNKNOWN";
    case INTEROP_SESSIONS_END_SUPERSEDED:
      return "SUPERSEDED";
  }
  return "UNKNOWN_REASON";
}

[[nodiscard]] inline std::string to_string(access_point_kind kind) {
  switch (kind) {
    case INTEROP_SESSIONS_ACCESS_POINT_NFS:
      return "NFS";
    case INTEROP_SESSIONS_ACCESS_POINT_ISCSI:
      return "ISCSI";
    case INTEROP_SESSIONS_ACCESS_POINT_NVMEOF:
      return "NVMEOF";
  }
  return kind >= INTEROP_SESSIONS_FIRST_HOST_KIND ? "HOST_KIND" : "UNKNOWN_KIND";
}

[[nodiscard]] inline std::string to_string(log_level level) {
  switch (level) {
    case INTEROP_SESSIONS_LOG_TRACE:
      return "trace";
    case INTEROP_SESSIONS_LOG_DEBUG:
      return "debug";
    case INTEROP_SESSIONS_LOG_INFORMATION:
      return "information";
    case INTEROP_SESSIONS_LOG_WARNING:
      return "warning";
    case INTEROP_SESSIONS_LOG_ERROR:
      return "error";
    case INTEROP_SESSIONS_LOG_CRITICAL:
      return "critical";
    case INTEROP_SESSIONS_LOG_NONE:
      return "none";
  }
  return "unknown level";
}

// The status and what happened.
[[nodiscard]] inline std::string to_string(const error& failed) {
  return std::string(failed.name) + ": " + failed.message;
}

INTEROP_SESSIONS_END
