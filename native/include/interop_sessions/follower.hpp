// follower: one session with the master, kept alive by a loop of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "follower_calls.hpp"
#include "lease.hpp"
#include "registration.hpp"

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {

// Made by follower_manager::create_follower. Its functions may be called from any thread and, where
// the C header does not name IN_CALLBACK, from its callbacks; they answer as the C functions of the
// same name. timeout_ms 0 is the default that the C header states.
//
// Most come in three forms. The plain one blocks. With a stop token it blocks until a stop is requested,
// and answers CANCELLED then. The one named _async does not block: completion(result<T>) runs on the
// callback thread, exactly once if the call succeeded and never if it did not; it may be move-only, and
// is freed when it has run. The operation that it answers cancels when it is destroyed. futures.hpp and
// coroutines.hpp have the forms with std::future and co_await.
//
// The destructor closes: it blocks until no callback runs or will run. Inside one of the follower's
// own callbacks it cannot wait; it then closes as close_async does, and the callables live until
// that is done. Destroy the follower before its manager and the library, or after those have ended,
// but not at the same time on another thread.
class follower : private detail::follower_calls {
 public:
  follower(follower&&) noexcept = default;
  follower& operator=(follower&& other) noexcept {
    follower replaced(std::move(*this));
    state_ = std::move(other.state_);
    return *this;
  }

  ~follower() {
    if (state_ != nullptr && detail::is_in_callback(close())) {
      if (const auto closing = close_async([] {}); detail::is_in_callback(closing)) {
        detail::keep_forever(std::move(state_));
      }
    }
  }

  // Gets a session: returns after the last callback of step 6, when the session is ALIVE.
  result<session> create_session(const session_item_view& item, std::uint32_t timeout_ms = 0) {
    const interop_sessions_session_item c_item = detail::to_c(item);
    auto created = empty<interop_sessions_session_info>();
    return detail::answer(call(functions().follower_create_session, &c_item, timeout_ms, &created),
                          [&] { return detail::to_cpp(created); });
  }

  // The same until a stop is requested. Not from a callback of this follower: IN_CALLBACK.
  result<session> create_session(const session_item_view& item, const std::stop_token& stop,
                                 std::uint32_t timeout_ms = 0) {
    return wait<session>(stop, [&](auto completion) {
      return create_session_async(item, timeout_ms, std::move(completion), stop);
    });
  }

  // The same without blocking: completion(result<session>).
  template <class Completion>
  [[nodiscard]] result<operation> create_session_async(const session_item_view& item,
                                                       std::uint32_t timeout_ms,
                                                       Completion completion,
                                                       const std::stop_token& stop = {}) {
    const interop_sessions_session_item c_item = detail::to_c(item);
    return begin("create_session_async", std::move(completion), stop,
                 functions().follower_create_session_async,
                 &detail::pending_call<Completion>::create_session, &c_item, timeout_ms);
  }

  // Takes up the session of an earlier process that is gone, with what its session object said; the
  // new one has the secret for the next time.
  result<session> reattach_session(std::uint64_t session_id, const interop_sessions_secret& secret,
                                   std::uint32_t timeout_ms = 0) {
    auto reattached = empty<interop_sessions_session_info>();
    return detail::answer(
        call(functions().follower_reattach_session, session_id, secret, timeout_ms, &reattached),
        [&] { return detail::to_cpp(reattached); });
  }

  result<session> reattach_session(std::uint64_t session_id, const interop_sessions_secret& secret,
                                   const std::stop_token& stop, std::uint32_t timeout_ms = 0) {
    return wait<session>(stop, [&](auto completion) {
      return reattach_session_async(session_id, secret, timeout_ms, std::move(completion), stop);
    });
  }

  template <class Completion>
  [[nodiscard]] result<operation> reattach_session_async(std::uint64_t session_id,
                                                         const interop_sessions_secret& secret,
                                                         std::uint32_t timeout_ms,
                                                         Completion completion,
                                                         const std::stop_token& stop = {}) {
    return begin("reattach_session_async", std::move(completion), stop,
                 functions().follower_reattach_session_async,
                 &detail::pending_call<Completion>::create_session, session_id, secret, timeout_ms);
  }

  // The health gate: renewals go out for so long, and then only after the next report.
  result<void> report_health(std::uint32_t healthy_for_ms) {
    return call(functions().follower_report_health, healthy_for_ms);
  }

  // Step 6 of later creates: callback(const session&), behind those registered before.
  [[nodiscard]] result<registration> register_session_create_cb(
      std::function<void(const session&)> callback) {
    const auto trampoline = callback ? &detail::tell_session_create_cb : nullptr;
    auto added = std::make_shared<detail::session_create_cb>();
    added->library = state_->library;
    added->callback = std::move(callback);
    state_->remember(added);
    interop_sessions_registration handle{};
    auto outcome = call(functions().follower_register_session_create_cb, trampoline,
                        static_cast<void*>(added.get()), &handle);
    if (!outcome) {
      state_->forget(added.get());
      return failure(std::move(outcome).error());
    }
    return registration(state_, added.get(), handle);
  }

  // The session as it is now; state NONE before the first.
  [[nodiscard]] result<session> current_session() const {
    auto current = empty<interop_sessions_session_info>();
    return detail::answer(call(functions().follower_session, &current),
                          [&] { return detail::to_cpp(current); });
  }

  // The lease of one session, for the data path.
  [[nodiscard]] lease lease_of(std::uint64_t epoch) const noexcept {
    return {state_->lease_word, epoch};
  }
  [[nodiscard]] lease lease_of(const session& session) const noexcept {
    return lease_of(session.epoch);
  }

  // Everything below means the session of `expected_epoch` and answers WRONG_EPOCH when the
  // follower holds another one by now.

  // Answers the item's new revision. compare_revision 0: the item must not exist.
  result<std::uint64_t> set_item(std::uint64_t expected_epoch, std::string_view key, bytes value,
                                 std::uint64_t compare_revision = any_revision,
                                 std::uint32_t timeout_ms = 0) {
    std::uint64_t revision = 0;
    return detail::answer(call(functions().follower_set_item, expected_epoch, detail::to_c(key),
                               detail::to_c(value), compare_revision, timeout_ms, &revision),
                          [&] { return revision; });
  }

  result<std::uint64_t> set_item(std::uint64_t expected_epoch, std::string_view key, bytes value,
                                 const std::stop_token& stop,
                                 std::uint64_t compare_revision = any_revision,
                                 std::uint32_t timeout_ms = 0) {
    return wait<std::uint64_t>(stop, [&](auto completion) {
      return set_item_async(expected_epoch, key, value, compare_revision, timeout_ms,
                            std::move(completion), stop);
    });
  }

  // completion(result<std::uint64_t>).
  template <class Completion>
  [[nodiscard]] result<operation> set_item_async(std::uint64_t expected_epoch, std::string_view key,
                                                 bytes value, std::uint64_t compare_revision,
                                                 std::uint32_t timeout_ms, Completion completion,
                                                 const std::stop_token& stop = {}) {
    return begin("set_item_async", std::move(completion), stop, functions().follower_set_item_async,
                 &detail::pending_call<Completion>::set_item, expected_epoch, detail::to_c(key),
                 detail::to_c(value), compare_revision, timeout_ms);
  }

  result<void> remove_item(std::uint64_t expected_epoch, std::string_view key,
                           std::uint64_t compare_revision = any_revision,
                           std::uint32_t timeout_ms = 0) {
    return call(functions().follower_remove_item, expected_epoch, detail::to_c(key),
                compare_revision, timeout_ms);
  }

  result<void> remove_item(std::uint64_t expected_epoch, std::string_view key,
                           const std::stop_token& stop,
                           std::uint64_t compare_revision = any_revision,
                           std::uint32_t timeout_ms = 0) {
    return wait<void>(stop, [&](auto completion) {
      return remove_item_async(expected_epoch, key, compare_revision, timeout_ms,
                               std::move(completion), stop);
    });
  }

  // completion(result<void>).
  template <class Completion>
  [[nodiscard]] result<operation> remove_item_async(std::uint64_t expected_epoch,
                                                    std::string_view key,
                                                    std::uint64_t compare_revision,
                                                    std::uint32_t timeout_ms, Completion completion,
                                                    const std::stop_token& stop = {}) {
    return begin("remove_item_async", std::move(completion), stop,
                 functions().follower_remove_item_async,
                 &detail::pending_call<Completion>::remove_item, expected_epoch, detail::to_c(key),
                 compare_revision, timeout_ms);
  }

  [[nodiscard]] result<item> get_item(std::uint64_t expected_epoch, std::string_view key,
                                      std::uint32_t timeout_ms = 0) const {
    detail::library_memory<interop_sessions_item> found(functions());
    return detail::answer(call(functions().follower_get_item, expected_epoch, detail::to_c(key),
                               timeout_ms, found.receive()),
                          [&] { return detail::to_cpp(*found); });
  }

  [[nodiscard]] result<item> get_item(std::uint64_t expected_epoch, std::string_view key,
                                      const std::stop_token& stop,
                                      std::uint32_t timeout_ms = 0) const {
    return wait<item>(stop, [&](auto completion) {
      return get_item_async(expected_epoch, key, timeout_ms, std::move(completion), stop);
    });
  }

  // completion(result<item>).
  template <class Completion>
  [[nodiscard]] result<operation> get_item_async(std::uint64_t expected_epoch, std::string_view key,
                                                 std::uint32_t timeout_ms, Completion completion,
                                                 const std::stop_token& stop = {}) const {
    return begin("get_item_async", std::move(completion), stop, functions().follower_get_item_async,
                 &detail::pending_call<Completion>::get_item, expected_epoch, detail::to_c(key),
                 timeout_ms);
  }

  // The items whose key begins with `prefix`, in byte order of the keys.
  [[nodiscard]] result<std::vector<item>> list_items(std::uint64_t expected_epoch,
                                                     std::string_view prefix = {},
                                                     std::uint32_t timeout_ms = 0) const {
    detail::library_memory<interop_sessions_item_page> page(functions());
    return detail::answer(call(functions().follower_list_items, expected_epoch,
                               detail::to_c(prefix), timeout_ms, page.receive()),
                          [&] { return detail::to_cpp(*page); });
  }

  [[nodiscard]] result<std::vector<item>> list_items(std::uint64_t expected_epoch,
                                                     std::string_view prefix,
                                                     const std::stop_token& stop,
                                                     std::uint32_t timeout_ms = 0) const {
    return wait<std::vector<item>>(stop, [&](auto completion) {
      return list_items_async(expected_epoch, prefix, timeout_ms, std::move(completion), stop);
    });
  }

  // completion(result<std::vector<item>>).
  template <class Completion>
  [[nodiscard]] result<operation> list_items_async(std::uint64_t expected_epoch,
                                                   std::string_view prefix,
                                                   std::uint32_t timeout_ms, Completion completion,
                                                   const std::stop_token& stop = {}) const {
    return begin("list_items_async", std::move(completion), stop,
                 functions().follower_list_items_async,
                 &detail::pending_call<Completion>::list_items, expected_epoch,
                 detail::to_c(prefix), timeout_ms);
  }

  // Which alive server gives access to `object`?
  [[nodiscard]] result<access_point> find_access_point(std::uint64_t expected_epoch,
                                                       access_point_kind kind,
                                                       std::string_view object,
                                                       std::uint32_t timeout_ms = 0) const {
    auto found = empty<interop_sessions_access_point>();
    return detail::answer(call(functions().follower_find_access_point, expected_epoch, kind,
                               detail::to_c(object), timeout_ms, &found),
                          [&] { return detail::to_cpp(found); });
  }

  [[nodiscard]] result<access_point> find_access_point(std::uint64_t expected_epoch,
                                                       access_point_kind kind,
                                                       std::string_view object,
                                                       const std::stop_token& stop,
                                                       std::uint32_t timeout_ms = 0) const {
    return wait<access_point>(stop, [&](auto completion) {
      return find_access_point_async(expected_epoch, kind, object, timeout_ms,
                                     std::move(completion), stop);
    });
  }

  // completion(result<access_point>).
  template <class Completion>
  [[nodiscard]] result<operation> find_access_point_async(
      std::uint64_t expected_epoch, access_point_kind kind, std::string_view object,
      std::uint32_t timeout_ms, Completion completion, const std::stop_token& stop = {}) const {
    return begin("find_access_point_async", std::move(completion), stop,
                 functions().follower_find_access_point_async,
                 &detail::pending_call<Completion>::find_access_point, expected_epoch, kind,
                 detail::to_c(object), timeout_ms);
  }

  // Whoever asks for `object` next has it assigned anew. `released` is what find_access_point
  // answered, or std::nullopt: whichever assignment there is.
  result<void> release_access_point(std::uint64_t expected_epoch, access_point_kind kind,
                                    std::string_view object, const released_assignment& released,
                                    std::uint32_t timeout_ms = 0) {
    return call(functions().follower_release_access_point, expected_epoch, kind,
                detail::to_c(object), released.get(), timeout_ms);
  }

  result<void> release_access_point(std::uint64_t expected_epoch, access_point_kind kind,
                                    std::string_view object, const released_assignment& released,
                                    const std::stop_token& stop, std::uint32_t timeout_ms = 0) {
    return wait<void>(stop, [&](auto completion) {
      return release_access_point_async(expected_epoch, kind, object, released, timeout_ms,
                                        std::move(completion), stop);
    });
  }

  // completion(result<void>).
  template <class Completion>
  [[nodiscard]] result<operation> release_access_point_async(
      std::uint64_t expected_epoch, access_point_kind kind, std::string_view object,
      const released_assignment& released, std::uint32_t timeout_ms, Completion completion,
      const std::stop_token& stop = {}) {
    return begin("release_access_point_async", std::move(completion), stop,
                 functions().follower_release_access_point_async,
                 &detail::pending_call<Completion>::release_access_point, expected_epoch, kind,
                 detail::to_c(object), released.get(), timeout_ms);
  }

  // Sends the pids that exist here within `window`; answers the window to report next.
  result<report_window> report_data(std::uint64_t expected_epoch, const report_window& window,
                                    std::span<const std::uint64_t> pids,
                                    std::uint32_t timeout_ms = 0) {
    interop_sessions_report_window next{};
    return detail::answer(
        call(functions().follower_report_data, expected_epoch, detail::to_c(window), pids.data(),
             detail::to_c_count(pids.size()), timeout_ms, &next),
        [&] { return detail::to_cpp(next); });
  }

  result<report_window> report_data(std::uint64_t expected_epoch, const report_window& window,
                                    std::span<const std::uint64_t> pids,
                                    const std::stop_token& stop, std::uint32_t timeout_ms = 0) {
    return wait<report_window>(stop, [&](auto completion) {
      return report_data_async(expected_epoch, window, pids, timeout_ms, std::move(completion),
                               stop);
    });
  }

  // completion(result<report_window>).
  template <class Completion>
  [[nodiscard]] result<operation> report_data_async(std::uint64_t expected_epoch,
                                                    const report_window& window,
                                                    std::span<const std::uint64_t> pids,
                                                    std::uint32_t timeout_ms, Completion completion,
                                                    const std::stop_token& stop = {}) {
    return begin("report_data_async", std::move(completion), stop,
                 functions().follower_report_data_async,
                 &detail::pending_call<Completion>::report_data, expected_epoch,
                 detail::to_c(window), pids.data(), detail::to_c_count(pids.size()), timeout_ms);
  }

  // Gives the session back and ends the follower: session_lost(CLOSED) runs before the master is
  // told. No callback runs after it returns. IN_CALLBACK from a callback of this follower.
  result<void> close() {
    auto outcome = call(functions().follower_close);
    if (outcome) {
      state_->release_callbacks();
    }
    return outcome;
  }

  // The same without blocking, also from inside callbacks: closed() is the very last callback.
  template <class Closed>
  result<void> close_async(Closed closed) {
    using completion_type = detail::close_completion<Closed>;
    auto pending = std::unique_ptr<completion_type>(new completion_type{state_, std::move(closed)});
    auto outcome = call(functions().follower_close_async, &completion_type::run,
                        static_cast<void*>(pending.get()));
    if (outcome) {
      static_cast<void>(pending.release());
    }
    return outcome;
  }

  // Does the calling thread run a callback of this follower? What waits for another one must not
  // wait there. False when the follower is closed.
  using follower_calls::in_callback;

  [[nodiscard]] interop_sessions_follower handle() const noexcept { return state_->handle; }

 private:
  friend class follower_manager;

  explicit follower(std::shared_ptr<detail::follower_state> state) noexcept
      : follower_calls(std::move(state)) {}
};

}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
