// lease and fence: the two checks of a data path. Neither calls into the library.
#pragma once

#include <chrono>
#include <cstdint>

#include "result.hpp"

INTEROP_SESSIONS_BEGIN

namespace detail {
inline constexpr interop_sessions_lease never_valid{};
}

// The lease of one session, by its epoch: a later session of the same follower does not make it valid again.
// A lease is a pointer and a number, copied freely. A copy may outlive the follower, the manager and the
// library, and is then not valid.
class lease {
 public:
  lease() noexcept = default;  // of no session: never valid
  lease(const interop_sessions_lease* word, std::uint64_t epoch) noexcept
      : word_(word), epoch_(epoch) {}

  // May an effect of the session begin now? Ask before every effect. Lock-free, about the cost of
  // reading the clock, from any thread and from signal handlers.
  [[nodiscard]] bool valid() const noexcept {
    return interop_sessions_lease_valid(word_, epoch_) != 0;
  }

  // For how much longer effects may begin; zero: none may. For what takes long, and for watchers.
  [[nodiscard]] std::chrono::nanoseconds remaining() const noexcept {
    return std::chrono::nanoseconds(interop_sessions_lease_remaining_ns(word_, epoch_));
  }

  // Sent along with every effect, so that a receiver's fence can refuse a former holder.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }

 private:
  const interop_sessions_lease* word_ = &detail::never_valid;
  std::uint64_t epoch_ = 0;
};

// At a receiver of effects: the highest epoch seen of one identity. Many threads may ask at once.
// Start a fence with the epoch that was saved with the effects.
class fence {
 public:
  fence() noexcept = default;
  explicit fence(std::uint64_t highest_epoch) noexcept : fence_{highest_epoch} {}
  fence(const fence&) = delete;
  fence& operator=(const fence&) = delete;

  // Accept an effect that carries `epoch`? Not once a higher epoch was seen.
  [[nodiscard]] bool accept(std::uint64_t epoch) noexcept {
    return interop_sessions_fence_accept(&fence_, epoch) != 0;
  }

  [[nodiscard]] std::uint64_t highest_epoch() const noexcept {
    return __atomic_load_n(&fence_.highest_epoch, __ATOMIC_ACQUIRE);
  }

 private:
  interop_sessions_fence fence_{0};
};

INTEROP_SESSIONS_END
