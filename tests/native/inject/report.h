#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace interop::sessions::tests {

/// What the injector, the program that it is preloaded into, and whoever started that share: a
/// mapped file, so that it outlives a crash.
struct InjectionReport {
  /// Calls are counted, and fail, while it is not 0. A program that wants its own beginning left
  /// alone has 0 at its start.
  std::atomic<uint32_t> armed;
  std::atomic<uint32_t> failed;
  std::atomic<uint64_t> calls;

  /// What the program does, by its own word; and what it did at the first call that failed.
  std::array<char, 64> stage;
  std::array<char, 64> failed_stage;
  std::array<char, 16> failed_thread;

  /// Where the first call that failed came from: addresses within `module`, innermost first.
  std::array<char, 128> module;
  std::array<uint64_t, 24> frames;
};

}  // namespace interop::sessions::tests
