// call: a call that goes to the master, and the ways to wait for it. A follower, a master and an event queue
// have each call once; its last arguments say how long it may take, what stops it, and how its end is told.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "follower_callbacks.hpp"

INTEROP_SESSIONS_BEGIN

// `500`, `stop`, `{stop, 500}`. A stop ends the call at once with CANCELLED; what the call asked of the
// master may or may not have been done. A stop that was requested before the call means that nothing is sent.
struct call_options {
  call_options() = default;
  call_options(std::uint32_t timeout) noexcept : timeout_ms(timeout) {}
  call_options(stop_token reason, std::uint32_t timeout = 0) noexcept
      : timeout_ms(timeout), stop(std::move(reason)) {}

  std::uint32_t timeout_ms = 0;  // 0: the default that the C header states
  stop_token stop = {};
  std::int64_t deadline_ns = 0;        // CLOCK_BOOTTIME; 0: none
  std::string_view trace_parent = {};  // of W3C Trace Context; copied when the call begins
};

namespace detail {

// A way to wait is a function object that takes a call which has not begun. Anything else that stands in
// its place is a completion.
struct way {};

// What an operation, and a coroutine that waits, know of a call in progress.
struct call_link {
  library_ref library;
  interop_sessions_operation handle{};
  std::atomic<bool> ended{false};

  void cancel() const noexcept {
    if (!ended) {
      static_cast<void>(status_of(library->functions.operation_cancel, handle));
    }
  }
};

}  // namespace detail

// An operation is the answer of what begins a call whose end is a completion. Destroying the operation
// cancels the call, as std::jthread stops its thread, but does not wait; the completion still comes, once.
// detach() lets the call run on.
class operation {
 public:
  explicit operation(std::shared_ptr<detail::call_link> link) noexcept : link_(std::move(link)) {}
  operation(operation&&) noexcept = default;
  operation& operator=(operation other) noexcept {
    link_.swap(other.link_);
    return *this;
  }
  ~operation() {
    if (link_ != nullptr) {
      link_->cancel();
    }
  }

  // Asks the call to end early with CANCELLED. INVALID_HANDLE once the call's completion has returned.
  template <class = void>
  [[nodiscard]] result<void> cancel() {
    const api& functions = link_->library->functions;
    return detail::call(functions, functions.operation_cancel, link_->handle);
  }

  // Waits until the completion has returned, what it holds is freed and there is room for another call;
  // success too where that was before. TIMED_OUT: the call goes on. 0: a minute. IN_CALLBACK, while the call
  // is not over, from a callback of the same follower, or from a completion of the same master. Not after
  // detach().
  template <class = void>
  [[nodiscard]] result<void> wait(std::uint32_t timeout_ms = 0) const {
    // The completion may free the owner of this operation.
    const std::shared_ptr<detail::call_link> link = link_;
    const api& functions = link->library->functions;
    return detail::call(functions, functions.operation_wait, link->handle, timeout_ms);
  }

  void detach() noexcept { link_.reset(); }

  [[nodiscard]] interop_sessions_operation handle() const noexcept { return link_->handle; }

 private:
  std::shared_ptr<detail::call_link> link_;
};

// The plain way: the calling thread waits.
struct blocking : detail::way {
  template <class Call>
  result<typename Call::type> operator()(const Call& call) const {
    return call.block();
  }
};

INTEROP_SESSIONS_END
