// library: the guard of the library's life in this process.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "detail/library_state.hpp"
#include "thread_sanitizer_signals.hpp"

INTEROP_SESSIONS_BEGIN

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
