// event_state: the events of one follower, and the one call that waits for the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "../event.hpp"
#include "ways.hpp"

INTEROP_SESSIONS_BEGIN
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
INTEROP_SESSIONS_END
