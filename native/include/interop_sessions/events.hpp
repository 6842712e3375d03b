// event_queue: what a follower's callbacks tell, for code that wants to take it when it is ready.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "completion.hpp"
#include "follower_callbacks.hpp"

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {

enum class event_kind {
  created,  // session_created has accepted it; it is ALIVE with the state_changed that follows
  state_changed,  // between ALIVE, SUSPECT and JEOPARDY
  lost            // session_lost has returned: the host has stopped
};

struct event {
  event_kind kind = event_kind::created;
  interop::sessions::session session = {};
  std::uint64_t missed = 0;  // events before this one that found the queue full and are gone
};

namespace detail {

struct event_waiter {
  std::function<void(result<event>)> receiver;
  stop_link stop;
};

class event_state {
 public:
  explicit event_state(std::size_t capacity) : capacity_(capacity) {}

  void push(event_kind kind, const session& session) {
    std::shared_ptr<event_waiter> waiter;
    {
      const std::lock_guard hold(lock_);
      waiter = std::exchange(waiting_, nullptr);
      if (waiter == nullptr) {
        if (queued_.size() >= capacity_) {
          queued_.pop_front();
          ++missed_;
        }
        queued_.push_back({kind, session});
        return;
      }
    }
    waiter->receiver(event{kind, session});
  }

  // No callback can come any more.
  void end() {
    std::shared_ptr<event_waiter> waiter;
    {
      const std::lock_guard hold(lock_);
      ended_ = true;
      waiter = std::exchange(waiting_, nullptr);
    }
    if (waiter != nullptr) {
      waiter->receiver(over());
    }
  }

  // What can be said without waiting.
  std::optional<result<event>> try_take() {
    const std::lock_guard hold(lock_);
    return take_now();
  }

  static void receive(const std::shared_ptr<event_state>& state,
                      std::function<void(result<event>)> receiver, const std::stop_token& stop) {
    const auto waiter = std::make_shared<event_waiter>();
    waiter->receiver = std::move(receiver);
    if (auto now = state->take_or_wait(waiter)) {
      waiter->receiver(*std::move(now));
    } else if (stop.stop_possible()) {
      // Weak, or the callback would keep itself at the token.
      waiter->stop.on_stop.emplace(
          stop, [weak_state = std::weak_ptr(state), weak_waiter = std::weak_ptr(waiter)] {
            const auto stopped = weak_waiter.lock();
            const auto from = weak_state.lock();
            if (stopped != nullptr && from != nullptr && from->give_up(stopped)) {
              stopped->receiver(cancelled("a stop was requested"));
            }
          });
    }
  }

 private:
  static failure over() { return cancelled("the follower is closed"); }

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

  std::optional<result<event>> take_or_wait(const std::shared_ptr<event_waiter>& waiter) {
    const std::lock_guard hold(lock_);
    auto now = take_now();
    if (!now && waiting_ != nullptr) {
      return result<event>(failure(error{INTEROP_SESSIONS_INVALID_ARGUMENT, "INVALID_ARGUMENT",
                                         "the event queue has a receiver that waits already"}));
    }
    if (!now) {
      waiting_ = waiter;
    }
    return now;
  }

  bool give_up(const std::shared_ptr<event_waiter>& waiter) {
    const std::lock_guard hold(lock_);
    const bool still_waits = waiting_ == waiter;
    if (still_waits) {
      waiting_.reset();
    }
    return still_waits;
  }

  const std::size_t capacity_;
  std::mutex lock_;
  std::deque<event> queued_;
  std::shared_ptr<event_waiter> waiting_;
  std::uint64_t missed_ = 0;
  bool ended_ = false;
};

// Lives in the callables of the follower: when those go, the queue ends.
struct event_source {
  explicit event_source(std::shared_ptr<event_state> to) : state(std::move(to)) {}
  event_source(const event_source&) = delete;
  event_source& operator=(const event_source&) = delete;
  ~event_source() { state->end(); }

  std::shared_ptr<event_state> state;
};

}  // namespace detail

// The events of one follower, in order, each taken once. A reader that falls behind by more than
// `capacity` loses the oldest, and is told how many: what must not be missed belongs into the
// callbacks, as does stopping, for which the library waits there and not here. Copies share one queue.
class event_queue {
 public:
  explicit event_queue(std::size_t capacity = 1024)
      : state_(std::make_shared<detail::event_state>(capacity)) {}

  // What to create the follower with, once: `own` runs first, then the event is queued. When they are
  // freed, at the follower's close or destruction, the queue ends after what it still holds.
  [[nodiscard]] follower_callbacks callbacks(follower_callbacks own = {}) const {
    const auto source = std::make_shared<detail::event_source>(state_);
    return {.session_created =
                [source, own = std::move(own.session_created)](const session& created) {
                  const bool accepted = !own || own(created);
                  if (accepted) {
                    source->state->push(event_kind::created, created);
                  }
                  return accepted;
                },
            .session_lost =
                [source, own = std::move(own.session_lost)](const session& lost) {
                  if (own) {
                    own(lost);
                  }
                  source->state->push(event_kind::lost, lost);
                },
            .state_changed =
                [source, own = std::move(own.state_changed)](const session& now) {
                  if (own) {
                    own(now);
                  }
                  source->state->push(event_kind::state_changed, now);
                }};
  }

  // receiver(result<event>) is called once: with the next event, or CANCELLED when the follower is
  // closed or a stop was requested. At once on this thread if there is something to say, else on the
  // callback thread or that of the stop. One at a time: a second one is answered INVALID_ARGUMENT.
  template <class Receiver>
  void receive(Receiver receiver, const std::stop_token& stop = {}) const {
    detail::event_state::receive(state_, std::move(receiver), stop);
  }

  // Blocks until then. Not from a callback of the follower: the event would have to come there.
  [[nodiscard]] result<event> wait(const std::stop_token& stop = {}) const {
    detail::rendezvous<event> next;
    receive([&next](result<event> outcome) { next.put(std::move(outcome)); }, stop);
    return next.take();
  }

  [[nodiscard]] std::future<result<event>> next_future(const std::stop_token& stop = {}) const {
    auto promise = std::make_shared<std::promise<result<event>>>();
    receive([promise](result<event> outcome) { promise->set_value(std::move(outcome)); }, stop);
    return promise->get_future();
  }

  // The next event or the end if either is there already.
  [[nodiscard]] std::optional<result<event>> try_next() const { return state_->try_take(); }

 private:
  std::shared_ptr<detail::event_state> state_;
};

}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
