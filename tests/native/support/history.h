#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "support/eventually.h"

namespace interop::sessions::tests {

/// What happened, in order, told by callbacks on any thread and awaited by the test.
template <typename Event>
class History {
 public:
  void Add(Event event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    grown_.notify_all();
  }

  std::vector<Event> All() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  void Clear() {
    const std::lock_guard lock(mutex_);
    events_.clear();
  }

  template <typename Condition>
  size_t Count(Condition matches) const {
    const std::lock_guard lock(mutex_);
    return static_cast<size_t>(std::count_if(events_.begin(), events_.end(), matches));
  }

  /// Waits until `times` events match; answers whether they did in time.
  template <typename Condition>
  bool Wait(Condition matches, size_t times = 1, uint32_t within_ms = PatienceMs()) const {
    std::unique_lock lock(mutex_);
    return grown_.wait_for(lock, std::chrono::milliseconds(within_ms), [&] {
      return static_cast<size_t>(std::count_if(events_.begin(), events_.end(), matches)) >= times;
    });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::vector<Event> events_;
};

/// A history of plain words.
class Journal : public History<std::string> {
 public:
  bool WaitFor(const std::string& word, size_t times = 1, uint32_t within_ms = PatienceMs()) const {
    return Wait([&](const std::string& event) { return event == word; }, times, within_ms);
  }

  size_t CountOf(const std::string& word) const {
    return Count([&](const std::string& event) { return event == word; });
  }
};

}  // namespace interop::sessions::tests
