#pragma once

#include <interop_sessions/interop_sessions.h>

#include <string>

namespace interop::sessions::tests {

inline std::string NameOf(interop_sessions_session_state state) {
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
  return "no state";
}

inline std::string NameOf(interop_sessions_end_reason reason) {
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
  return "no reason";
}

}  // namespace interop::sessions::tests
