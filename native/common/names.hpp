#pragma once

#include <interop_sessions/interop_sessions.h>

#include <cstdint>
#include <cstdio>
#include <string>

namespace common {

// As the library's own log shows session ids.
inline std::string IdText(std::uint64_t session_id) {
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(session_id));
  return text;
}

inline const char* NameOf(interop_sessions_session_state state) {
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
  return "?";
}

inline const char* NameOf(interop_sessions_end_reason reason) {
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
  return "?";
}

inline const char* NameOf(interop_sessions_log_level level) {
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
  return "?";
}

}  // namespace common
