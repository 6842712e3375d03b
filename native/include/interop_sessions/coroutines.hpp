// resume_on and with_coroutines: calls whose end is awaited by a coroutine.
//
//   const auto server = with_coroutines(follower, [&pool](std::coroutine_handle<> ready) { pool.post(ready); });
//   const result<session> held = co_await server.create_session(description, stop);
//
// An executor is any copyable function object that takes a std::coroutine_handle<>, itself a callable,
// and sees to it that the handle is called once: posts it to a thread pool, an event loop, asio. The
// coroutine goes on where the executor says, and never on the thread that the library calls back on unless
// resume_inline asks for that. An executor must not drop a handle that it was given: the coroutine would
// never end. An executor that throws has not taken the handle; the coroutine then goes on on the library's
// thread. An exception that leaves the coroutine when it is resumed ends the process: no code there could
// catch it.
//
// A coroutine that waits may be destroyed at any time, as frameworks do that cancel in that way, but not
// while another thread may be resuming it. The call is then cancelled, and the handle that the executor was
// given does nothing.
#pragma once

#include <atomic>
#include <concepts>
#include <coroutine>
#include <memory>
#include <optional>
#include <utility>

#include "events.hpp"
#include "follower.hpp"

INTEROP_SESSIONS_BEGIN

template <class Executor>
concept coroutine_executor =
    std::copy_constructible<Executor> && std::invocable<Executor&, std::coroutine_handle<>>;

// The coroutine goes on inside the library's callback: for a few instructions that do not block.
struct resume_inline {
  void operator()(std::coroutine_handle<> ready) const { ready.resume(); }
};

namespace detail {

// What a waiting coroutine shares with the completion that it waits for, whichever of the two goes first.
template <class Call>
struct awaited {
  std::optional<result<typename Call::type>> outcome;
  std::shared_ptr<typename Call::link> link;
  std::atomic<void*> waiting{nullptr};

  std::coroutine_handle<> take() noexcept {
    return std::coroutine_handle<>::from_address(waiting.exchange(nullptr));
  }
};

// An executor gets a coroutine of its own, which lets the waiting coroutine go on if that still waits.
struct resumption {
  struct promise_type {
    resumption get_return_object() noexcept {
      return {std::coroutine_handle<promise_type>::from_promise(*this)};
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };
  std::coroutine_handle<> handle;
};

template <class Call>
resumption go_on(std::shared_ptr<awaited<Call>> state) {
  if (const auto waiting = state->take()) {
    waiting.resume();
  }
  co_return;
}

template <class Call, class Executor>
class call_awaiter {
 public:
  call_awaiter(Call call, Executor executor)
      : call_(std::move(call)), executor_(std::move(executor)) {}
  call_awaiter(const call_awaiter&) = delete;
  call_awaiter& operator=(const call_awaiter&) = delete;
  ~call_awaiter() {
    if (state_->take() && state_->link != nullptr) {
      state_->link->cancel();
    }
  }

  [[nodiscard]] bool await_ready() {
    state_->outcome = call_.try_now();
    return state_->outcome.has_value();
  }

  // Once the call has begun, another thread may resume and destroy the coroutine, and this awaiter with
  // it: all that is needed after that is on this stack. Not inlined, or clang would put it into the
  // coroutine's frame after all (https://github.com/llvm/llvm-project/issues/56301).
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<> waiting) {
    const Call call(std::move(call_));
    const auto state = state_;
    state->link = call.make_link();
    state->waiting = waiting.address();
    auto begun = begin_detached(
        call,
        [state, executor = executor_](result<typename Call::type> ended) mutable {
          state->outcome.emplace(std::move(ended));
          const auto ready = go_on(std::move(state)).handle;
          try_to([&] { executor(ready); }, [&] { ready.resume(); });
        },
        state->link);
    if (!begun) {
      state->take();
      state->outcome.emplace(failure(std::move(begun).error()));
    }
    return begun.has_value();
  }

  result<typename Call::type> await_resume() { return *std::move(state_->outcome); }

 private:
  Call call_;
  Executor executor_;
  std::shared_ptr<awaited<Call>> state_ = std::make_shared<awaited<Call>>();
};

// A call that begins when it is awaited, in the expression that makes it: the call holds views of its
// arguments.
template <class Call, class Executor>
class [[nodiscard("co_await it")]] awaitable {
 public:
  awaitable(Call call, Executor executor)
      : call_(std::move(call)), executor_(std::move(executor)) {}

  call_awaiter<Call, Executor> operator co_await()&& {
    return {std::move(call_), std::move(executor_)};
  }

 private:
  Call call_;
  Executor executor_;
};

}  // namespace detail

// Stands last in a call that is awaited: `co_await server.get_item(epoch, "rack", stop, resume_on(pool))`.
template <coroutine_executor Executor>
class resume_on : public detail::way {
 public:
  explicit resume_on(Executor executor) : executor_(std::move(executor)) {}

  template <class Call>
  detail::awaitable<Call, Executor> operator()(Call call) const {
    return {std::move(call), executor_};
  }

 private:
  Executor executor_;
};

template <class Executor>
using coroutine_follower = follower_calls<resume_on<Executor>>;
template <class Executor>
using event_stream = event_calls<resume_on<Executor>>;

template <coroutine_executor Executor>
[[nodiscard]] coroutine_follower<Executor> with_coroutines(const follower& follower,
                                                           Executor executor) {
  return {follower.shared_state(), resume_on<Executor>(std::move(executor))};
}

// `while (auto next = co_await events.next(stop)) {...}`
template <coroutine_executor Executor>
[[nodiscard]] event_stream<Executor> with_coroutines(const event_queue& events, Executor executor) {
  return {events.shared_state(), resume_on<Executor>(std::move(executor))};
}

INTEROP_SESSIONS_END
