#pragma once

#include <gtest/gtest.h>
#include <interop_sessions/interop_sessions.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace interop::sessions::tests {

/// What stands behind the user_data of one object: it knows whether callbacks run, and whether any may.
class Witness {
 public:
  /// Around each callback.
  class Inside {
   public:
    explicit Inside(Witness& witness) : witness_(witness) {
      witness_.running_++;
      EXPECT_FALSE(witness_.ended_) << "a callback began after the end";
    }
    ~Inside() { witness_.running_--; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    Witness& witness_;
  };

  /// A call has returned that promises silence.
  void ExpectSilence(const char* after) {
    EXPECT_EQ(running_, 0) << after << " returned while a callback ran";
    ended_ = true;
  }

  /// Its handle may go stale while callbacks run; the closed callback is the end.
  void NoteCloseAsync() { asynchronously_ = true; }
  bool MayBeStaleAndRun() const { return asynchronously_; }

  /// Whose shutdown is its end, known before it can have a handle.
  explicit Witness(uint64_t library) : library_(library) {}
  uint64_t library() const { return library_; }

  void Publish(uint64_t handle) { handle_ = handle; }
  uint64_t handle() const { return handle_; }

 private:
  std::atomic<int> running_ = 0;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> asynchronously_ = false;
  std::atomic<uint64_t> handle_ = 0;
  const uint64_t library_;
};

/// All of one kind that a test ever made. They live as long as the test, as late callbacks would find out.
class Witnesses {
 public:
  Witness& Add(uint64_t library) {
    const std::lock_guard lock(mutex_);
    return all_.emplace_back(library);
  }

  /// One of the latest whose object exists, or existed; nullptr if there is none.
  Witness* Any(uint64_t random) {
    constexpr size_t kLatest = 12;
    const std::lock_guard lock(mutex_);
    if (all_.empty()) {
      return nullptr;
    }
    Witness& found = all_[all_.size() - 1 - random % std::min(kLatest, all_.size())];
    return found.handle() == 0 ? nullptr : &found;
  }

  /// Those of a library whose object was there.
  std::vector<Witness*> Made(uint64_t library) {
    const std::lock_guard lock(mutex_);
    std::vector<Witness*> made;
    for (Witness& witness : all_) {
      if (witness.handle() != 0 && witness.library() == library) {
        made.push_back(&witness);
      }
    }
    return made;
  }

 private:
  std::mutex mutex_;
  std::deque<Witness> all_;
};

}  // namespace interop::sessions::tests
