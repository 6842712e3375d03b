// ways: a call in progress, and what is made of it by each way to wait for its end.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "../call.hpp"

INTEROP_SESSIONS_BEGIN
namespace detail {

// Runs an action when a stop is requested, as long as the link lives. The thread that begins a call and the
// thread that ends it share the link, since either may be done with it first: the last of the two takes the
// callback off the token, and waits there for an action that is running.
struct stop_link {
  std::shared_ptr<void> callback;

  template <class Action>
  void follow(const stop_token& stop, Action action) {
    callback = std::make_shared<stop_callback<Action>>(stop, std::move(action));
  }
};

inline failure failed(status code, const char* name, const char* why) {
  return failure(error{code, name, why});
}

inline failure stopped() {
  return failed(INTEROP_SESSIONS_CANCELLED, "CANCELLED", "a stop was requested");
}

// An asynchronous call in progress: its completion is called once, then the whole object is freed.
template <class State, class T, class Completion>
struct pending_call {
  std::shared_ptr<State> target;
  std::shared_ptr<call_link> link;
  const char* name;  // for callback_failed
  Completion completion;
  std::shared_ptr<stop_link> stop;  // null: nothing stops the call

  template <class... Told>
  static void complete(void* user_data, status code, const interop_sessions_error* error,
                       Told... told) noexcept {
    const callback_scope scope;
    const std::unique_ptr<pending_call> self(static_cast<pending_call*>(user_data));
    self->link->ended = true;
    self->stop.reset();
    const library_state& library = *self->link->library;
    // A caller that waits for the completion must hear of a lack of memory all the same.
    result<T> outcome = failed(INTEROP_SESSIONS_INTERNAL, "INTERNAL", "");
    try_to(
        [&] {
          if (code == INTEROP_SESSIONS_OK) {
            outcome = value(told...);
          } else {
            outcome = failure(to_cpp(library.functions, code, *error));
          }
        },
        [] {});
    [[maybe_unused]] const auto here = self->target->running();
    run_guarded(library.options, self->name, [&] { self->completion(std::move(outcome)); });
  }

  static result<void> value() { return {}; }
  template <class Told>
  static result<T> value(const Told* told) {
    return to_cpp(*told);
  }
  template <class Told>
  static result<T> value(const Told& told) {
    return to_cpp(told);
  }
};

// What a call has told, where a completion says it: void, or a struct of the C header.
template <class Completion>
struct told_by;
template <>
struct told_by<void (*)(void*, status, const interop_sessions_error*)> {
  using type = void;
  using cpp_type = void;
};
template <class Told>
struct told_by<void (*)(void*, status, const interop_sessions_error*, Told)> {
  using type = std::remove_cv_t<std::remove_pointer_t<Told>>;
  using cpp_type = decltype(to_cpp(std::declval<const type&>()));
};

// An asynchronous function of the C header ends in (completion, user_data, release, operation, error).
template <class Function>
struct completion_of;
template <class... Parameters>
struct completion_of<status (*)(Parameters...)> {
  using type = std::tuple_element_t<sizeof...(Parameters) - 5, std::tuple<Parameters...>>;
};

// What a call keeps of an argument until it has begun.
template <class T>
struct kept {
  using type = T;
};
template <>
struct kept<server_description> {
  using type = described<>;
};
template <>
struct kept<std::vector<item_change>> {
  using type = changing<>;
};

// An argument as the C header takes it.
template <class T>
const T& argument(const T& value) noexcept {
  return value;
}
template <class Endpoint>
const interop_sessions_server_description* argument(const described<Endpoint>& value) noexcept {
  return value.get();
}
template <class Change>
const Change* argument(const changing<Change>& value) noexcept {
  return value.get();
}
inline const interop_sessions_report_window* argument(
    const interop_sessions_report_window& value) noexcept {
  return &value;
}
inline const interop_sessions_access_point* argument(const released_assignment& value) noexcept {
  return value.get();
}

template <class Struct, class = void>
struct made_empty {
  static Struct make() noexcept { return {}; }
};
template <class Struct>
struct made_empty<Struct, std::void_t<decltype(Struct::struct_size)>> {
  static Struct make() noexcept { return sized<Struct>(); }
};

// Where a thread waits for a completion that runs on another.
template <class T>
class rendezvous {
 public:
  void put(result<T> outcome) {
    // Told under the lock: the waiting thread frees this object as soon as it has the answer.
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

// Begins a call whose waiting form needs no operation.
template <class Call, class Completion>
result<void> begin_detached(const Call& call, Completion completion,
                            std::shared_ptr<typename Call::link> link) {
  auto begun = call.begin(std::move(completion), std::move(link));
  if (!begun) {
    return failure(std::move(begun).error());
  }
  if constexpr (!std::is_void_v<typename decltype(begun)::value_type>) {
    begun->detach();
  }
  return {};
}

// Blocks until the completion of a call.
template <class Call>
result<typename Call::type> wait_for(const Call& call) {
  using type = typename Call::type;
  rendezvous<type> end;
  auto begun = begin_detached(
      call, [&end](result<type> outcome) { end.put(std::move(outcome)); }, call.make_link());
  if (!begun) {
    return failure(std::move(begun).error());
  }
  return end.take();
}

// A call of a follower or a master that has not begun: two functions of the C header, one that blocks and one
// that does not, and their arguments, of which texts and lists are views.
template <class State, class Function, class AsyncFunction, class... Arguments>
class prepared_call {
  using completion_type = typename completion_of<AsyncFunction>::type;
  using c_type = typename told_by<completion_type>::type;

 public:
  using type = typename told_by<completion_type>::cpp_type;
  using link = call_link;

  prepared_call(std::shared_ptr<State> target, const call_options& options, const char* name,
                Function api::*function, AsyncFunction api::*async,
                std::tuple<Arguments...> arguments)
      : target_(std::move(target)),
        options_(options),
        name_(name),
        function_(function),
        async_(async),
        arguments_(std::move(arguments)) {}

  std::optional<result<type>> try_now() const {
    if (options_.stop.stop_requested()) {
      return result<type>(stopped());
    }
    return std::nullopt;
  }

  std::shared_ptr<call_link> make_link() const {
    auto made = std::make_shared<call_link>();
    made->library = target_->library;
    return made;
  }

  // Without a stop the function that blocks, which callbacks may call too.
  result<type> block() const {
    if (options_.stop.stop_requested()) {
      return stopped();
    }
    if (options_.stop.stop_possible()) {
      if (target_->runs_here()) {
        return failed(INTEROP_SESSIONS_IN_CALLBACK, "IN_CALLBACK",
                      "a call that a stop ends waits for a callback; in one, use another form");
      }
      return wait_for(*this);
    }
    const Function function = functions().*function_;
    if constexpr (std::is_void_v<c_type>) {
      return invoke(function);
    } else if constexpr (takes<c_type**>) {
      library_memory<c_type> told(functions());
      return answer(invoke(function, told.receive()), [&] { return to_cpp(*told); });
    } else {
      c_type told = made_empty<c_type>::make();
      return answer(invoke(function, &told), [&] { return to_cpp(told); });
    }
  }

  // The completion may free the target before the call has returned, so nothing of the target is touched
  // then.
  template <class Completion>
  result<operation> begin(Completion completion, std::shared_ptr<call_link> in_progress) const {
    static_assert(std::is_invocable_v<Completion&, result<type>>, "a completion takes a result");
    if (options_.stop.stop_requested()) {
      return stopped();
    }
    using pending = pending_call<State, type, Completion>;
    const stop_token stop = options_.stop;
    const auto on_stop = stop.stop_possible() ? std::make_shared<stop_link>() : nullptr;
    std::unique_ptr<pending> held(
        new pending{target_, in_progress, name_, std::move(completion), on_stop});
    const completion_type complete = &pending::complete;
    // The completion frees the call; where there will be no completion, this line does.
    const interop_sessions_release_cb release = nullptr;
    auto outcome = invoke(functions().*async_, complete, static_cast<void*>(held.get()), release,
                          &in_progress->handle);
    if (!outcome) {
      return failure(std::move(outcome).error());
    }
    static_cast<void>(held.release());
    if (on_stop != nullptr) {
      on_stop->follow(stop, [in_progress] { in_progress->cancel(); });
    }
    return operation(std::move(in_progress));
  }

 private:
  template <class Out>
  static constexpr bool takes =
      std::is_invocable_v<Function, decltype(State::handle),
                          decltype(argument(std::declval<const Arguments&>()))...,
                          const interop_sessions_call_options*, Out, interop_sessions_error*>;

  [[nodiscard]] const api& functions() const noexcept { return target_->library->functions; }

  template <class Called, class... Last>
  result<void> invoke(Called called, Last... last) const {
    const interop_sessions_call_options options{.struct_size = sizeof(options),
                                                .timeout_ms = options_.timeout_ms,
                                                .deadline_ns = options_.deadline_ns,
                                                .trace_parent = to_c(options_.trace_parent)};
    return std::apply(
        [&](const auto&... arguments) {
          return call(functions(), called, target_->handle, argument(arguments)..., &options,
                      last...);
        },
        arguments_);
  }

  std::shared_ptr<State> target_;
  call_options options_;
  const char* name_;
  Function api::*function_;
  AsyncFunction api::*async_;
  std::tuple<Arguments...> arguments_;
};

template <class State, class Function, class AsyncFunction, class... Arguments>
auto prepare(const std::shared_ptr<State>& target, const call_options& options, const char* name,
             Function api::*function, AsyncFunction api::*async, const Arguments&... arguments) {
  return prepared_call<State, Function, AsyncFunction, typename kept<Arguments>::type...>(
      target, options, name, function, async,
      std::tuple<typename kept<Arguments>::type...>(arguments...));
}

// The end of a follower: no operation, no stop, and the last callback of all.
class close_call {
 public:
  using type = void;
  using link = call_link;

  explicit close_call(std::shared_ptr<follower_state> follower) noexcept
      : follower_(std::move(follower)) {}

  template <class Answer = result<void>>
  static std::optional<Answer> try_now() {
    return std::nullopt;
  }
  static std::shared_ptr<link> make_link() { return nullptr; }  // nothing cancels it

  template <class = void>
  result<void> block() const {
    const api& functions = follower_->library->functions;
    return call(functions, functions.follower_close, follower_->handle, std::uint32_t{0});
  }

  template <class Completion>
  result<void> begin(Completion completion, const std::shared_ptr<link>&) const {
    static_assert(std::is_invocable_v<Completion&, result<void>>, "a completion takes a result");
    struct pending {
      library_ref library;
      Completion completion;

      static void run(void* user_data) noexcept {
        const callback_scope scope;
        auto& self = *static_cast<pending*>(user_data);
        run_guarded(self.library->options, "close", [&] { self.completion(result<void>()); });
      }
    };
    const api& functions = follower_->library->functions;
    const interop_sessions_closed_cb closed = &pending::run;
    void* const held = new pending{follower_->library, std::move(completion)};
    return call(functions, functions.follower_close_async, follower_->handle, closed, held,
                &release<pending>);
  }

 private:
  std::shared_ptr<follower_state> follower_;
};

// The same object, whose type a compiler knows only where a template is used.
template <class... Used, class T>
const T& when_called(const T& object) noexcept {
  return object;
}

// What a call answers that is waited for in `how`.
template <class Call, class How>
auto wait_as(Call call, How how) {
  if constexpr (std::is_base_of_v<way, How>) {
    return how(std::move(call));
  } else {
    return call.begin(std::move(how), call.make_link());
  }
}

}  // namespace detail
INTEROP_SESSIONS_END
