// error, result<T> and failure: how every call of the C++ API answers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <version>

#include "interop_sessions.h"

// Two translation units of one program may be compiled for different standards. The types differ
// then, and the inline namespace makes the linker see it instead of mixing two layouts silently.
// Such a program defines INTEROP_SESSIONS_OWN_RESULT everywhere.
#if defined(__cpp_lib_expected) && !defined(INTEROP_SESSIONS_OWN_RESULT)
#include <expected>
#define INTEROP_SESSIONS_INLINE_NAMESPACE with_std_expected
#else
#define INTEROP_SESSIONS_INLINE_NAMESPACE with_own_result
#endif

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {

// The enumerations are those of the C header: one list of names for both languages.
using status = interop_sessions_status;

struct error {
  interop::sessions::status status = INTEROP_SESSIONS_INTERNAL;
  std::string_view name;  // of the status, as "ITEM_TOO_LARGE"; static text
  std::string message;    // names the argument and the limit
};

#if defined(__cpp_lib_expected) && !defined(INTEROP_SESSIONS_OWN_RESULT)

template <class T>
using result = std::expected<T, error>;
using failure = std::unexpected<error>;

#else

// What a function returns instead of a result: `return failure(some_error);`
class failure {
 public:
  explicit failure(interop::sessions::error e) : error_(std::move(e)) {}
  [[nodiscard]] interop::sessions::error& error() noexcept { return error_; }

 private:
  interop::sessions::error error_;
};

// The part of std::expected that this API needs. As there, `*` and `->` ask for a value and error()
// for an error: the caller has looked before.
template <class T>
class [[nodiscard]] result {
 public:
  using value_type = T;

  result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  result(failure f) : content_(std::in_place_index<1>, std::move(f.error())) {}

  [[nodiscard]] bool has_value() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& operator*() & noexcept { return *std::get_if<0>(&content_); }
  [[nodiscard]] const T& operator*() const& noexcept { return *std::get_if<0>(&content_); }
  [[nodiscard]] T&& operator*() && noexcept { return std::move(**this); }
  T* operator->() noexcept { return std::get_if<0>(&content_); }
  const T* operator->() const noexcept { return std::get_if<0>(&content_); }

  template <class U>
  [[nodiscard]] T value_or(U&& other) const& {
    return has_value() ? **this : static_cast<T>(std::forward<U>(other));
  }

  [[nodiscard]] interop::sessions::error& error() & noexcept { return *std::get_if<1>(&content_); }
  [[nodiscard]] const interop::sessions::error& error() const& noexcept {
    return *std::get_if<1>(&content_);
  }
  [[nodiscard]] interop::sessions::error&& error() && noexcept {
    return std::move(*std::get_if<1>(&content_));
  }

 private:
  std::variant<T, interop::sessions::error> content_;
};

template <>
class [[nodiscard]] result<void> {
 public:
  using value_type = void;

  result() = default;
  result(failure f) : content_(std::in_place_index<1>, std::move(f.error())) {}

  [[nodiscard]] bool has_value() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  void operator*() const noexcept {}

  [[nodiscard]] interop::sessions::error& error() & noexcept { return *std::get_if<1>(&content_); }
  [[nodiscard]] const interop::sessions::error& error() const& noexcept {
    return *std::get_if<1>(&content_);
  }
  [[nodiscard]] interop::sessions::error&& error() && noexcept {
    return std::move(*std::get_if<1>(&content_));
  }

 private:
  std::variant<std::monostate, interop::sessions::error> content_;
};

#endif

}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
