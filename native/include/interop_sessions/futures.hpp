// with_futures: the calls of a follower as std::future, for those without coroutines.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "follower.hpp"

namespace interop::sessions {
inline namespace INTEROP_SESSIONS_INLINE_NAMESPACE {

// A view of a follower, which must live until the calls have begun; futures may outlive it. The
// arguments are copied before a call returns. Each future gets one result, never an exception: the
// answer, the error, or CANCELLED by a stop or the follower's close. Getting it inside a callback of
// the follower would wait for ever: the answer comes on that very thread. Dropping the future neither
// waits nor cancels; a stop does.
class future_follower {
 public:
  explicit future_follower(follower& follower) noexcept : follower_(&follower) {}

  [[nodiscard]] std::future<result<session>> create_session(const session_item_view& item,
                                                            const std::stop_token& stop = {},
                                                            std::uint32_t timeout_ms = 0) const {
    return begin<session>([&](auto completion) {
      return follower_->create_session_async(item, timeout_ms, std::move(completion), stop);
    });
  }

  [[nodiscard]] std::future<result<session>> reattach_session(std::uint64_t session_id,
                                                              const interop_sessions_secret& secret,
                                                              const std::stop_token& stop = {},
                                                              std::uint32_t timeout_ms = 0) const {
    return begin<session>([&](auto completion) {
      return follower_->reattach_session_async(session_id, secret, timeout_ms,
                                               std::move(completion), stop);
    });
  }

  [[nodiscard]] std::future<result<std::uint64_t>> set_item(
      std::uint64_t expected_epoch, std::string_view key, bytes value,
      const std::stop_token& stop = {}, std::uint64_t compare_revision = any_revision,
      std::uint32_t timeout_ms = 0) const {
    return begin<std::uint64_t>([&](auto completion) {
      return follower_->set_item_async(expected_epoch, key, value, compare_revision, timeout_ms,
                                       std::move(completion), stop);
    });
  }

  [[nodiscard]] std::future<result<void>> remove_item(std::uint64_t expected_epoch,
                                                      std::string_view key,
                                                      const std::stop_token& stop = {},
                                                      std::uint64_t compare_revision = any_revision,
                                                      std::uint32_t timeout_ms = 0) const {
    return begin<void>([&](auto completion) {
      return follower_->remove_item_async(expected_epoch, key, compare_revision, timeout_ms,
                                          std::move(completion), stop);
    });
  }

  [[nodiscard]] std::future<result<item>> get_item(std::uint64_t expected_epoch,
                                                   std::string_view key,
                                                   const std::stop_token& stop = {},
                                                   std::uint32_t timeout_ms = 0) const {
    return begin<item>([&](auto completion) {
      return follower_->get_item_async(expected_epoch, key, timeout_ms, std::move(completion),
                                       stop);
    });
  }

  [[nodiscard]] std::future<result<std::vector<item>>> list_items(
      std::uint64_t expected_epoch, std::string_view prefix = {}, const std::stop_token& stop = {},
      std::uint32_t timeout_ms = 0) const {
    return begin<std::vector<item>>([&](auto completion) {
      return follower_->list_items_async(expected_epoch, prefix, timeout_ms, std::move(completion),
                                         stop);
    });
  }

  [[nodiscard]] std::future<result<access_point>> find_access_point(
      std::uint64_t expected_epoch, access_point_kind kind, std::string_view object,
      const std::stop_token& stop = {}, std::uint32_t timeout_ms = 0) const {
    return begin<access_point>([&](auto completion) {
      return follower_->find_access_point_async(expected_epoch, kind, object, timeout_ms,
                                                std::move(completion), stop);
    });
  }

  [[nodiscard]] std::future<result<void>> release_access_point(std::uint64_t expected_epoch,
                                                               access_point_kind kind,
                                                               std::string_view object,
                                                               const released_assignment& released,
                                                               const std::stop_token& stop = {},
                                                               std::uint32_t timeout_ms = 0) const {
    return begin<void>([&](auto completion) {
      return follower_->release_access_point_async(expected_epoch, kind, object, released,
                                                   timeout_ms, std::move(completion), stop);
    });
  }

  [[nodiscard]] std::future<result<report_window>> report_data(std::uint64_t expected_epoch,
                                                               const report_window& window,
                                                               std::span<const std::uint64_t> pids,
                                                               const std::stop_token& stop = {},
                                                               std::uint32_t timeout_ms = 0) const {
    return begin<report_window>([&](auto completion) {
      return follower_->report_data_async(expected_epoch, window, pids, timeout_ms,
                                          std::move(completion), stop);
    });
  }

  // Done when the last callback of the follower runs. A close cannot be stopped.
  [[nodiscard]] std::future<result<void>> close() const {
    return begin<void>([&](auto completion) {
      return follower_->close_async([told = std::move(completion)]() mutable { told({}); });
    });
  }

 private:
  // Shared, since a call that is refused has freed its completion by then.
  template <class T, class Begin>
  static std::future<result<T>> begin(Begin&& begin_call) {
    auto promise = std::make_shared<std::promise<result<T>>>();
    auto future = promise->get_future();
    auto begun =
        begin_call([promise](result<T> outcome) { promise->set_value(std::move(outcome)); });
    if (!begun) {
      promise->set_value(failure(std::move(begun).error()));
    } else if constexpr (requires { begun->detach(); }) {
      begun->detach();
    }
    return future;
  }

  follower* follower_;
};

[[nodiscard]] inline future_follower with_futures(follower& follower) noexcept {
  return future_follower(follower);
}

}  // namespace INTEROP_SESSIONS_INLINE_NAMESPACE
}  // namespace interop::sessions
