// registration and operation: the owners of a registered callback and of a call in progress.
#pragma once

#include <memory>
#include <utility>

#include "follower_callbacks.hpp"

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {

// A session-create callback stays registered as long as this object lives, or its follower.
class registration {
 public:
  registration(registration&&) noexcept = default;
  registration& operator=(registration&& other) noexcept {
    registration replaced(std::move(*this));
    follower_ = std::move(other.follower_);
    callback_ = other.callback_;
    handle_ = other.handle_;
    return *this;
  }
  ~registration() { static_cast<void>(unregister()); }

  // Waits for a run in progress, but not inside a callback of the same follower. INVALID_HANDLE
  // after the follower was closed, and the second time.
  result<void> unregister() {
    const auto follower = std::exchange(follower_, {}).lock();
    if (follower == nullptr) {
      return failure(
          error{INTEROP_SESSIONS_INVALID_HANDLE, "INVALID_HANDLE",
                "registration: the follower is closed, or this was unregistered before"});
    }
    const api& functions = follower->library->functions;
    auto outcome = detail::call(functions, functions.follower_unregister_session_create_cb,
                                follower->handle, handle_);
    if (outcome) {
      follower->forget(callback_);
    }
    return outcome;
  }

 private:
  friend class follower;

  registration(const std::shared_ptr<detail::follower_state>& follower,
               const detail::session_create_cb* callback,
               interop_sessions_registration handle) noexcept
      : follower_(follower), callback_(callback), handle_(handle) {}

  std::weak_ptr<detail::follower_state> follower_;
  const detail::session_create_cb* callback_;
  interop_sessions_registration handle_;
};

// An asynchronous call in progress. Destroying it cancels, as std::jthread stops its thread, but does
// not wait; the completion still comes, once. detach() lets the call run on.
class operation {
 public:
  operation(operation&&) noexcept = default;
  operation& operator=(operation&& other) noexcept {
    operation replaced(std::move(*this));
    library_ = std::move(other.library_);
    handle_ = other.handle_;
    return *this;
  }
  ~operation() {
    if (library_ != nullptr) {
      static_cast<void>(cancel());
    }
  }

  // Asks the call to end early with CANCELLED. INVALID_HANDLE once its completion has returned.
  result<void> cancel() {
    return detail::call(library_->functions, library_->functions.operation_cancel, handle_);
  }

  void detach() noexcept { library_.reset(); }

  [[nodiscard]] interop_sessions_operation handle() const noexcept { return handle_; }

 private:
  friend class detail::follower_calls;

  operation(detail::library_ref library, interop_sessions_operation handle) noexcept
      : library_(std::move(library)), handle_(handle) {}

  detail::library_ref library_;
  interop_sessions_operation handle_;
};

}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
