// library_state: what all objects of a library share, how a function of the C ABI is called, and the owner
// of one object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "../api.hpp"
#include "../library_options.hpp"
#include "../thread_sanitizer.hpp"
#include "conversions.hpp"

INTEROP_SESSIONS_BEGIN
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
    static_cast<void>(status_of(functions().*End, handle_, std::uint32_t{0}));
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
INTEROP_SESSIONS_END
