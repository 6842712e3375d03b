#pragma once

#include <interop_sessions/interop_sessions.h>

#include <string>
#include <string_view>

#include "support/status_printer.h"

namespace interop::sessions::tests {

inline interop_sessions_string Text(std::string_view text) { return {text.data(), text.size()}; }

inline interop_sessions_bytes Bytes(std::string_view bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

inline std::string String(interop_sessions_string text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}

inline std::string String(interop_sessions_bytes bytes) {
  return bytes.size == 0 ? std::string()
                         : std::string(reinterpret_cast<const char*>(bytes.data), bytes.size);
}

/// A struct of the C header as its callers are told to make it: all zero but struct_size.
template <typename Struct>
Struct Sized() {
  Struct value = {};
  value.struct_size = sizeof(Struct);
  return value;
}

/// The test's own use of the library: what initialize() gave last.
inline interop_sessions_library& TestLibrary() {
  static interop_sessions_library library = {};
  return library;
}

/// Options of one call, good until the thread asks for others.
inline const interop_sessions_call_options* Within(uint32_t timeout_ms) {
  thread_local auto options = Sized<interop_sessions_call_options>();
  options.timeout_ms = timeout_ms;
  return &options;
}

inline const interop_sessions_report_window* Window(uint64_t start_pid, uint32_t report_size) {
  thread_local auto window = Sized<interop_sessions_report_window>();
  window.start_pid = start_pid;
  window.report_size = report_size;
  return &window;
}

/// A change that sets an item, if there is none of this key.
inline interop_sessions_item_change Change(std::string_view key) {
  auto change = Sized<interop_sessions_item_change>();
  change.kind = INTEROP_SESSIONS_ITEM_SET;
  change.key = Text(key);
  return change;
}

/// An error that a call fills in.
struct Error : interop_sessions_error {
  Error() : interop_sessions_error(Sized<interop_sessions_error>()) {}

  std::string_view text() const { return message; }
  bool Mentions(std::string_view words) const { return text().find(words) != std::string::npos; }
};

}  // namespace interop::sessions::tests
