// error, result<T> and failure: how every call of the C++ API answers.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "detail/standard.hpp"
#ifdef INTEROP_SESSIONS_STD_EXPECTED
#include <expected>
#endif

INTEROP_SESSIONS_BEGIN

// The enumerations are those of the C header: one list of names for both languages.
using status = interop_sessions_status;

struct error {
  interop::sessions::status status = INTEROP_SESSIONS_INTERNAL;
  std::string_view name = {};  // of the status, as "ITEM_TOO_LARGE"; static text
  std::string message = {};    // names the argument and the limit

  // As the C header has them.
  std::uint32_t flags = 0;           // of interop_sessions_error_flags
  std::uint32_t retry_after_ms = 0;  // 0: not known
  std::string leader_hint = {};      // with NOT_LEADER: "host:port" if it is known

  [[nodiscard]] bool is(interop::sessions::status asked) const noexcept { return status == asked; }

  // May the call have been carried out, or still be? Otherwise nothing was done.
  [[nodiscard]] bool is_outcome_unknown() const noexcept {
    return (flags & INTEROP_SESSIONS_ERROR_OUTCOME_UNKNOWN) != 0;
  }
  // May the same call succeed later? What failed was away, busy or full.
  [[nodiscard]] bool is_passing() const noexcept {
    return (flags & INTEROP_SESSIONS_ERROR_PASSING) != 0;
  }

  friend bool operator==(const error& left, const error& right) noexcept {
    return left.status == right.status && left.message == right.message &&
           left.flags == right.flags && left.retry_after_ms == right.retry_after_ms &&
           left.leader_hint == right.leader_hint;
  }
  friend bool operator!=(const error& left, const error& right) noexcept {
    return !(left == right);
  }
};

#ifdef INTEROP_SESSIONS_STD_EXPECTED

template <class T>
using result = std::expected<T, error>;
using failure = std::unexpected<error>;
using bad_result_access = std::bad_expected_access<error>;

#else

// What a function returns instead of a result: `return failure(some_error);`
class failure {
 public:
  explicit failure(interop::sessions::error e) : error_(std::move(e)) {}
  [[nodiscard]] interop::sessions::error& error() & noexcept { return error_; }
  [[nodiscard]] const interop::sessions::error& error() const& noexcept { return error_; }
  [[nodiscard]] interop::sessions::error&& error() && noexcept { return std::move(error_); }

 private:
  interop::sessions::error error_;
};

// What value() throws when there is no value.
class bad_result_access : public std::exception {
 public:
  explicit bad_result_access(interop::sessions::error e) : error_(std::move(e)) {}
  [[nodiscard]] const interop::sessions::error& error() const noexcept { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  interop::sessions::error error_;
};

template <class T>
class result;

namespace detail {

template <class T>
struct is_result : std::false_type {};
template <class T>
struct is_result<result<T> > : std::true_type {};

struct nothing {
  friend bool operator==(nothing, nothing) noexcept { return true; }
};

// g++ does not see everywhere that a value that is not there is not read.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

// A value or none. std::optional says more, and one for each kind of result is a third of what these headers
// cost a file that includes them; std::variant costs twice as much.
template <class T>
class maybe {
 public:
  maybe() noexcept {}
  maybe(const maybe& other) { put_from(other); }
  maybe(maybe&& other) noexcept(std::is_nothrow_move_constructible_v<T>) {
    put_from(std::move(other));
  }
  maybe& operator=(const maybe& other) { return *this = maybe(other); }
  maybe& operator=(maybe&& other) noexcept(std::is_nothrow_move_constructible_v<T>) {
    if (this != &other) {
      clear();
      put_from(std::move(other));
    }
    return *this;
  }
  ~maybe() { clear(); }

  template <class... From>
  T& put(From&&... from) {
    clear();
    ::new (static_cast<void*>(std::addressof(value_))) T(std::forward<From>(from)...);
    has_ = true;
    return value_;
  }

  [[nodiscard]] bool has() const noexcept { return has_; }
  T& get() & noexcept { return value_; }
  const T& get() const& noexcept { return value_; }
  T&& get() && noexcept { return std::move(value_); }

 private:
  template <class Other>
  void put_from(Other&& other) {
    if (other.has_) {
      put(std::forward<Other>(other).get());
    }
  }
  void clear() noexcept {
    if (std::exchange(has_, false)) {
      value_.~T();
    }
  }

  union {
    T value_;
  };
  bool has_ = false;
};

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

// Can a value be copied? std's own trait costs a file that includes these headers more.
template <class T>
struct copies_of {
  static constexpr bool allowed = __is_constructible(T, const T&);
};
template <>
struct copies_of<void> {
  static constexpr bool allowed = true;
};

// A base of what can be copied only if its value can.
template <bool Allowed>
struct copies {};
template <>
struct copies<false> {
  copies() = default;
  copies(copies&&) = default;
  copies& operator=(copies&&) = default;
};

}  // namespace detail

// std::expected<T, error> with the operations that C++23 gives it. As there, `*` and `->` ask for a value
// and error() for an error: the caller has looked before. value() looks itself, and throws.
template <class T>
class [[nodiscard]] result : detail::copies<detail::copies_of<T>::allowed> {
  static constexpr bool holds = !std::is_void_v<T>;
  using stored = std::conditional_t<holds, T, detail::nothing>;
  template <class U>
  static constexpr bool is_value =
      holds && !detail::is_result<std::decay_t<U> >::value &&
      !std::is_same_v<std::decay_t<U>, failure> && std::is_convertible_v<U, stored>;

 public:
  using value_type = T;
  using error_type = interop::sessions::error;
  using unexpected_type = failure;
  template <class U>
  using rebind = result<U>;

  template <class U = stored, class = std::enable_if_t<std::is_default_constructible_v<U> > >
  result() {
    value_.put(U());
  }
  template <class U = stored, class = std::enable_if_t<is_value<U> > >
  result(U&& value) {
    value_.put(std::forward<U>(value));
  }
  result(failure f) : error_(std::move(f).error()) {}
  template <class... From, class = std::enable_if_t<std::is_constructible_v<stored, From...> > >
  explicit result(std::in_place_t, From&&... from) {
    value_.put(std::forward<From>(from)...);
  }
  template <class U, class = std::enable_if_t<!std::is_same_v<U, T> && is_value<U> > >
  result(result<U> other) {
    if (other) {
      value_.put(*std::move(other));
    } else {
      error_ = std::move(other).error();
    }
  }

  // A value in place of whatever there was. Where making it throws there is an error, INTERNAL.
  template <class... From>
  std::add_lvalue_reference_t<T> emplace(From&&... from) {
    error_ = {};
    value_.put(std::forward<From>(from)...);
    return get(*this);
  }

  void swap(result& other) { std::swap(*this, other); }
  friend void swap(result& left, result& right) { left.swap(right); }

  [[nodiscard]] bool has_value() const noexcept { return value_.has(); }
  explicit operator bool() const noexcept { return has_value(); }

  std::add_lvalue_reference_t<T> operator*() & noexcept { return get(*this); }
  std::add_lvalue_reference_t<const T> operator*() const& noexcept { return get(*this); }
  std::add_rvalue_reference_t<T> operator*() && noexcept { return get(std::move(*this)); }
  stored* operator->() noexcept { return &value_.get(); }
  const stored* operator->() const noexcept { return &value_.get(); }

  std::add_lvalue_reference_t<T> value() & { return look(), get(*this); }
  std::add_lvalue_reference_t<const T> value() const& { return look(), get(*this); }
  std::add_rvalue_reference_t<T> value() && { return look(), get(std::move(*this)); }

  template <class U>
  [[nodiscard]] T value_or(U&& other) const& {
    return has_value() ? **this : static_cast<T>(std::forward<U>(other));
  }
  template <class U>
  [[nodiscard]] T value_or(U&& other) && {
    return has_value() ? *std::move(*this) : static_cast<T>(std::forward<U>(other));
  }

  [[nodiscard]] error_type& error() & noexcept { return error_; }
  [[nodiscard]] const error_type& error() const& noexcept { return error_; }
  [[nodiscard]] error_type&& error() && noexcept { return std::move(error_); }

  template <class Other = error_type>
  [[nodiscard]] error_type error_or(Other&& other) const& {
    return has_value() ? static_cast<error_type>(std::forward<Other>(other)) : error_;
  }
  template <class Other = error_type>
  [[nodiscard]] error_type error_or(Other&& other) && {
    return has_value() ? static_cast<error_type>(std::forward<Other>(other)) : std::move(error_);
  }

  // next(value) answers a result.
  template <class Next>
  auto and_then(Next&& next) & {
    return chain(*this, next);
  }
  template <class Next>
  auto and_then(Next&& next) const& {
    return chain(*this, next);
  }
  template <class Next>
  auto and_then(Next&& next) && {
    return chain(std::move(*this), next);
  }

  // change(value) answers a value, or nothing.
  template <class Change>
  auto transform(Change&& change) & {
    return map(*this, change);
  }
  template <class Change>
  auto transform(Change&& change) const& {
    return map(*this, change);
  }
  template <class Change>
  auto transform(Change&& change) && {
    return map(std::move(*this), change);
  }

  // other(error) answers a result of the same kind.
  template <class Other>
  result or_else(Other&& other) & {
    return has_value() ? *this : other(error_);
  }
  template <class Other>
  result or_else(Other&& other) const& {
    return has_value() ? *this : other(error());
  }
  template <class Other>
  result or_else(Other&& other) && {
    return has_value() ? std::move(*this) : other(std::move(error_));
  }

  // change(error) answers an error: all results have the same kind.
  template <class Change>
  result transform_error(Change&& change) & {
    return has_value() ? *this : result(failure(change(error_)));
  }
  template <class Change>
  result transform_error(Change&& change) const& {
    return has_value() ? *this : result(failure(change(error())));
  }
  template <class Change>
  result transform_error(Change&& change) && {
    return has_value() ? std::move(*this) : result(failure(change(std::move(error_))));
  }

  friend bool operator==(const result& left, const result& right) {
    return left.has_value() == right.has_value() &&
           (left ? left.value_.get() == right.value_.get() : left.error_ == right.error_);
  }
  friend bool operator==(const result& left, const failure& right) {
    return !left && left.error_ == right.error();
  }
  template <class U, class = std::enable_if_t<is_value<const U&> > >
  friend bool operator==(const result& left, const U& right) {
    return left && *left == right;
  }
  template <class U>
  friend bool operator!=(const result& left, const U& right) {
    return !(left == right);
  }

 private:
  template <class Self>
  static decltype(auto) get([[maybe_unused]] Self&& self) noexcept {
    if constexpr (holds) {
      return std::forward<Self>(self).value_.get();
    }
  }

  void look() const {
    if (!has_value()) {
#ifdef __cpp_exceptions
      throw bad_result_access(error());
#else
      std::abort();
#endif
    }
  }

  template <class Self, class Next>
  static auto call([[maybe_unused]] Self&& self, Next& next) {
    if constexpr (holds) {
      return std::invoke(next, *std::forward<Self>(self));
    } else {
      return std::invoke(next);
    }
  }

  template <class Self, class Next>
  static auto chain(Self&& self, Next& next) {
    using answer = decltype(call(std::forward<Self>(self), next));
    return self ? call(std::forward<Self>(self), next)
                : answer(failure(std::forward<Self>(self).error()));
  }

  template <class Self, class Change>
  static auto map(Self&& self, Change& change) {
    using changed = decltype(call(std::forward<Self>(self), change));
    if (!self) {
      return result<changed>(failure(std::forward<Self>(self).error()));
    }
    if constexpr (std::is_void_v<changed>) {
      call(std::forward<Self>(self), change);
      return result<void>();
    } else {
      return result<changed>(call(std::forward<Self>(self), change));
    }
  }

  detail::maybe<stored> value_;
  error_type error_;
};

// Of results of two kinds.
template <class T, class U, class = std::enable_if_t<!std::is_same_v<T, U> > >
bool operator==(const result<T>& left, const result<U>& right) {
  if (!left || !right) {
    return left.has_value() == right.has_value() && left.error() == right.error();
  }
  if constexpr (std::is_void_v<T> || std::is_void_v<U>) {
    static_assert(std::is_void_v<T> && std::is_void_v<U>, "a value and none are not compared");
    return true;
  } else {
    return *left == *right;
  }
}

#endif

INTEROP_SESSIONS_END
