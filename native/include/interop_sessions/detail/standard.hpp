// standard: the C++ that these headers need, the namespace that keeps two releases of them apart, and
// stand-ins for what C++20 has and C++17 has not.
#pragma once

#if __cplusplus < 201703L
#error \
    "Interop.Sessions needs C++17 or later: below, include interop_sessions/interop_sessions.h, its C header, which every C++ from C++11 on can use."
#else

#include <cstddef>
#include <exception>
#include <type_traits>
#include <utility>
#if __cplusplus >= 202002L
#include <version>
#endif
#ifdef __cpp_lib_span
#include <span>
#endif
#ifdef __cpp_lib_jthread
#include <stop_token>
#endif

#include "../interop_sessions.h"

// One process may hold several releases of these headers, by its plug-ins, and one program translation
// units of several standards. Their types differ, so their names do too: the linker then keeps them
// apart, and two units that hand such a type to each other do not link instead of misreading it. The release
// is the ABI's: a change of a type here raises the ABI's minor.
#if defined(__cpp_lib_expected) && !defined(INTEROP_SESSIONS_OWN_RESULT)
#if __cpp_lib_expected >= \
    202211L  // before, as in g++ 12, it has no and_then, transform and the like
#define INTEROP_SESSIONS_STD_EXPECTED
#endif
#endif
#ifdef INTEROP_SESSIONS_STD_EXPECTED
#define INTEROP_SESSIONS_PARTS std_expected
#elif defined(__cpp_lib_jthread)
#define INTEROP_SESSIONS_PARTS own_result
#else
#define INTEROP_SESSIONS_PARTS no_stop_token
#endif
#ifdef __cpp_exceptions
#define INTEROP_SESSIONS_NAMED(major, minor, parts) v##major##_##minor##_##parts
#else
#define INTEROP_SESSIONS_NAMED(major, minor, parts) v##major##_##minor##_##parts##_no_exceptions
#endif
#define INTEROP_SESSIONS_EXPANDED(major, minor, parts) INTEROP_SESSIONS_NAMED(major, minor, parts)
#define INTEROP_SESSIONS_INLINE_NAMESPACE                                           \
  INTEROP_SESSIONS_EXPANDED(INTEROP_SESSIONS_ABI_MAJOR, INTEROP_SESSIONS_ABI_MINOR, \
                            INTEROP_SESSIONS_PARTS)

// Every header of this folder stands between these two. Compilers know designated initialisers in C++17
// too, and only remark on them.
#if __cplusplus < 202002L
#define INTEROP_SESSIONS_QUIET _Pragma("GCC diagnostic ignored \"-Wc++20-extensions\"")
#else
#define INTEROP_SESSIONS_QUIET
#endif
#define INTEROP_SESSIONS_BEGIN                                                        \
  _Pragma("GCC diagnostic push") INTEROP_SESSIONS_QUIET namespace interop::sessions { \
    inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {
#define INTEROP_SESSIONS_END \
  }                          \
  }                          \
  _Pragma("GCC diagnostic pop")

INTEROP_SESSIONS_BEGIN

#ifdef __cpp_lib_span
using std::span;
#else
// As much of std::span as this API needs.
template <class T>
class span {
 public:
  constexpr span() noexcept = default;
  constexpr span(T* data, std::size_t size) noexcept : data_(data), size_(size) {}
  template <class Range, class = decltype(std::declval<Range&>().data())>
  constexpr span(Range&& range) noexcept : span(range.data(), range.size()) {}

  [[nodiscard]] constexpr T* data() const noexcept { return data_; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T& operator[](std::size_t index) const noexcept { return data_[index]; }
  constexpr T* begin() const noexcept { return data_; }
  constexpr T* end() const noexcept { return data_ + size_; }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};
#endif

#ifdef __cpp_lib_jthread
using std::stop_callback;
using std::stop_token;
#else
// This token never stops: without std::stop_token a call in progress is ended by its operation or a close.
struct stop_token {
  [[nodiscard]] static constexpr bool stop_possible() noexcept { return false; }
  [[nodiscard]] static constexpr bool stop_requested() noexcept { return false; }
};
template <class Action>
struct stop_callback {
  stop_callback(const stop_token&, Action) noexcept {}
};
#endif

namespace detail {

// Runs code(). If it throws, runs failed(), in which std::current_exception() is what was thrown, and
// answers false. The only place that knows of -fno-exceptions.
template <class Code, class Failed>
bool try_to(Code&& code, Failed&& failed) {
#ifdef __cpp_exceptions
  try {
    code();
    return true;
  } catch (...) {
    failed();
    return false;
  }
#else
  static_cast<void>(failed);
  code();
  return true;
#endif
}

}  // namespace detail
INTEROP_SESSIONS_END

#endif
