#pragma once

#include <gtest/gtest.h>
#include <interop_sessions/interop_sessions.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <vector>

namespace interop::sessions::tests {

/// With whose end an object ends, known before it can have a handle.
struct Owners {
  uint64_t library = 0;
  uint64_t manager = 0;  // of a follower, and of what is registered there
};

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

  explicit Witness(const Owners& owners) : owners_(owners) {}
  const Owners& owners() const { return owners_; }

  void Publish(uint64_t handle) { handle_ = handle; }

  /// Zero until its maker knows it.
  uint64_t handle() const { return handle_; }

  /// A call has returned that promises silence.
  void ExpectSilence(const char* after) {
    EXPECT_EQ(running_, 0) << after << " returned while a callback ran";
    ended_ = true;
  }

  /// The callback that runs is the last one.
  void ExpectNoOther() {
    EXPECT_EQ(running_, 1) << "the last callback ran beside another";
    ended_ = true;
  }

  /// From within a callback: no other may begin.
  void NoteLastRun() { ended_ = true; }

  /// Its handle may go stale while callbacks run; the closed callback is the end.
  void NoteCloseAsync() { asynchronously_ = true; }
  bool MayBeStaleAndRun() const { return asynchronously_; }

  /// Of the asynchronous closes at most one is accepted, and whoever asked for it is told.
  void NoteAcceptedClose() { accepted_closes_++; }
  void NoteClosed() { closed_++; }
  bool IsEachCloseTold() const { return accepted_closes_ <= 1 && accepted_closes_ == closed_; }

 private:
  std::atomic<int> running_ = 0;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> asynchronously_ = false;
  std::atomic<int> accepted_closes_ = 0;
  std::atomic<int> closed_ = 0;
  std::atomic<uint64_t> handle_ = 0;
  const Owners owners_;
};

/// All of one kind that a test ever made. They live as long as the test, as late callbacks would find out.
class Witnesses {
 public:
  Witness& Add(const Owners& owners) {
    const std::lock_guard lock(mutex_);
    return all_.emplace_back(owners);
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

  /// Those whose object was there, of a library or of a manager.
  std::vector<Witness*> MadeIn(uint64_t library) {
    return Made([=](const Owners& owners) { return owners.library == library; });
  }
  std::vector<Witness*> MadeBy(uint64_t manager) {
    return Made([=](const Owners& owners) { return owners.manager == manager; });
  }

  bool IsEachCloseTold() {
    const std::lock_guard lock(mutex_);
    return std::all_of(all_.begin(), all_.end(),
                       [](const Witness& witness) { return witness.IsEachCloseTold(); });
  }

 private:
  template <typename Condition>
  std::vector<Witness*> Made(Condition belongs) {
    const std::lock_guard lock(mutex_);
    std::vector<Witness*> made;
    for (Witness& witness : all_) {
      if (witness.handle() != 0 && belongs(witness.owners())) {
        made.push_back(&witness);
      }
    }
    return made;
  }

  std::mutex mutex_;
  std::deque<Witness> all_;
};

}  // namespace interop::sessions::tests
