#pragma once

#include <interop_sessions/interop_sessions.h>

namespace chunkserver {

// Ends of a call that the same call may not meet again: the master restarts, another takes over, an
// old lease runs out.
inline bool MayHeal(interop_sessions_status status) {
  switch (status) {
    case INTEROP_SESSIONS_NO_MASTER:
    case INTEROP_SESSIONS_TIMED_OUT:
    case INTEROP_SESSIONS_NOT_LEADER:
    case INTEROP_SESSIONS_IDENTITY_IN_USE:
      return true;
    default:
      return false;
  }
}

}  // namespace chunkserver
