#pragma once

#include <interop_sessions/interop_sessions.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "support/status_printer.h"

namespace interop::sessions::tests {

/// OK, or why not.
template <typename T>
status StatusOf(const result<T>& answer) {
  return answer ? INTEROP_SESSIONS_OK : answer.error().status;
}

template <typename T>
std::string MessageOf(const result<T>& answer) {
  return answer ? std::string() : std::string(answer.error().name) + ": " + answer.error().message;
}

template <typename T>
bool Mentions(const result<T>& answer, std::string_view words) {
  return MessageOf(answer).find(words) != std::string::npos;
}

/// The value of a step that only prepares a test; what goes wrong there ends the test.
template <typename T>
T Must(result<T> answer) {
  if (!answer) {
    throw std::runtime_error(MessageOf(answer));
  }
  if constexpr (!std::is_void_v<T>) {
    return *std::move(answer);
  }
}

}  // namespace interop::sessions::tests
