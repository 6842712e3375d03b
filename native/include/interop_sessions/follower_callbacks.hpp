// follower_callbacks: what a follower tells its host, and who keeps the callables alive.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "library.hpp"

INTEROP_SESSIONS_BEGIN

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

struct session_create_cb : std::enable_shared_from_this<session_create_cb> {
  library_ref library;
  std::function<void(const session&)> callback;
  std::shared_ptr<session_create_cb> next = {};  // of the same follower
};

// Everything that the library may call for one follower lives here, and until the library has promised to
// call no more: owners, views, calls in progress and an asynchronous close share it.
struct follower_state {
  library_ref library;
  std::uint64_t manager = 0;
  follower_callbacks callbacks;
  interop_sessions_follower handle{};
  const interop_sessions_lease* lease_word = nullptr;
  std::atomic<bool> closes_later{false};  // close_async was called, and its last callback frees
  std::mutex registered_lock;
  std::shared_ptr<session_create_cb> registered;

  void remember(std::shared_ptr<session_create_cb> added) {
    const std::lock_guard hold(registered_lock);
    added->next = std::move(registered);
    registered = std::move(added);
  }

  // Answers it, so that what it holds is freed without the lock.
  std::shared_ptr<session_create_cb> forget(const session_create_cb* removed) {
    const std::lock_guard hold(registered_lock);
    std::shared_ptr<session_create_cb> found;
    for (auto* each = &registered; *each != nullptr; each = &(*each)->next) {
      if (each->get() == removed) {
        found = std::move(*each);
        *each = std::move(found->next);
        break;
      }
    }
    return found;
  }

  // The library has promised to call no more: what the callables hold goes now, not with the owner.
  void release_callbacks() {
    follower_callbacks released;
    std::shared_ptr<session_create_cb> released_too;
    const std::lock_guard hold(registered_lock);
    std::swap(released, callbacks);
    released_too.swap(registered);
  }

  // Runs code(callbacks) for the library.
  template <class Code>
  static void run(void* user_data, const char* name, Code&& code) noexcept {
    const callback_scope scope;
    const auto& self = *static_cast<const follower_state*>(user_data);
    run_guarded(self.library->options, name, [&] { code(self.callbacks); });
  }
};

inline void tell_session_created(void* user_data, const interop_sessions_session_info* info,
                                 interop_sessions_verdict* verdict) noexcept {
  bool goes_on = false;
  follower_state::run(user_data, "session_created",
                      [&](const auto& to) { goes_on = to.session_created(to_cpp(*info)); });
  verdict->refuse = goes_on ? 0 : 1;
}

inline void tell_session_lost(void* user_data, const interop_sessions_session_info* info) noexcept {
  follower_state::run(user_data, "session_lost",
                      [&](const auto& to) { to.session_lost(to_cpp(*info)); });
}

inline void tell_state_changed(void* user_data,
                               const interop_sessions_session_info* info) noexcept {
  follower_state::run(user_data, "state_changed",
                      [&](const auto& to) { to.state_changed(to_cpp(*info)); });
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

}  // namespace detail
INTEROP_SESSIONS_END
