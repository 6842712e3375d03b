// event: one of the things that a follower's callbacks tell.
#pragma once

#include <cstdint>

#include "values.hpp"

INTEROP_SESSIONS_BEGIN

enum class event_kind {
  created,        // session_created has accepted; ALIVE with the state_changed that follows
  state_changed,  // between ALIVE, SUSPECT and JEOPARDY
  lost            // session_lost has returned: the host has stopped
};

struct event {
  event_kind kind = event_kind::created;
  interop::sessions::session session = {};
  std::uint64_t missed = 0;  // events before this one that found the queue full and are gone
};

INTEROP_SESSIONS_END
