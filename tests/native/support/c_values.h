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

/// An error that a call fills in.
struct Error : interop_sessions_error {
  Error() : interop_sessions_error(Sized<interop_sessions_error>()) {}

  std::string_view text() const { return message; }
  bool Mentions(std::string_view words) const { return text().find(words) != std::string::npos; }
};

}  // namespace interop::sessions::tests
