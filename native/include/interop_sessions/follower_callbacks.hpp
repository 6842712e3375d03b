// follower_callbacks: what a follower tells its host, and what keeps the callables alive.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "library.hpp"

INTEROP_SESSIONS_BEGIN

// Any callable may be empty. Thread: the follower's callback thread, one at a time, in order of the events.
struct follower_callbacks {
  // Step 5 of a create: negotiate capabilities, take the report window. A refusal, or false, gives the session
  // back, and the create ends REFUSED_BY_HOST, with the reason in its message; so does an exception.
  std::function<verdict(const session&)> session_created = {};

  // The session is gone for good: stop serving now, and return when no effect of the session can follow.
  // Called exactly once for each session that got as far as session_created, and complete before the
  // session_created of the next session.
  std::function<void(const session&)> session_lost = {};

  // Between ALIVE, SUSPECT and JEOPARDY; or, in the same state, the identity is drained, no longer is, or is for
  // another reason (session::is, drain_reason). A hint for control planes: the data path asks its lease.
  std::function<void(const session&)> state_changed = {};
};

namespace detail {

// What owners, views and calls in progress of one follower share.
struct follower_state {
  struct nothing {};

  library_ref library;
  interop_sessions_follower handle{};
  const interop_sessions_lease* lease_word = nullptr;
  const void* held = nullptr;  // the follower's callables

  // Does the calling thread run a callback of the follower? A completion that is waited for there never
  // comes.
  [[nodiscard]] bool runs_here() const noexcept {
    std::int32_t inside = 0;
    static_cast<void>(status_of(library->functions.follower_in_callback, handle, &inside));
    return inside != 0;
  }

  // Held while a completion runs; the library itself knows where that is.
  [[nodiscard]] static nothing running() noexcept { return {}; }
};

// Callables of a follower, which the C library keeps until its last call, and the functions that call them.
template <class Callables>
struct callbacks_of {
  library_ref library;
  Callables callables;

  // The C library owns the object that is given to it here.
  static interop_sessions_follower_callbacks table(library_ref library, Callables given) {
    auto* const held = new callbacks_of{std::move(library), std::move(given)};
    const Callables& to = held->callables;
    return {.struct_size = sizeof(interop_sessions_follower_callbacks),
            .reserved = 0,
            .user_data = held,
            .session_created = to.session_created ? &session_created : nullptr,
            .session_lost = to.session_lost ? &session_lost : nullptr,
            .state_changed = to.state_changed ? &state_changed : nullptr,
            .release = &release<callbacks_of>};
  }

  // The only callable there is, of a session-create callback.
  static void session_create_cb(void* user_data,
                                const interop_sessions_session_info* info) noexcept {
    run(user_data, "session_create_cb", [&](const Callables& to) { to(to_cpp(*info)); });
  }

 private:
  // Runs code(callables) for the library. False: it threw.
  template <class Code>
  static bool run(void* user_data, const char* name, Code&& code) noexcept {
    const callback_scope scope;
    const auto& self = *static_cast<const callbacks_of*>(user_data);
    return run_guarded(self.library->options, name, [&] { code(self.callables); });
  }

  static void session_created(void* user_data, const interop_sessions_session_info* info,
                              interop_sessions_verdict* verdict) noexcept {
    const bool ran = run(user_data, "session_created", [&](const Callables& to) {
      tell(to.session_created(to_cpp(*info)), verdict);
    });
    if (!ran) {
      refuse("session_created failed", verdict);
    }
  }

  static void session_lost(void* user_data, const interop_sessions_session_info* info,
                           const interop_sessions_session_end* end) noexcept {
    run(user_data, "session_lost", [&](const Callables& to) {
      session lost = to_cpp(*info);
      lost.end_text = view(end->text);
      to.session_lost(lost);
    });
  }

  static void state_changed(void* user_data, const interop_sessions_session_info* info) noexcept {
    run(user_data, "state_changed", [&](const Callables& to) { to.state_changed(to_cpp(*info)); });
  }
};

}  // namespace detail
INTEROP_SESSIONS_END
