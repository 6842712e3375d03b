// follower_calls: how a follower calls the library, in each of the forms that its calls come in.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>

#include "completion.hpp"
#include "follower_callbacks.hpp"
#include "registration.hpp"

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {
namespace detail {

class follower_calls {
 protected:
  explicit follower_calls(std::shared_ptr<follower_state> state) noexcept
      : state_(std::move(state)) {}

  [[nodiscard]] bool in_callback() const {
    std::int32_t inside = 0;
    return call(functions().follower_in_callback, &inside).has_value() && inside != 0;
  }

  template <class Struct>
  static Struct empty() noexcept {
    Struct made{};
    made.struct_size = sizeof(Struct);
    return made;
  }

  [[nodiscard]] const api& functions() const noexcept { return state_->library->functions; }

  template <class Function, class... Arguments>
  [[nodiscard]] result<void> call(Function function, Arguments... arguments) const {
    return detail::call(functions(), function, state_->handle, arguments...);
  }

  // Begins an asynchronous call. Its completion may free this follower before the call has returned,
  // so nothing here is touched after it.
  template <class Completion, class Function, class Told, class... Arguments>
  result<operation> begin(const char* name, Completion completion, const std::stop_token& stop,
                          Function function, Told told, Arguments... arguments) const {
    const library_ref library = state_->library;
    const auto link = stop.stop_possible() ? std::make_shared<stop_link>() : nullptr;
    auto pending = std::unique_ptr<pending_call<Completion>>(
        new pending_call<Completion>{library, name, std::move(completion), link});
    interop_sessions_operation started{};
    auto outcome = detail::call(library->functions, function, state_->handle, arguments..., told,
                                static_cast<void*>(pending.get()), &started);
    if (!outcome) {
      return failure(std::move(outcome).error());
    }
    static_cast<void>(pending.release());
    if (link != nullptr) {
      link->on_stop.emplace(stop, [library, started] {
        static_cast<void>(
            detail::call(library->functions, library->functions.operation_cancel, started));
      });
    }
    return operation(library, started);
  }

  // Waits for an asynchronous call that a stop ends.
  template <class T, class Begin>
  result<T> wait(const std::stop_token& stop, Begin&& begin_call) const {
    if (stop.stop_requested()) {
      return cancelled("a stop was requested before the call");
    }
    if (in_callback()) {
      return failure(
          error{INTEROP_SESSIONS_IN_CALLBACK, "IN_CALLBACK",
                "a call that a stop ends waits for a callback; in one, use another form"});
    }
    rendezvous<T> end;
    auto started = begin_call([&end](result<T> outcome) { end.put(std::move(outcome)); });
    if (!started) {
      return failure(std::move(started).error());
    }
    auto outcome = end.take();
    started->detach();
    return outcome;
  }

  std::shared_ptr<follower_state> state_;
};

}  // namespace detail
}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
