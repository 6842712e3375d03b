// names: to_string of what calls and callbacks tell, for logs. The C header has the same names as functions
// of the library.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "result.hpp"
#include "values.hpp"

INTEROP_SESSIONS_BEGIN
namespace detail {

// That of a value which counts from `first`, in the order of the C header.
template <std::size_t Count, class Enumeration>
std::string name_in(const std::string_view (&names)[Count], Enumeration first, Enumeration value,
                    std::string_view otherwise) {
  const auto index = static_cast<std::size_t>(value) - static_cast<std::size_t>(first);
  return std::string(index < Count ? names[index] : otherwise);
}

}  // namespace detail

[[nodiscard]] inline std::string to_string(session_state state) {
  constexpr std::string_view names[] = {"NONE", "ALIVE", "SUSPECT", "JEOPARDY", "LOST"};
  return detail::name_in(names, INTEROP_SESSIONS_STATE_NONE, state, "UNKNOWN_STATE");
}

[[nodiscard]] inline std::string to_string(end_reason reason) {
  constexpr std::string_view names[] = {"NONE",   "EXPIRED", "REVOKED",
                                        "CLOSED", "UNKNOWN", "SUPERSEDED"};
  return detail::name_in(names, INTEROP_SESSIONS_END_NONE, reason, "UNKNOWN_REASON");
}

[[nodiscard]] inline std::string to_string(access_point_kind kind) {
  constexpr std::string_view names[] = {"NFS", "ISCSI", "NVMEOF"};
  return detail::name_in(names, INTEROP_SESSIONS_ACCESS_POINT_NFS, kind,
                         kind >= INTEROP_SESSIONS_FIRST_HOST_KIND ? "HOST_KIND" : "UNKNOWN_KIND");
}

[[nodiscard]] inline std::string to_string(log_level level) {
  constexpr std::string_view names[] = {"trace", "debug",    "information", "warning",
                                        "error", "critical", "none"};
  return detail::name_in(names, INTEROP_SESSIONS_LOG_TRACE, level, "unknown level");
}

// The status and what happened.
[[nodiscard]] inline std::string to_string(const error& failed) {
  return std::string(failed.name) + ": " + failed.message;
}

INTEROP_SESSIONS_END
