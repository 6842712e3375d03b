// event_queue: what a follower's callbacks tell, for code that takes the events when it is ready.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "call.hpp"

INTEROP_SESSIONS_BEGIN

enum class event_kind {
  created,        // session_created has accepted; ALIVE with the state_changed that follows
  state_changed,  // between ALIVE, SUSPECT and JEOPARDY
  lost            // session_lost has returned: the host has stopped
};

struct event {
  event_kind kind = event_kind::created;
  interop::sessions::session session = {};
  std::uint64_t missed = 0;  // events before this one that found the queue full and are gone
};

namespace detail {

template <class Event>
class events_state;
using event_state = events_state<event>;

// A waiter for the next event: the thread that takes the waiter out of the queue calls its receiver, once.
struct event_waiter {
  std::function<void(result<event>)> receiver;
  std::weak_ptr<event_state> queue;
  stop_link stop;

  // The waiter no longer wants the event, and is told nothing.
  template <class Queue = event_state>
  void cancel() {
    const std::shared_ptr<Queue> from = queue.lock();
    if (from != nullptr && from->give_up(*this)) {
      receiver = nullptr;
    }
  }
};

// A template, as functions of these headers are that need no other argument: a file that does not call them
// does not pay for their compilation.
template <class event>
class events_state {
 public:
  explicit events_state(std::size_t capacity) : capacity_(capacity) {}

  void push(event_kind kind, const session& session) {
    std::unique_lock hold(lock_);
    if (const auto waiter = std::exchange(waiting_, nullptr)) {
      hold.unlock();
      tell(*waiter, event{kind, session});
    } else {
      if (queued_.size() >= capacity_) {
        queued_.pop_front();
        ++missed_;
      }
      queued_.push_back({kind, session});
    }
  }

  // No callback can come from here on.
  void end() {
    std::unique_lock hold(lock_);
    ended_ = true;
    if (const auto waiter = std::exchange(waiting_, nullptr)) {
      hold.unlock();
      tell(*waiter, over());
    }
  }

  // What can be said without waiting.
  std::optional<result<event>> try_take() {
    const std::lock_guard hold(lock_);
    return take_now();
  }

  // What can be said now is told on this thread.
  result<void> wait(const std::shared_ptr<event_waiter>& waiter) {
    std::unique_lock hold(lock_);
    if (auto now = take_now()) {
      hold.unlock();
      tell(*waiter, *std::move(now));
    } else if (waiting_ != nullptr) {
      return failed(INTEROP_SESSIONS_INVALID_ARGUMENT, "INVALID_ARGUMENT",
                    "the event queue has a receiver that waits already");
    } else {
      waiting_ = waiter;
    }
    return {};
  }

  bool give_up(const event_waiter& waiter) {
    const std::lock_guard hold(lock_);
    const bool still_waits = waiting_.get() == &waiter;
    if (still_waits) {
      waiting_.reset();
    }
    return still_waits;
  }

  // A receiver may hold its waiter, so the waiter goes before the receiver runs.
  static void tell(event_waiter& waiter, result<event> outcome) {
    std::exchange(waiter.receiver, nullptr)(std::move(outcome));
  }

 private:
  static failure over() {
    return failed(INTEROP_SESSIONS_CANCELLED, "CANCELLED", "the follower is closed");
  }

  std::optional<result<event>> take_now() {
    if (!queued_.empty()) {
      event first = std::move(queued_.front());
      queued_.pop_front();
      first.missed = std::exchange(missed_, 0);
      return result<event>(std::move(first));
    }
    if (ended_) {
      return result<event>(over());
    }
    return std::nullopt;
  }

  const std::size_t capacity_;
  std::mutex lock_;
  std::deque<event> queued_;
  std::shared_ptr<event_waiter> waiting_;
  std::uint64_t missed_ = 0;
  bool ended_ = false;
};

// The wait for an event as a call, for every way to wait.
template <class event>
class event_call {
 public:
  using type = event;
  using link = event_waiter;

  event_call(std::shared_ptr<events_state<event>> queue, const stop_token& stop)
      : queue_(std::move(queue)), stop_(stop) {}

  std::optional<result<event>> try_now() const {
    return stop_.stop_requested() ? result<event>(stopped()) : queue_->try_take();
  }

  std::shared_ptr<event_waiter> make_link() const {
    auto made = std::make_shared<event_waiter>();
    made->queue = queue_;
    return made;
  }

  result<event> block() const { return wait_for(*this); }

  template <class Receiver>
  result<void> begin(Receiver receiver, const std::shared_ptr<event_waiter>& waiter) const {
    if (stop_.stop_requested()) {
      return stopped();
    }
    const stop_token stop = stop_;
    waiter->receiver = std::move(receiver);
    auto begun = queue_->wait(waiter);
    if (!begun) {
      waiter->receiver = nullptr;
    } else if (stop.stop_possible()) {
      // Weak, or the callback would keep itself registered at the token.
      waiter->stop.follow(stop, [weak = std::weak_ptr(waiter)] {
        const auto here = weak.lock();
        const std::shared_ptr<events_state<event>> from =
            here != nullptr ? here->queue.lock() : nullptr;
        if (from != nullptr && from->give_up(*here)) {
          events_state<event>::tell(*here, stopped());
        }
      });
    }
    return begun;
  }

 private:
  std::shared_ptr<events_state<event>> queue_;
  stop_token stop_;
};

}  // namespace detail

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
                  const bool accepted = !first || first(created);
                  if (accepted) {
                    source->push(event_kind::created, created);
                  }
                  return accepted;
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
