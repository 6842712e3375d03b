// log_record and library_options: what the library tells its host's log, and how it is to run.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "detail/conversions.hpp"

INTEROP_SESSIONS_BEGIN

// One record of the library's log; a view that is valid until the log callback returns.
class log_record {
 public:
  explicit log_record(const interop_sessions_log_record& record) noexcept : record_(&record) {}

  [[nodiscard]] log_level level() const noexcept { return record_->level; }
  [[nodiscard]] std::int32_t event_id() const noexcept { return record_->event_id; }
  [[nodiscard]] std::string_view category() const noexcept {
    return detail::view(record_->category);
  }
  // When it was logged: nanoseconds of CLOCK_BOOTTIME. The callback runs later.
  [[nodiscard]] std::int64_t time_ns() const noexcept { return record_->time_ns; }
  // The same instant by the wall clock, which may have been set since.
  [[nodiscard]] std::chrono::system_clock::time_point wall_time() const noexcept {
    const std::chrono::nanoseconds age(interop_sessions_now_ns() - record_->time_ns);
    return std::chrono::system_clock::now() -
           std::chrono::duration_cast<std::chrono::system_clock::duration>(age);
  }
  [[nodiscard]] std::string_view message() const noexcept { return detail::view(record_->message); }

  // Names match without regard to ASCII case, as they do in .NET's own message templates.
  template <class View = std::string_view>
  [[nodiscard]] std::optional<View> field(std::string_view name) const noexcept {
    const auto same = [](char left, char right) {
      const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; };
      return lower(left) == lower(right);
    };
    for (std::uint32_t i = 0; i < record_->field_count; ++i) {
      const auto& candidate = *interop_sessions_log_record_field(record_, i);
      const std::string_view candidate_name = detail::view(candidate.name);
      if (std::equal(candidate_name.begin(), candidate_name.end(), name.begin(), name.end(),
                     same)) {
        return detail::view(candidate.value);
      }
    }
    return std::nullopt;
  }

  // Calls visit(name, value) for each field, in order.
  template <class Visit>
  void for_each_field(Visit&& visit) const {
    for (std::uint32_t i = 0; i < record_->field_count; ++i) {
      const auto& field = *interop_sessions_log_record_field(record_, i);
      visit(detail::view(field.name), detail::view(field.value));
    }
  }

 private:
  const interop_sessions_log_record* record_;
};

struct library_options {
  // Thread: the library's one log thread. Empty: no logging.
  std::function<void(const log_record&)> log = {};
  interop_sessions_log_level log_level = INTEROP_SESSIONS_LOG_INFORMATION;

  // The CPUs of every thread of the library, by number; empty: those of the main thread.
  std::vector<unsigned> cpus = {};

  // The least stack of every thread of the library; 0: see the C header.
  std::uint32_t thread_stack_bytes = 0;

  // The scheduling class of every thread of the library, and its priority: 1 to 99 of FIFO and
  // ROUND_ROBIN, else 0.
  interop_sessions_thread_class thread_class = INTEROP_SESSIONS_THREADS_AS_MAIN;
  std::uint32_t thread_priority = 0;

  // An exception left a callable; `callback` is its name in this header. If the callable is a hook with a
  // verdict, the request is then refused; everything else goes on. Thread: that of the callback, so perhaps
  // several at once. Empty: the exception is dropped.
  std::function<void(std::string_view callback, const std::exception_ptr&)> callback_failed = {};
};

INTEROP_SESSIONS_END
