// completion: what the library calls when an asynchronous call has ended, and what a stop does to it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <vector>

#include "library.hpp"

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {
namespace detail {

// Runs an action when a stop is requested, as long as it lives. Shared by the thread that begins a
// call and the one that ends it, since either may be done with it first: whoever is last takes the
// callback off the token, and waits there for an action that is running.
struct stop_link {
  std::optional<std::stop_callback<std::function<void()>>> on_stop;
};

inline failure cancelled(const char* why) {
  return failure(error{INTEROP_SESSIONS_CANCELLED, "CANCELLED", why});
}

// The value made by make(), or the error that the library told.
template <class T, class Make>
result<T> outcome_of(const api& functions, status code, const interop_sessions_error* told,
                     Make&& make) noexcept {
  try {
    if (code != INTEROP_SESSIONS_OK) {
      return failure(to_cpp(functions, code, told->message));
    }
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      return make();
    }
  } catch (const std::bad_alloc&) {
    // Who waits for the completion must hear of it all the same.
    return failure(error{INTEROP_SESSIONS_INTERNAL, "INTERNAL", "out of memory"});
  }
}

// An asynchronous call in progress: its completion is called once, then all of it is freed. One
// static function for each kind of completion of the C header.
template <class Completion>
struct pending_call {
  library_ref library;
  const char* name;  // for callback_failed
  Completion completion;
  std::shared_ptr<stop_link> stop;  // null: nothing stops it

  template <class T, class Make>
  static void finish(void* user_data, status code, const interop_sessions_error* told,
                     Make&& make) noexcept {
    const callback_scope scope;
    const std::unique_ptr<pending_call> self(static_cast<pending_call*>(user_data));
    self->stop.reset();
    run_guarded(self->library->options, self->name, [&] {
      self->completion(
          outcome_of<T>(self->library->functions, code, told, std::forward<Make>(make)));
    });
  }

  static void create_session(void* user_data, status code, const interop_sessions_error* told,
                             const interop_sessions_session_info* info) noexcept {
    finish<session>(user_data, code, told, [&] { return to_cpp(*info); });
  }

  static void set_item(void* user_data, status code, const interop_sessions_error* told,
                       std::uint64_t revision) noexcept {
    finish<std::uint64_t>(user_data, code, told, [&] { return revision; });
  }

  static void remove_item(void* user_data, status code,
                          const interop_sessions_error* told) noexcept {
    finish<void>(user_data, code, told, [] {});
  }

  static void get_item(void* user_data, status code, const interop_sessions_error* told,
                       const interop_sessions_item* found) noexcept {
    finish<item>(user_data, code, told, [&] { return to_cpp(*found); });
  }

  static void list_items(void* user_data, status code, const interop_sessions_error* told,
                         const interop_sessions_item_page* page) noexcept {
    finish<std::vector<item>>(user_data, code, told, [&] { return to_cpp(*page); });
  }

  static void find_access_point(void* user_data, status code, const interop_sessions_error* told,
                                const interop_sessions_access_point* found) noexcept {
    finish<access_point>(user_data, code, told, [&] { return to_cpp(*found); });
  }

  static void release_access_point(void* user_data, status code,
                                   const interop_sessions_error* told) noexcept {
    finish<void>(user_data, code, told, [] {});
  }

  static void report_data(void* user_data, status code, const interop_sessions_error* told,
                          interop_sessions_report_window next) noexcept {
    finish<report_window>(user_data, code, told, [&] { return to_cpp(next); });
  }
};

// Where a thread waits for a completion that runs on another.
template <class T>
class rendezvous {
 public:
  void put(result<T> outcome) {
    // Told under the lock: the waiting thread frees this as soon as it has it.
    const std::lock_guard hold(lock_);
    outcome_.emplace(std::move(outcome));
    arrived_.notify_one();
  }

  result<T> take() {
    std::unique_lock hold(lock_);
    arrived_.wait(hold, [this] { return outcome_.has_value(); });
    return *std::move(outcome_);
  }

 private:
  std::mutex lock_;
  std::condition_variable arrived_;
  std::optional<result<T>> outcome_;
};

}  // namespace detail
}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
