// io_gate: the effects of a data path under a lease, and the moment after which none of them runs. A
// session_lost callback must not return before that moment: from then on the work may be another server's.
#pragma once

#include <time.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <utility>

#include "lease.hpp"

INTEROP_SESSIONS_BEGIN

// Any thread may begin effects, at the cost of a lease check and two atomic operations on one cache line;
// a data path of very many cores has a gate for each of its queues. open() is for one thread at a time, and
// never at the same time as close(): a follower's callbacks keep to that. A thread that holds an effect must
// not wait for a close, by closing the follower for instance. The destructor closes: also at exit, and in a
// child after fork, where effects of other threads never end.
class io_gate {
 public:
  // An effect that may run, or none. Hold the object until nothing of the effect can happen any more: repeats
  // and answers that come late are parts of the effect.
  class effect {
   public:
    effect() noexcept = default;
    effect(effect&& other) noexcept
        : gate_(std::exchange(other.gate_, nullptr)), epoch_(std::exchange(other.epoch_, 0)) {}
    effect& operator=(effect other) noexcept {
      std::swap(gate_, other.gate_);
      std::swap(epoch_, other.epoch_);
      return *this;
    }
    ~effect() {
      if (gate_ != nullptr) {
        gate_->running_.fetch_sub(1);
      }
    }

    // May the effect run? Not for a temporary, which would be over before the effect that it guards.
    explicit operator bool() const& noexcept { return gate_ != nullptr; }
    explicit operator bool() const&& = delete;

    // Sent along, so that a receiver's fence can refuse a former holder.
    [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }

   private:
    friend class io_gate;
    effect(io_gate* gate, std::uint64_t epoch) noexcept : gate_(gate), epoch_(epoch) {}

    io_gate* gate_ = nullptr;
    std::uint64_t epoch_ = 0;
  };

  io_gate() noexcept = default;  // closed
  io_gate(const io_gate&) = delete;
  io_gate& operator=(const io_gate&) = delete;
  ~io_gate() { close(); }

  // Effects may begin under this lease. Waits for effects of the lease before.
  void open(const lease& held) noexcept {
    close();
    lease_ = held;
    epoch_.store(held.epoch());
  }

  // No effect begins any more; waits until none runs, without bound.
  void close() noexcept { static_cast<void>(close(std::chrono::milliseconds::max())); }

  // The same, for so long at most. False: some effects run on; none begins.
  [[nodiscard]] bool close(std::chrono::milliseconds timeout) noexcept {
    epoch_.store(0);
    const std::int64_t begun_ns = interop_sessions_now_ns();
    while (running_.load() != 0) {
      if ((interop_sessions_now_ns() - begun_ns) / 1000000 >= timeout.count()) {
        return false;
      }
      pause();
    }
    return true;
  }

  // None if the gate is closed or the lease is not valid now.
  [[nodiscard]] effect begin() noexcept {
    if (epoch_.load() == 0) {
      return {};  // not counted: threads that go on asking would hold a close up
    }
    // Counted before it asks again: either the closing thread sees this effect, or the effect sees that the
    // gate is closed.
    running_.fetch_add(1);
    const std::uint64_t epoch = epoch_.load();
    if (epoch != 0 && lease_.valid()) {
      return effect(this, epoch);
    }
    running_.fetch_sub(1);
    return {};
  }

 private:
  // Polled, so that the last effect touches nothing after its count: the gate may be gone then.
  static void pause() noexcept {
    const timespec time = {0, 100000};
    static_cast<void>(::nanosleep(&time, nullptr));
  }

  // All on one line: with the count on a line of its own two CPUs began effects no faster.
  std::atomic<std::uint64_t> epoch_{0};  // of the lease; 0: closed
  std::atomic<std::uint32_t> running_{0};
  lease lease_;  // written while the gate is closed and nothing runs
};

INTEROP_SESSIONS_END
