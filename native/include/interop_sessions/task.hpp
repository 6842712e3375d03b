// task: a coroutine type for programs that have none of their own. coroutines.hpp does not need it: its
// awaitables work in any coroutine that lets them through.
#pragma once

#include <condition_variable>
#include <coroutine>
#include <exception>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include "result.hpp"

INTEROP_SESSIONS_BEGIN

template <class T = void>
class task;

namespace detail {

// Goes on with the coroutine that awaits the task.
struct task_end {
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
    return ended.promise().continuation;
  }
  void await_resume() const noexcept {}
};

struct task_promise_base {
  std::coroutine_handle<> continuation = std::noop_coroutine();
  std::exception_ptr thrown;

  std::suspend_always initial_suspend() const noexcept { return {}; }
  task_end final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { thrown = std::current_exception(); }
};

template <class T>
struct task_promise : task_promise_base {
  std::optional<T> value;

  task<T> get_return_object() noexcept;
  void return_value(T returned) { value.emplace(std::move(returned)); }
  T take() {
    if (thrown) {
      std::rethrow_exception(thrown);
    }
    return *std::move(value);
  }
};

template <>
struct task_promise<void> : task_promise_base {
  task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const {
    if (thrown) {
      std::rethrow_exception(thrown);
    }
  }
};

// A coroutine that nobody awaits; it frees itself at its end.
struct detached_task {
  struct promise_type {
    detached_task get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };
};

class task_signal {
 public:
  void set() {
    const std::lock_guard hold(lock_);
    set_ = true;
    changed_.notify_one();
  }
  void wait() {
    std::unique_lock hold(lock_);
    changed_.wait(hold, [this] { return set_; });
  }

 private:
  std::mutex lock_;
  std::condition_variable changed_;
  bool set_ = false;
};

}  // namespace detail

// A task begins when it is awaited, and is awaited once. The task owns its coroutine: destroying the task
// frees the coroutine, which is allowed whenever that does not run: before it begins, after it ends, and
// while it waits.
template <class T>
class [[nodiscard]] task {
 public:
  using promise_type = detail::task_promise<T>;

  task(task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  task& operator=(task other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~task() {
    if (coroutine_) {
      coroutine_.destroy();
    }
  }

  // Waits until the task has ended; take() answers how.
  struct end {
    std::coroutine_handle<promise_type> coroutine;

    [[nodiscard]] bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiting) const noexcept {
      coroutine.promise().continuation = waiting;
      return coroutine;
    }
    void await_resume() const noexcept {}
    T take() const { return coroutine.promise().take(); }
  };
  struct value : end {
    T await_resume() const { return end::take(); }
  };
  value operator co_await() const noexcept { return {{coroutine_}}; }
  end ended() const noexcept { return {coroutine_}; }

 private:
  friend promise_type;
  explicit task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}

  std::coroutine_handle<promise_type> coroutine_;
};

namespace detail {

template <class T>
task<T> task_promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<task_promise>::from_promise(*this));
}

inline task<void> task_promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<task_promise>::from_promise(*this));
}

template <class End>
detached_task run_and_signal(End end, task_signal& ended) {
  co_await end;
  ended.set();
}

inline detached_task run_detached(task<void> work) { co_await work; }

}  // namespace detail

// Runs a task to its end, beginning on this thread, and blocks until then. An exception that leaves the
// task leaves it here.
template <class T>
T sync_wait(task<T> work) {
  detail::task_signal ended;
  detail::run_and_signal(work.ended(), ended);
  ended.wait();
  return work.ended().take();
}

// Begins a task on this thread and does not wait for it. An exception that leaves it terminates.
inline void start_detached(task<void> work) { detail::run_detached(std::move(work)); }

INTEROP_SESSIONS_END
