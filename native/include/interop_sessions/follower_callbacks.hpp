// follower_callbacks: what a follower tells its host, and who keeps the callables alive.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
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

struct session_create_cb {
  library_ref library;
  std::function<void(const session&)> callback;
};

// What owners, views and calls in progress of one follower share.
struct follower_state {
  library_ref library;
  interop_sessions_follower handle{};
  const interop_sessions_lease* lease_word = nullptr;
  const void* held = nullptr;  // its callables
};

// Its callables, which the C library has until it says that it calls no more.
struct callback_holder {
  library_ref library;
  follower_callbacks callbacks;

  // Runs code(callbacks) for the library.
  template <class Code>
  static void run(void* user_data, const char* name, Code&& code) noexcept {
    const callback_scope scope;
    const auto& self = *static_cast<const callback_holder*>(user_data);
    run_guarded(self.library->options, name, [&] { code(self.callbacks); });
  }
};

inline void tell_session_created(void* user_data, const interop_sessions_session_info* info,
                                 interop_sessions_verdict* verdict) noexcept {
  bool goes_on = false;
  callback_holder::run(user_data, "session_created",
                       [&](const auto& to) { goes_on = to.session_created(to_cpp(*info)); });
  verdict->refuse = goes_on ? 0 : 1;
}

inline void tell_session_lost(void* user_data, const interop_sessions_session_info* info,
                              const interop_sessions_session_end* end) noexcept {
  callback_holder::run(user_data, "session_lost", [&](const auto& to) {
    session lost = to_cpp(*info);
    lost.end_text = view(end->text);
    to.session_lost(lost);
  });
}

inline void tell_state_changed(void* user_data,
                               const interop_sessions_session_info* info) noexcept {
  callback_holder::run(user_data, "state_changed",
                       [&](const auto& to) { to.state_changed(to_cpp(*info)); });
}

// The C library owns what it is given here.
template <class = void>
interop_sessions_follower_callbacks callbacks_of(library_ref library, follower_callbacks given) {
  auto* const held = new callback_holder{std::move(library), std::move(given)};
  const follower_callbacks& to = held->callbacks;
  return {.struct_size = sizeof(interop_sessions_follower_callbacks),
          .reserved = 0,
          .user_data = held,
          .session_created = to.session_created ? &tell_session_created : nullptr,
          .session_lost = to.session_lost ? &tell_session_lost : nullptr,
          .state_changed = to.state_changed ? &tell_state_changed : nullptr,
          .release = &release<callback_holder>};
}

inline void tell_session_create_cb(void* user_data,
                                   const interop_sessions_session_info* info) noexcept {
  const callback_scope scope;
  const auto& self = *static_cast<const session_create_cb*>(user_data);
  run_guarded(self.library->options, "session_create_cb", [&] { self.callback(to_cpp(*info)); });
}

}  // namespace detail
INTEROP_SESSIONS_END
