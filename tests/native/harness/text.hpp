#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <interop_sessions/result.hpp>
#include <string>
#include <string_view>

namespace harness {

inline std::string TextOf(const std::uint8_t* text, std::uint32_t size) {
  return {reinterpret_cast<const char*>(text), size};
}

// Writes what fits, and answers the size of the whole.
inline std::uint32_t CopyText(std::string_view text, std::uint8_t* buffer, std::uint32_t capacity) {
  if (const std::size_t fits = std::min<std::size_t>(text.size(), capacity); fits != 0) {
    std::memcpy(buffer, text.data(), fits);
  }
  return static_cast<std::uint32_t>(text.size());
}

inline std::string TextOf(const interop::sessions::error& error) {
  return std::string(error.name) + ": " + error.message;
}

}  // namespace harness
