#pragma once

#include <functional>
#include <interop_sessions/interop_sessions.hpp>
#include <string>
#include <string_view>

#include "support/history.h"
#include "support/must.h"

namespace interop::sessions::tests {

/// One run of a follower's callback.
struct FollowerEvent {
  std::string what;  // "created", "state ALIVE", "lost EXPIRED"
  session info;
  std::int64_t at_ns = 0;
};

/// What a test wants done inside the callbacks, after they are noted.
struct CallbackScript {
  std::function<verdict(const session&)> created = [](const session&) { return true; };
  std::function<void(const session&)> lost = [](const session&) {};
  std::function<void(const session&)> state_changed = [](const session&) {};
};

/// A follower that notes all that it is told.
class WatchedFollower {
 public:
  WatchedFollower(follower_manager& manager, std::string_view identity, CallbackScript script = {})
      : script_(std::move(script)),
        follower_(Must(manager.create_follower(identity, Callbacks()))) {}
  WatchedFollower(const WatchedFollower&) = delete;
  WatchedFollower& operator=(const WatchedFollower&) = delete;

  follower* operator->() { return &follower_; }
  follower& operator*() { return follower_; }

  History<FollowerEvent> events;

  session Create(const server_description& description = {}) {
    return Must(follower_.create_session(description, PatienceMs()));
  }

  bool WaitFor(const std::string& what, std::uint64_t epoch, size_t times = 1) const {
    return events.Wait(
        [&](const FollowerEvent& event) { return event.what == what && event.info.epoch == epoch; },
        times);
  }

  size_t CountOf(const std::string& what) const {
    return events.Count([&](const FollowerEvent& event) { return event.what == what; });
  }

 private:
  follower_callbacks Callbacks() {
    return {.session_created =
                [this](const session& info) {
                  Note("created", info);
                  return script_.created(info);
                },
            .session_lost =
                [this](const session& info) {
                  Note("lost " + to_string(info.end_reason), info);
                  script_.lost(info);
                },
            .state_changed =
                [this](const session& info) {
                  Note("state " + to_string(info.state), info);
                  script_.state_changed(info);
                }};
  }

  void Note(const std::string& what, const session& info) {
    events.Add({what, info, interop_sessions_now_ns()});
  }

  CallbackScript script_;
  follower follower_;
};

}  // namespace interop::sessions::tests
