#pragma once

#include <interop_sessions/interop_sessions.h>

#include <ostream>

/// GoogleTest prints a status by its name. It looks in the namespace of the enumeration: the
/// global.
inline void PrintTo(interop_sessions_status status, std::ostream* out) {
  *out << interop_sessions_status_name(status);
}
