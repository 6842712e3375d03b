#pragma once

#include <chrono>
#include <thread>

#include "support/time_scale.h"

namespace interop::sessions::tests {

/// The bound of every wait for something that must happen: far longer than it takes, so that only a
/// defect runs into it.
inline uint32_t PatienceMs() { return ScaledMs(20000); }

/// Polls until `holds()` is true, at most `within_ms`; answers whether it became true.
template <typename Condition>
bool Eventually(Condition holds, uint32_t within_ms = PatienceMs()) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(within_ms);
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return holds();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

}  // namespace interop::sessions::tests
