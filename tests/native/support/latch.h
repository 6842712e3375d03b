#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "support/eventually.h"

namespace interop::sessions::tests {

/// Opens once. Waits are bounded, so that a defect is a failed test and not a hung one.
class Latch {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

  bool Wait(uint32_t within_ms = PatienceMs()) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::milliseconds(within_ms), [this] { return open_; });
  }

  bool IsOpen() {
    const std::lock_guard lock(mutex_);
    return open_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

}  // namespace interop::sessions::tests
