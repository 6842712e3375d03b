// event_queue: what a follower's callbacks tell, for code that takes the events when it is ready.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "detail/event_state.hpp"
#include "follower_callbacks.hpp"

INTEROP_SESSIONS_BEGIN

// The one call of an event queue; `Way` as that of follower_calls.
template <class Way>
class event_calls {
 public:
  event_calls(std::shared_ptr<detail::event_state> state, Way way) noexcept
      : state_(std::move(state)), way_(std::move(way)) {}

  // event: the next one; CANCELLED when the follower is closed or a stop was requested. A completion runs
  // at once on this thread if there is something to say, else on the callback thread or that of the stop.
  // One call waits at a time: a second call is answered INVALID_ARGUMENT. Do not block in a callback of the
  // follower: the event would have to come on that thread.
  [[nodiscard]] auto next(const stop_token& stop = {}) const {
    return detail::wait_as(detail::event_call<event>(state_, stop), way_);
  }
  template <class How>
  [[nodiscard]] auto next(const stop_token& stop, How how) const {
    return detail::wait_as(detail::event_call<event>(state_, stop), std::move(how));
  }

 protected:
  std::shared_ptr<detail::event_state> state_;

 private:
  Way way_;
};

// The events of one follower, in order, each taken once. A reader that falls behind by more than
// `capacity` loses the oldest, and is told how many: what must not be missed belongs into the
// callbacks, as does stopping, for which the library waits there and not here. Copies share one queue.
class event_queue : public event_calls<blocking> {
 public:
  template <class State = detail::event_state>
  explicit event_queue(std::size_t capacity = 1024)
      : event_calls(std::make_shared<State>(capacity), blocking()) {}

  // The callbacks to create the follower with, once: `own` runs first, then the event is queued. When the
  // callbacks are freed, at the follower's close or destruction, the queue ends after the events that it
  // still holds.
  template <class State = detail::event_state>
  [[nodiscard]] follower_callbacks callbacks(follower_callbacks own = {}) const {
    // This guard lives in the callables of the follower: when those go, the queue ends.
    const std::shared_ptr<State> state = state_;
    const std::shared_ptr<State> source(state.get(), [state](State*) { state->end(); });
    const auto queued = [source](event_kind kind, std::function<void(const session&)> first) {
      return [source, kind, first = std::move(first)](const session& told) {
        if (first) {
          first(told);
        }
        source->push(kind, told);
      };
    };
    return {.session_created =
                [source, first = std::move(own.session_created)](const session& created) {
                  verdict said = first ? first(created) : verdict::accept();
                  if (!said.refusal) {
                    source->push(event_kind::created, created);
                  }
                  return said;
                },
            .session_lost = queued(event_kind::lost, std::move(own.session_lost)),
            .state_changed = queued(event_kind::state_changed, std::move(own.state_changed))};
  }

  // The next event or the end if either is there already.
  template <class Event = event>
  [[nodiscard]] std::optional<result<Event>> try_next() const {
    const std::shared_ptr<detail::events_state<Event>> queue = state_;
    return queue->try_take();
  }

  // The state that views share.
  [[nodiscard]] const std::shared_ptr<detail::event_state>& shared_state() const noexcept {
    return state_;
  }
};

INTEROP_SESSIONS_END
