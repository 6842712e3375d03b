#pragma once

#include <interop_sessions/interop_sessions.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "support/c_values.h"

namespace interop::sessions::tests {

enum class HandleKind { kMaster, kManager, kFollower, kRegistration, kOperation };

/// One function that takes a handle, with all its other arguments right.
struct CallWithHandle {
  const char* function;
  const char* argument;
  HandleKind kind;
  std::function<interop_sessions_status(uint64_t handle, Error*)> call;
};

inline void PrintTo(const CallWithHandle& call, std::ostream* out) { *out << call.function; }

/// All of them.
const std::vector<CallWithHandle>& CallsWithHandles();

}  // namespace interop::sessions::tests
