// with_coroutines: the calls of a follower and its events for co_await.
//
//   auto server = with_coroutines(follower, [&pool](std::coroutine_handle<> ready) { pool.post(ready); });
//   const result<session> held = co_await server.create_session({.nfs_endpoint = "10.0.0.7:2049"}, stop);
//
// An executor is any copyable function object that takes a std::coroutine_handle<>, itself a callable,
// and sees to it that it is called once: posts it to a thread pool, an event loop, asio. The coroutine
// goes on where the executor says, and never on the thread that the library calls back on unless that is
// asked for, with resume_inline. An executor must not drop what it was given: the coroutine would never
// end. One that throws has not taken it; the coroutine then goes on on the library's thread.
#pragma once

#include <concepts>
#include <coroutine>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "events.hpp"
#include "follower.hpp"

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {

template <class Executor>
concept coroutine_executor =
    std::copy_constructible<Executor> && std::invocable<Executor&, std::coroutine_handle<>>;

// The coroutine goes on inside the library's callback: for a few instructions that do not block.
struct resume_inline {
  void operator()(std::coroutine_handle<> ready) const { ready.resume(); }
};

namespace detail {

template <class Executor>
void resume_on(Executor& executor, std::coroutine_handle<> ready) {
  try {
    executor(ready);
  } catch (...) {
    ready.resume();
  }
}

// What co_await waits for. Begin takes a completion, and answers whether the call has begun.
template <class T, class Begin, class Executor>
class [[nodiscard("co_await it")]] call_awaiter {
 public:
  call_awaiter(Begin begin, Executor executor)
      : begin_(std::move(begin)), executor_(std::move(executor)) {}
  call_awaiter(const call_awaiter&) = delete;
  call_awaiter& operator=(const call_awaiter&) = delete;

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  // Once the call has begun, another thread may resume and destroy the coroutine, and this awaiter
  // with it: all that is needed after that is on this stack. Not inlined, or clang would put it into
  // the coroutine's frame after all (https://github.com/llvm/llvm-project/issues/56301).
  [[gnu::noinline]] bool await_suspend(std::coroutine_handle<> waiting) {
    Begin begin(std::move(begin_));
    auto begun =
        begin([outcome = &outcome_, executor = executor_, waiting](result<T> ended) mutable {
          outcome->emplace(std::move(ended));
          resume_on(executor, waiting);
        });
    if (!begun) {
      outcome_.emplace(failure(std::move(begun).error()));
      return false;
    }
    if constexpr (requires { begun->detach(); }) {
      begun->detach();
    }
    return true;
  }

  result<T> await_resume() { return *std::move(outcome_); }

 private:
  Begin begin_;
  Executor executor_;
  std::optional<result<T>> outcome_;
};

template <class Executor>
class [[nodiscard("co_await it")]] event_awaiter {
 public:
  event_awaiter(event_queue queue, std::stop_token stop, Executor executor)
      : queue_(std::move(queue)), stop_(std::move(stop)), executor_(std::move(executor)) {}
  event_awaiter(const event_awaiter&) = delete;
  event_awaiter& operator=(const event_awaiter&) = delete;

  [[nodiscard]] bool await_ready() {
    if (stop_.stop_requested()) {
      outcome_.emplace(cancelled("a stop was requested"));
    } else {
      outcome_ = queue_.try_next();
    }
    return outcome_.has_value();
  }

  // As that of call_awaiter.
  [[gnu::noinline]] void await_suspend(std::coroutine_handle<> waiting) {
    const event_queue queue(queue_);
    const std::stop_token stop(stop_);
    queue.receive(
        [outcome = &outcome_, executor = executor_, waiting](result<event> next) mutable {
          outcome->emplace(std::move(next));
          resume_on(executor, waiting);
        },
        stop);
  }

  result<event> await_resume() { return *std::move(outcome_); }

 private:
  event_queue queue_;
  std::stop_token stop_;
  Executor executor_;
  std::optional<result<event>> outcome_;
};

}  // namespace detail

// The calls of a follower as awaitables. A view: the follower must live until they have ended. Each
// answers what the blocking form answers, and CANCELLED after a stop or the follower's close. An
// awaitable holds views of its arguments: co_await it in the same expression.
template <coroutine_executor Executor>
class coroutine_follower {
 public:
  coroutine_follower(follower& follower, Executor executor)
      : follower_(&follower), executor_(std::move(executor)) {}

  // A view of the item on purpose: g++ 12 breaks a braced temporary that holds strings when it stands in
  // an expression with co_await.
  auto create_session(session_item_view item, std::stop_token stop = {},
                      std::uint32_t timeout_ms = 0) const {
    return call<session>([=, to = follower_](auto completion) {
      return to->create_session_async(item, timeout_ms, std::move(completion), stop);
    });
  }

  auto reattach_session(std::uint64_t session_id, interop_sessions_secret secret,
                        std::stop_token stop = {}, std::uint32_t timeout_ms = 0) const {
    return call<session>([=, to = follower_](auto completion) {
      return to->reattach_session_async(session_id, secret, timeout_ms, std::move(completion),
                                        stop);
    });
  }

  auto set_item(std::uint64_t expected_epoch, std::string_view key, bytes value,
                std::stop_token stop = {}, std::uint64_t compare_revision = any_revision,
                std::uint32_t timeout_ms = 0) const {
    return call<std::uint64_t>([=, to = follower_](auto completion) {
      return to->set_item_async(expected_epoch, key, value, compare_revision, timeout_ms,
                                std::move(completion), stop);
    });
  }

  auto remove_item(std::uint64_t expected_epoch, std::string_view key, std::stop_token stop = {},
                   std::uint64_t compare_revision = any_revision,
                   std::uint32_t timeout_ms = 0) const {
    return call<void>([=, to = follower_](auto completion) {
      return to->remove_item_async(expected_epoch, key, compare_revision, timeout_ms,
                                   std::move(completion), stop);
    });
  }

  auto get_item(std::uint64_t expected_epoch, std::string_view key, std::stop_token stop = {},
                std::uint32_t timeout_ms = 0) const {
    return call<item>([=, to = follower_](auto completion) {
      return to->get_item_async(expected_epoch, key, timeout_ms, std::move(completion), stop);
    });
  }

  auto list_items(std::uint64_t expected_epoch, std::string_view prefix = {},
                  std::stop_token stop = {}, std::uint32_t timeout_ms = 0) const {
    return call<std::vector<item>>([=, to = follower_](auto completion) {
      return to->list_items_async(expected_epoch, prefix, timeout_ms, std::move(completion), stop);
    });
  }

  auto find_access_point(std::uint64_t expected_epoch, access_point_kind kind,
                         std::string_view object, std::stop_token stop = {},
                         std::uint32_t timeout_ms = 0) const {
    return call<access_point>([=, to = follower_](auto completion) {
      return to->find_access_point_async(expected_epoch, kind, object, timeout_ms,
                                         std::move(completion), stop);
    });
  }

  auto release_access_point(std::uint64_t expected_epoch, access_point_kind kind,
                            std::string_view object, const released_assignment& released,
                            std::stop_token stop = {}, std::uint32_t timeout_ms = 0) const {
    return call<void>([=, to = follower_](auto completion) {
      return to->release_access_point_async(expected_epoch, kind, object, released, timeout_ms,
                                            std::move(completion), stop);
    });
  }

  auto report_data(std::uint64_t expected_epoch, report_window window,
                   std::span<const std::uint64_t> pids, std::stop_token stop = {},
                   std::uint32_t timeout_ms = 0) const {
    return call<report_window>([=, to = follower_](auto completion) {
      return to->report_data_async(expected_epoch, window, pids, timeout_ms, std::move(completion),
                                   stop);
    });
  }

  // Goes on after the last callback of the follower has begun. A close cannot be stopped.
  auto close() const {
    return call<void>([to = follower_](auto completion) {
      return to->close_async([told = std::move(completion)]() mutable { told({}); });
    });
  }

 private:
  template <class T, class Begin>
  auto call(Begin begin) const {
    return detail::call_awaiter<T, Begin, Executor>(std::move(begin), executor_);
  }

  follower* follower_;
  Executor executor_;
};

// The events of a follower: `while (auto next = co_await events.next(stop)) {...}`.
template <coroutine_executor Executor>
class event_stream {
 public:
  event_stream(event_queue queue, Executor executor)
      : queue_(std::move(queue)), executor_(std::move(executor)) {}

  // The next event; CANCELLED when the follower is closed or a stop was requested. An event that is
  // there already does not suspend.
  auto next(std::stop_token stop = {}) const {
    return detail::event_awaiter<Executor>(queue_, std::move(stop), executor_);
  }

 private:
  event_queue queue_;
  Executor executor_;
};

template <coroutine_executor Executor>
[[nodiscard]] auto with_coroutines(follower& follower, Executor executor) {
  return coroutine_follower<Executor>(follower, std::move(executor));
}

template <coroutine_executor Executor>
[[nodiscard]] auto with_coroutines(const event_queue& events, Executor executor) {
  return event_stream<Executor>(events, std::move(executor));
}

}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
