// follower: one session with the master, kept alive by a loop of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "detail/ways.hpp"
#include "lease.hpp"

INTEROP_SESSIONS_BEGIN

// The calls of a follower that go to its master, each once. `Way` is how their end is waited for: a
// follower blocks; with_futures() and with_coroutines() are views of it that do not. A last argument
// chooses for one call:
//
//   server.get_item(epoch, "rack")                                 // blocks
//   server.get_item(epoch, "rack", {stop, 500})                    // until a stop, for 500 ms at most
//   server.get_item(epoch, "rack", stop, [](result<item> got) {})  // a completion: answers an operation
//   server.get_item(epoch, "rack", stop, as_future)                // std::future
//   co_await server.get_item(epoch, "rack", stop, resume_on(pool)) // a coroutine
//
// All forms ask the same and answer the same result<T>. A completion runs on the callback thread, exactly
// once if the call that took it succeeded and never if that call did not; a completion may be move-only, and
// is freed when it has run. In a callback a blocking call with a stop answers IN_CALLBACK.
//
// A view shares the follower's state: it may outlive the follower, wherever that was moved, and the view's
// calls then answer as those of a closed follower.
template <class Way>
class follower_calls {
 public:
  follower_calls(std::shared_ptr<detail::follower_state> state, Way way) noexcept
      : state_(std::move(state)), way_(std::move(way)) {}

  // session: the call ends after the last callback of step 6, when the session is ALIVE.
  template <class... How>
  [[nodiscard]] auto create_session(const server_description& description,
                                    const call_options& options = {}, How... how) const {
    return wait(prepare(options, "create_session", &api::follower_create_session,
                        &api::follower_create_session_async, description),
                std::move(how)...);
  }

  // session: takes up the session of an earlier process that is gone, by the id and secret in that process's
  // session object; the answer has the secret for the next time.
  template <class... How>
  [[nodiscard]] auto reattach_session(std::uint64_t session_id,
                                      const interop_sessions_secret& secret,
                                      const call_options& options = {}, How... how) const {
    return wait(prepare(options, "reattach_session", &api::follower_reattach_session,
                        &api::follower_reattach_session_async, session_id, secret),
                std::move(how)...);
  }

  // Everything below means the session of `expected_epoch` and answers WRONG_EPOCH when the follower
  // holds another one by now.

  // std::uint64_t: the item's new revision. compare_revision 0: the item must not exist.
  template <class... How>
  [[nodiscard]] auto set_item(std::uint64_t expected_epoch, std::string_view key, bytes value,
                              std::uint64_t compare_revision = any_revision,
                              const call_options& options = {}, How... how) const {
    return wait(prepare(options, "set_item", &api::follower_set_item, &api::follower_set_item_async,
                        expected_epoch, detail::to_c(key), detail::to_c(value), compare_revision),
                std::move(how)...);
  }

  // void.
  template <class... How>
  [[nodiscard]] auto remove_item(std::uint64_t expected_epoch, std::string_view key,
                                 std::uint64_t compare_revision = any_revision,
                                 const call_options& options = {}, How... how) const {
    return wait(prepare(options, "remove_item", &api::follower_remove_item,
                        &api::follower_remove_item_async, expected_epoch, detail::to_c(key),
                        compare_revision),
                std::move(how)...);
  }

  // std::uint64_t: the revision of all items that were set. All changes are made, or none.
  template <class... How>
  [[nodiscard]] auto apply_items(std::uint64_t expected_epoch,
                                 const std::vector<item_change>& changes,
                                 const call_options& options = {}, How... how) const {
    return wait(prepare(options, "apply_items", &api::follower_apply_items,
                        &api::follower_apply_items_async, expected_epoch, changes,
                        detail::to_c_count(changes.size())),
                std::move(how)...);
  }

  // item.
  template <class... How>
  [[nodiscard]] auto get_item(std::uint64_t expected_epoch, std::string_view key,
                              const call_options& options = {}, How... how) const {
    return wait(prepare(options, "get_item", &api::follower_get_item, &api::follower_get_item_async,
                        expected_epoch, detail::to_c(key)),
                std::move(how)...);
  }

  // std::vector<item>: those whose key begins with `prefix`, in byte order of the keys.
  template <class... How>
  [[nodiscard]] auto list_items(std::uint64_t expected_epoch, std::string_view prefix = {},
                                const call_options& options = {}, How... how) const {
    return wait(prepare(options, "list_items", &api::follower_list_items,
                        &api::follower_list_items_async, expected_epoch, detail::to_c(prefix)),
                std::move(how)...);
  }

  // Sessions of other servers, as their master has them stored; UNKNOWN_SESSION says nothing of the caller's
  // own session.

  // session_page: those whose identity begins with `identity_prefix`, in order of session id. Continue with
  // its next_session_id until that is 0; with a prefix a page may have fewer rows than asked for, even none.
  template <class... How>
  [[nodiscard]] auto list_sessions(std::uint64_t expected_epoch,
                                   std::string_view identity_prefix = {},
                                   std::uint64_t from_session_id = 0, std::uint32_t limit = 0,
                                   const call_options& options = {}, How... how) const {
    return wait(prepare(options, "list_sessions", &api::follower_list_sessions,
                        &api::follower_list_sessions_async, expected_epoch,
                        detail::to_c(identity_prefix), from_session_id, limit),
                std::move(how)...);
  }

  // session_row: of the session that an identity holds.
  template <class... How>
  [[nodiscard]] auto find_session(std::uint64_t expected_epoch, std::string_view identity,
                                  const call_options& options = {}, How... how) const {
    return wait(prepare(options, "find_session", &api::follower_find_session,
                        &api::follower_find_session_async, expected_epoch, detail::to_c(identity)),
                std::move(how)...);
  }

  // std::vector<item>: those of any session whose key begins with `prefix`.
  template <class... How>
  [[nodiscard]] auto list_session_items(std::uint64_t expected_epoch, std::uint64_t session_id,
                                        std::string_view prefix = {},
                                        const call_options& options = {}, How... how) const {
    return wait(prepare(options, "list_session_items", &api::follower_list_session_items,
                        &api::follower_list_session_items_async, expected_epoch, session_id,
                        detail::to_c(prefix)),
                std::move(how)...);
  }

  // access_point: which alive server gives access to `object`?
  template <class... How>
  [[nodiscard]] auto find_access_point(std::uint64_t expected_epoch, access_point_kind kind,
                                       std::string_view object, const call_options& options = {},
                                       How... how) const {
    return wait(
        prepare(options, "find_access_point", &api::follower_find_access_point,
                &api::follower_find_access_point_async, expected_epoch, kind, detail::to_c(object)),
        std::move(how)...);
  }

  // void: the next find_access_point assigns `object` again. `released` is what find_access_point answered,
  // or std::nullopt: whichever assignment there is.
  template <class... How>
  [[nodiscard]] auto release_access_point(std::uint64_t expected_epoch, access_point_kind kind,
                                          std::string_view object,
                                          const released_assignment& released,
                                          const call_options& options = {}, How... how) const {
    return wait(prepare(options, "release_access_point", &api::follower_release_access_point,
                        &api::follower_release_access_point_async, expected_epoch, kind,
                        detail::to_c(object), released),
                std::move(how)...);
  }

  // report_window: the one to report next. Sends the pids that exist here within `window`.
  template <class... How>
  [[nodiscard]] auto report_data(std::uint64_t expected_epoch, const report_window& window,
                                 span<const std::uint64_t> pids, const call_options& options = {},
                                 How... how) const {
    return wait(prepare(options, "report_data", &api::follower_report_data,
                        &api::follower_report_data_async, expected_epoch, detail::to_c(window),
                        pids.data(), detail::to_c_count(pids.size())),
                std::move(how)...);
  }

  // void: gives the session back and ends the follower; session_lost(CLOSED) runs before the master is
  // told. A close cannot be stopped. The blocking form waits a minute at most (TIMED_OUT: the close goes on),
  // no callback runs after it returns, and in a callback of this follower it answers IN_CALLBACK; every other
  // form is allowed there, and its end is the last callback.
  template <class... How, class = std::enable_if_t<!(std::is_integral_v<How> || ...)>>
  [[nodiscard]] auto close(How... how) const {
    return wait(detail::close_call(this->state_), std::move(how)...);
  }

 protected:
  std::shared_ptr<detail::follower_state> state_;

 private:
  template <class... Prepared>
  auto prepare(const call_options& options, const Prepared&... prepared) const {
    return detail::prepare(state_, options, prepared...);
  }

  template <class Call, class... How>
  auto wait(Call call, How... how) const {
    return detail::wait_as(std::move(call), choose(std::move(how)...));
  }

  const Way& choose() const { return way_; }
  template <class How>
  static How choose(How how) {
    return how;
  }

  Way way_;
};

// A session-create callback stays registered as long as this object lives, or its follower.
class registration
    : public detail::owner<interop_sessions_registration, &api::unregister_session_create_cb> {
 public:
  // Waits for a run in progress, but not inside a callback of the same follower. Success says that the
  // registration is over: also the second time, and when the follower is closed. TIMED_OUT: the run is the last,
  // and another call waits on. The destructor waits a minute at most.
  template <class = void>
  [[nodiscard]] result<void> unregister(std::uint32_t timeout_ms = 0) {
    if (library_ == nullptr) {
      return detail::failed(INTEROP_SESSIONS_INVALID_HANDLE, "INVALID_HANDLE",
                            "registration: it was moved to another object");
    }
    return call(functions().unregister_session_create_cb, timeout_ms);
  }

 private:
  friend class follower;
  using owner::owner;
};

// Made by follower_manager::create_follower. Its functions may be called from any thread and, where
// the C header does not name IN_CALLBACK, from its callbacks; these functions answer as the C functions of
// the same name.
//
// The destructor closes: it blocks until no callback runs or will run, for a minute at most. Inside one of
// the follower's own callbacks the destructor does not wait. What the callables hold lives as long as they
// may run.
class follower : public follower_calls<blocking> {
 public:
  follower(follower&&) noexcept = default;
  follower& operator=(follower other) noexcept {
    state_.swap(other.state_);
    return *this;
  }

  ~follower() {
    if (state_ != nullptr) {
      end();
    }
  }

  // The blocking close, for as long as the caller wants to wait; 0: a minute. TIMED_OUT: the data path refuses,
  // the close goes on, and another call waits on.
  using follower_calls::close;
  template <class = void>
  [[nodiscard]] result<void> close(std::uint32_t timeout_ms) const {
    return call(functions().follower_close, timeout_ms);
  }

  // The health gate: renewals go out for so long, and then only after the next report.
  template <class = void>
  [[nodiscard]] result<void> report_health(std::uint32_t healthy_for_ms) const {
    return call(functions().follower_report_health, healthy_for_ms);
  }

  // Cancels what is in progress without blocking the library: completions, futures, coroutines, and calls that
  // a stop may end. Does not wait for their ends.
  template <class = void>
  [[nodiscard]] result<void> cancel_operations() const {
    return call(functions().follower_cancel_operations);
  }

  // Step 6 of later creates: callback(const session&), behind those registered before.
  template <class = void>
  [[nodiscard]] result<registration> register_session_create_cb(
      std::function<void(const session&)> callback) const {
    using held_callback = detail::callbacks_of<std::function<void(const session&)>>;
    const auto trampoline = callback ? &held_callback::session_create_cb : nullptr;
    void* const held = new held_callback{state_->library, std::move(callback)};
    interop_sessions_registration handle{};
    return detail::answer(call(functions().follower_register_session_create_cb, trampoline, held,
                               &detail::release<held_callback>, &handle),
                          [&] { return registration(state_->library, handle, held); });
  }

  // The session as it is now; state NONE before the first session.
  template <class = void>
  [[nodiscard]] result<session> current_session() const {
    auto current = detail::sized<interop_sessions_session_info>();
    return detail::answer(call(functions().follower_session, &current),
                          [&] { return detail::to_cpp(current); });
  }

  // What the follower has counted since it was made.
  template <class = void>
  [[nodiscard]] result<follower_statistics> statistics() const {
    return detail::filled<follower_statistics>(functions(), functions().follower_get_statistics,
                                               handle());
  }

  // The lease of one session, for the data path.
  [[nodiscard]] lease lease_of(std::uint64_t epoch) const noexcept {
    return {state_->lease_word, epoch};
  }
  [[nodiscard]] lease lease_of(const session& session) const noexcept {
    return lease_of(session.epoch);
  }

  // Does the calling thread run a callback of this follower? What waits for another one must not wait
  // there. False when the follower is closed.
  [[nodiscard]] bool in_callback() const noexcept { return state_->runs_here(); }

  [[nodiscard]] interop_sessions_follower handle() const noexcept { return state_->handle; }

  // The state that views share.
  [[nodiscard]] const std::shared_ptr<detail::follower_state>& shared_state() const noexcept {
    return state_;
  }

 private:
  friend class follower_manager;
  using state_ref = std::shared_ptr<detail::follower_state>;

  explicit follower(std::shared_ptr<detail::follower_state> state) noexcept
      : follower_calls(std::move(state), blocking()) {}

  [[nodiscard]] const api& functions() const noexcept { return state_->library->functions; }

  template <class Function, class... Arguments>
  [[nodiscard]] result<void> call(Function function, Arguments... arguments) const {
    return detail::call(functions(), function, state_->handle, arguments...);
  }

  void end() const {
    if (detail::status_of(functions().follower_close, state_->handle, std::uint32_t{0}) ==
        INTEROP_SESSIONS_IN_CALLBACK) {
      const interop_sessions_closed_cb closed = [](void*) noexcept {};
      static_cast<void>(detail::status_of(functions().follower_close_async, state_->handle, closed,
                                          nullptr, nullptr));
    }
  }
};

INTEROP_SESSIONS_END
