// thread_sanitizer: what ThreadSanitizer must be told of the library. The library was not compiled with it,
// so nothing that the library does to synchronise is seen, and every value that a host hands to its own
// callbacks would look like a race.
#pragma once

#if defined(__SANITIZE_THREAD__)
#define INTEROP_SESSIONS_THREAD_SANITIZER
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define INTEROP_SESSIONS_THREAD_SANITIZER
#endif
#endif

#ifdef INTEROP_SESSIONS_THREAD_SANITIZER
#include <sanitizer/tsan_interface.h>
#endif

#include "result.hpp"

INTEROP_SESSIONS_BEGIN
namespace detail {

#ifdef INTEROP_SESSIONS_THREAD_SANITIZER

// What a thread did before a call into the library happens before the callbacks that begin after
// it; what a callback did happens before what follows the calls that return after it. One object
// for all: races between callbacks, and between threads that do not call, are still found.
inline char library_boundary = 0;

struct call_scope {
  call_scope() noexcept { __tsan_release(&library_boundary); }
  ~call_scope() { __tsan_acquire(&library_boundary); }
  call_scope(const call_scope&) = delete;
  call_scope& operator=(const call_scope&) = delete;
};

struct callback_scope {
  callback_scope() noexcept { __tsan_acquire(&library_boundary); }
  ~callback_scope() { __tsan_release(&library_boundary); }
  callback_scope(const callback_scope&) = delete;
  callback_scope& operator=(const callback_scope&) = delete;
};

#else

struct [[maybe_unused]] call_scope {};
struct [[maybe_unused]] callback_scope {};

#endif

}  // namespace detail
INTEROP_SESSIONS_END
