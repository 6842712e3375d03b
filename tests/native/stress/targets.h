#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <interop_sessions/thread_sanitizer.hpp>
#include <mutex>
#include <optional>
#include <utility>

#include "stress/witnesses.h"

namespace interop::sessions::tests {

class Target;

/// What a callback does, whichever it is.
using Deed = std::function<void(const Target& inside)>;

/// The user_data of one object, registration or call: it sees that nothing runs after its release, which comes once.
class Target {
 public:
  /// `registration`: nullptr unless it is that of one, which has an end of its own.
  Target(const Deed& deed, Witness& object, Witness* registration)
      : deed_(deed), object_(object), registration_(registration) {}

  Witness& object() const { return object_; }
  const Witness* registration() const { return registration_; }

  static void Enter(void* self) {
    const detail::callback_scope scope;
    static_cast<Target*>(self)->Run();
  }

  /// The closed callback of a follower.
  static void EnterLast(void* self) {
    const detail::callback_scope scope;
    auto* target = static_cast<Target*>(self);
    target->is_last_ = true;
    target->Run();
    target->object_.NoteClosed();
  }

  static void Release(void* self) {
    const detail::callback_scope scope;
    EXPECT_EQ(static_cast<Target*>(self)->released_++, 0) << "a user_data was released twice";
  }

  bool IsReleased() const { return released_ > 0; }

 private:
  void Run() {
    EXPECT_EQ(released_, 0) << "a callback ran after its user_data was released";
    const Witness::Inside inside(object_);
    std::optional<Witness::Inside> inside_registration;
    if (registration_ != nullptr) {
      inside_registration.emplace(*registration_);
    }
    if (is_last_) {
      object_.ExpectNoOther();
    }
    deed_(*this);
  }

  const Deed& deed_;
  Witness& object_;
  Witness* const registration_;
  std::atomic<bool> is_last_ = false;
  std::atomic<int> released_ = 0;
};

/// All of a test. They live as long as the test, as what comes late would find out.
class Targets {
 public:
  explicit Targets(Deed deed) : deed_(std::move(deed)) {}

  Target* New(Witness& object, Witness* registration = nullptr) {
    const std::lock_guard lock(mutex_);
    Target* target = &all_.emplace_back(deed_, object, registration);
    // The scope of the whole deed began before this was written, and in a callback there is none.
    const detail::call_scope written;
    return target;
  }

  bool AreAllReleased() {
    const std::lock_guard lock(mutex_);
    return std::all_of(all_.begin(), all_.end(),
                       [](const Target& target) { return target.IsReleased(); });
  }

 private:
  const Deed deed_;
  std::mutex mutex_;
  std::deque<Target> all_;
};

}  // namespace interop::sessions::tests
