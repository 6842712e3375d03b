#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace common {

// As the library's own log shows session ids.
inline std::string IdText(std::uint64_t session_id) {
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(session_id));
  return text;
}

}  // namespace common
