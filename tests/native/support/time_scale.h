#pragma once

#include <cstdint>
#include <cstdlib>

namespace interop::sessions::tests {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

/// How much slower things are here than on the machine that the tests' times were chosen on.
/// Sanitized callbacks are slow; INTEROP_SESSIONS_TEST_TIME_SCALE overrides it on a slow machine.
inline uint32_t TimeScale() {
  static const uint32_t scale = [] {
    const char* text = std::getenv("INTEROP_SESSIONS_TEST_TIME_SCALE");
    const long chosen = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
    return chosen >= 1 && chosen <= 100 ? static_cast<uint32_t>(chosen) : (kSanitized ? 3U : 1U);
  }();
  return scale;
}

/// A term, a wait or a time-out of a test in milliseconds.
inline uint32_t ScaledMs(uint32_t ms) { return ms * TimeScale(); }

}  // namespace interop::sessions::tests
