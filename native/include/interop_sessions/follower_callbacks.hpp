// follower_callbacks: what a follower tells its host, and who keeps the callables alive.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "library.hpp"

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {

// Any may be empty. Thread: the follower's callback thread, one at a time, in order of the events.
struct follower_callbacks {
  // Step 5 of a create: negotiate capabilities, take the report window. False gives the session
  // back, and the create ends REFUSED_BY_HOST; an exception does the same.
  std::function<bool(const session&)> session_created = {};

  // The session is gone for good: stop serving now, and return when no effect of it can follow any
  // more. Exactly once for each session that got as far as session_created, and complete before the
  // session_created of the next.
  std::function<void(const session&)> session_lost = {};

  // Between ALIVE, SUSPECT and JEOPARDY. A hint for control planes: the data path asks its lease.
  std::function<void(const session&)> state_changed = {};
};

namespace detail {

struct follower_state;
class follower_calls;

struct session_create_cb : std::enable_shared_from_this<session_create_cb> {
  library_ref library;
  std::function<void(const session&)> callback;
};

// Everything that the library may call for one follower lives here, and until the library has
// promised to call no more. So a registration that ends while an asynchronous close is running
// frees nothing that could still be in use.
struct follower_state {
  library_ref library;
  follower_callbacks callbacks;
  interop_sessions_follower handle{};
  const interop_sessions_lease* lease_word = nullptr;
  std::mutex registered_lock;
  std::vector<std::shared_ptr<session_create_cb>> registered;

  void remember(std::shared_ptr<session_create_cb> added) {
    const std::lock_guard hold(registered_lock);
    registered.push_back(std::move(added));
  }

  void forget(const session_create_cb* removed) {
    const std::lock_guard hold(registered_lock);
    std::erase_if(registered, [&](const auto& each) { return each.get() == removed; });
  }

  // The library has promised to call no more: what the callables hold goes now, not with the owner.
  void release_callbacks() {
    follower_callbacks released;
    {
      const std::lock_guard hold(registered_lock);
      released = std::exchange(callbacks, {});
    }
  }
};

inline void tell_session_created(void* user_data, const interop_sessions_session_info* info,
                                 interop_sessions_verdict* verdict) noexcept {
  const callback_scope scope;
  const auto& self = *static_cast<const follower_state*>(user_data);
  bool goes_on = false;
  run_guarded(self.library->options, "session_created",
              [&] { goes_on = self.callbacks.session_created(to_cpp(*info)); });
  verdict->refuse = goes_on ? 0 : 1;
}

inline void tell_session_lost(void* user_data, const interop_sessions_session_info* info) noexcept {
  const callback_scope scope;
  const auto& self = *static_cast<const follower_state*>(user_data);
  run_guarded(self.library->options, "session_lost",
              [&] { self.callbacks.session_lost(to_cpp(*info)); });
}

inline void tell_state_changed(void* user_data,
                               const interop_sessions_session_info* info) noexcept {
  const callback_scope scope;
  const auto& self = *static_cast<const follower_state*>(user_data);
  run_guarded(self.library->options, "state_changed",
              [&] { self.callbacks.state_changed(to_cpp(*info)); });
}

inline interop_sessions_follower_callbacks callbacks_of(follower_state& state) noexcept {
  const follower_callbacks& given = state.callbacks;
  return {.struct_size = sizeof(interop_sessions_follower_callbacks),
          .reserved = 0,
          .user_data = &state,
          .session_created = given.session_created ? &tell_session_created : nullptr,
          .session_lost = given.session_lost ? &tell_session_lost : nullptr,
          .state_changed = given.state_changed ? &tell_state_changed : nullptr};
}

inline void tell_session_create_cb(void* user_data,
                                   const interop_sessions_session_info* info) noexcept {
  const callback_scope scope;
  // The callback may end its own registration while it runs.
  const auto self = static_cast<session_create_cb*>(user_data)->shared_from_this();
  run_guarded(self->library->options, "session_create_cb", [&] { self->callback(to_cpp(*info)); });
}

// The end of an asynchronous close: the very last callback, so the callables are freed here.
template <class Closed>
struct close_completion {
  std::shared_ptr<follower_state> follower;
  Closed closed;

  static void run(void* user_data) noexcept {
    const callback_scope scope;
    const std::unique_ptr<close_completion> self(static_cast<close_completion*>(user_data));
    self->follower->release_callbacks();
    run_guarded(self->follower->library->options, "close_async", [&] { self->closed(); });
  }
};

}  // namespace detail
}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
