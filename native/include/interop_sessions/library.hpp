// library: the guard of the library's life in this process, its log, and what happens to
// exceptions.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "api.hpp"
#include "thread_sanitizer.hpp"
#include "thread_sanitizer_signals.hpp"
#include "values.hpp"

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

namespace detail {

// What all objects of a library share. This state outlives the guard: a call made too late answers
// INVALID_HANDLE or NOT_INITIALIZED instead of touching freed memory.
struct library_state {
  api functions;
  library_options options;
};

// The object behind a user_data owns itself: the C library says when it was used for the last time. The owner
// that gave the object away remembers its address, in `held`, for leak checkers alone, which do not search
// that library's memory.
template <class T>
void release(void* user_data) noexcept {
  const callback_scope scope;
  delete static_cast<T*>(user_data);
}

using library_ref = std::shared_ptr<const library_state>;

// As the bytes of a cpu_set_t, which is what the C header takes.
template <class = void>
std::vector<std::byte> cpu_mask_of(const std::vector<unsigned>& cpus) {
  std::vector<std::byte> mask;
  for (const unsigned cpu : cpus) {
    if (mask.size() <= cpu / 8) {
      mask.resize(cpu / 64 * 8 + 8);
    }
    mask[cpu / 8] |= std::byte{1} << cpu % 8;
  }
  return mask;
}

// What a call reports besides its status.
template <class = void>
error to_cpp(const api& functions, status code, const interop_sessions_error& told) {
  return {code,       functions.status_name(code), told.message,
          told.flags, told.retry_after_ms,         told.leader_hint};
}

// Calls a function of the C ABI with `arguments` and its trailing error.
template <class Function, class... Arguments>
result<void> call(const api& functions, Function function, Arguments... arguments) {
  interop_sessions_error error;
  error.struct_size = sizeof(error);
  error.flags = error.retry_after_ms = 0;
  error.leader_hint[0] = error.message[0] = '\0';
  const call_scope scope;
  const status code = function(arguments..., &error);
  if (code != INTEROP_SESSIONS_OK) {
    return failure(to_cpp(functions, code, error));
  }
  return {};
}

// The status alone, where an error's text is useless: a destructor should not make texts.
template <class Function, class... Arguments>
status status_of(Function function, Arguments... arguments) noexcept {
  const call_scope scope;
  return function(arguments..., nullptr);
}

// The value made by make() if the call succeeded.
template <class Make>
auto answer(result<void> outcome, Make&& make) -> result<decltype(make())> {
  if (!outcome) {
    return failure(std::move(outcome).error());
  }
  return make();
}

// A struct of the C header that a function of an object fills in.
template <class Struct, class Function, class Handle>
result<Struct> filled(const api& functions, Function function, Handle handle) {
  auto told = sized<Struct>();
  return answer(call(functions, function, handle, &told), [&] { return told; });
}

// Memory that the library hands out, freed by interop_sessions_free.
template <class T>
class library_memory {
 public:
  explicit library_memory(const api& functions) noexcept : functions_(functions) {}
  library_memory(const library_memory&) = delete;
  library_memory& operator=(const library_memory&) = delete;
  ~library_memory() { functions_.free(memory_); }

  [[nodiscard]] T** receive() noexcept { return &memory_; }
  [[nodiscard]] const T& operator*() const noexcept { return *memory_; }

 private:
  const api& functions_;
  T* memory_ = nullptr;
};

// Runs the host's code below frames of the library, which no exception may enter. False: it threw.
template <class Code>
bool run_guarded(const library_options& options, const char* callback, Code&& code) noexcept {
  return try_to(code, [&] {
    // If the reporter itself fails, no other code is left to tell.
    try_to(
        [&] {
          if (options.callback_failed) {
            options.callback_failed(callback, std::current_exception());
          }
        },
        [] {});
  });
}

// One object of the library, and what ends it: `End` is that function of the api.
template <class Handle, auto End>
class owner {
 public:
  owner(owner&& other) noexcept = default;
  owner& operator=(owner&& other) noexcept {
    owner taken(std::move(other));
    library_.swap(taken.library_);
    std::swap(handle_, taken.handle_);
    std::swap(held_, taken.held_);
    return *this;
  }
  ~owner() {
    if (library_ != nullptr) {
      end();
    }
  }

  [[nodiscard]] Handle handle() const noexcept { return handle_; }

 protected:
  owner(library_ref library, Handle handle, const void* held = nullptr) noexcept
      : library_(std::move(library)), handle_(handle), held_(held) {}

  [[nodiscard]] const api& functions() const noexcept { return library_->functions; }

  template <class Function, class... Arguments>
  [[nodiscard]] result<void> call(Function function, Arguments... arguments) const {
    return detail::call(functions(), function, handle_, arguments...);
  }

  library_ref library_;

 private:
  void end() const noexcept {
    const auto function = functions().*End;
    if constexpr (std::is_invocable_v<decltype(function), Handle, interop_sessions_error*>) {
      static_cast<void>(status_of(function, handle_));
    } else {
      static_cast<void>(status_of(function, handle_, std::uint32_t{0}));
    }
  }

  Handle handle_;
  const void* held_;  // see release
};

template <class = void>
void run_log(void* user_data, const interop_sessions_log_record* record) noexcept {
  const callback_scope scope;
  const library_state& state = **static_cast<const library_ref*>(user_data);
  run_guarded(state.options, "log", [&] { state.options.log(log_record(*record)); });
}

}  // namespace detail

// The library runs in this process as long as this object lives: initialize() starts it, the destructor shuts
// it down. Declare this object before everything that uses the library. Initialise after the host installed
// its signal handlers and forked; see the C header for both.
//
// The destructor waits a minute for callbacks, and inside a callback not at all; the library then runs on,
// with all that the callbacks use, until they have returned.
class library : public detail::owner<interop_sessions_library, &api::shutdown> {
 public:
  // `functions`: api::linked(), or what api::load() found.
  template <class = void>
  [[nodiscard]] static result<library> initialize(library_options options = {},
                                                  const api& functions = api::linked()) {
    const bool logs = static_cast<bool>(options.log);
    const auto state = std::make_shared<const detail::library_state>(
        detail::library_state{functions, std::move(options)});
    auto* const log = new detail::library_ref(state);
    const auto cpu_mask = detail::cpu_mask_of(state->options.cpus);
    const interop_sessions_options c_options{
        .struct_size = sizeof(interop_sessions_options),
        .abi_version = compiled_abi_version,
        .log = logs ? &detail::run_log<> : nullptr,
        .log_user_data = log,
        .log_level = logs ? state->options.log_level : INTEROP_SESSIONS_LOG_NONE,
        .thread_stack_bytes = state->options.thread_stack_bytes,
        .cpu_mask = detail::whole_to_c(cpu_mask),
        .thread_class = state->options.thread_class,
        .thread_priority = state->options.thread_priority,
        .log_release = &detail::release<detail::library_ref>};
    interop_sessions_library handle{};
    auto started = detail::call(functions, functions.initialize, &c_options, &handle);
    return detail::answer(std::move(started), [&] {
      detail::deliver_collector_signal_at_once();
      return library(state, handle, log);
    });
  }

  // Closes every object that was made with this library and still lives, flushes the log, and returns when no
  // callback of these objects runs or will run. TIMED_OUT: the shutdown goes on, and another call waits on.
  // IN_CALLBACK from any callback; INVALID_HANDLE or NOT_INITIALIZED the second time.
  template <class = void>
  [[nodiscard]] result<void> shutdown(std::uint32_t timeout_ms = 0) {
    return call(functions().shutdown, timeout_ms);
  }

  // Sets the lowest level of the categories that begin with `category`; empty: of those that have no level of
  // their own.
  template <class = void>
  [[nodiscard]] result<void> set_log_level(log_level level, std::string_view category = {}) {
    return call(functions().set_log_level, detail::to_c(category), level);
  }

  // What this library has at the moment, and what became of its log.
  template <class = void>
  [[nodiscard]] result<library_statistics> statistics() const {
    return detail::filled<library_statistics>(functions(), functions().library_get_statistics,
                                              handle());
  }

  [[nodiscard]] std::string_view status_name(status code) const noexcept {
    return functions().status_name(code);
  }
  [[nodiscard]] std::uint32_t abi_version() const noexcept { return functions().abi_version(); }

  // The table, for calls of the C ABI beside this header.
  using owner::functions;

  // For objects that are made with this library and keep its state in memory.
  [[nodiscard]] const detail::library_ref& shared_state() const noexcept { return library_; }

 private:
  using owner::owner;
};

INTEROP_SESSIONS_END
