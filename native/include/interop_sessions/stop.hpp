// joined_stop and timed_stop: several reasons to stop one call. Where a call takes a std::stop_token, a stop
// ends the call at once with CANCELLED; what the call asked of the master may or may not have been done.
#pragma once

#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "result.hpp"

#ifdef __cpp_lib_jthread
INTEROP_SESSIONS_BEGIN

// A token that stops when any of several does: the user's, the session's, the shutdown's. The joined token
// follows them as long as this object lives, so keep the object until the call has ended; then nothing of it
// stays behind at tokens that live longer. A token that stopped before the object was made counts too.
class joined_stop {
 public:
  template <std::same_as<std::stop_token>... Tokens>
  explicit joined_stop(const Tokens&... tokens) {
    (links_.push_back(std::make_shared<std::stop_callback<forward>>(tokens, forward{source_})),
     ...);
  }

  [[nodiscard]] std::stop_token token() const& noexcept { return source_.get_token(); }
  std::stop_token token() const&& = delete;  // the token would follow nothing any more

  // Stops this token, and none of those it was made of.
  bool request_stop() noexcept { return source_.request_stop(); }

 private:
  struct forward {
    std::stop_source to;
    void operator()() noexcept { to.request_stop(); }
  };

  std::stop_source source_;
  std::vector<std::shared_ptr<void>> links_;
};

// Stops after a time, unless it is destroyed before. A timed_stop costs a thread: for a time-out alone the
// call's timeout_ms is better. Use one where one deadline holds for several calls. Its constructor may throw
// std::system_error, as that of std::jthread does.
class timed_stop {
 public:
  template <class Rep, class Period>
  explicit timed_stop(std::chrono::duration<Rep, Period> after) {
    const auto after_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(after).count();
    const std::int64_t end_ns = interop_sessions_now_ns() + after_ns;
    timer_ = std::jthread([source = source_, end_ns](const std::stop_token& destroyed) mutable {
      std::mutex lock;
      std::condition_variable_any woken;
      std::unique_lock hold(lock);
      // The clock of leases runs on while the machine is suspended, and no wait does: look again each second.
      std::int64_t left_ns = end_ns - interop_sessions_now_ns();
      while (left_ns > 0 && !destroyed.stop_requested()) {
        woken.wait_for(hold, destroyed,
                       std::chrono::nanoseconds(left_ns < 1000000000 ? left_ns : 1000000000),
                       [] { return false; });
        left_ns = end_ns - interop_sessions_now_ns();
      }
      if (!destroyed.stop_requested()) {
        source.request_stop();
      }
    });
  }

  [[nodiscard]] std::stop_token token() const& noexcept { return source_.get_token(); }
  std::stop_token token() const&& = delete;  // its timer would be gone

 private:
  std::stop_source source_;
  std::jthread timer_;
};

INTEROP_SESSIONS_END
#endif
