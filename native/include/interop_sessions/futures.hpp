// as_future and with_futures: calls whose end is a std::future, for programs without coroutines.
#pragma once

#include <future>

#include "follower.hpp"

INTEROP_SESSIONS_BEGIN

namespace detail {

// The arguments are copied before a call returns. Each future gets one result, never an exception: the
// answer, the error, or CANCELLED by a stop or the follower's close. Getting the result inside a callback of
// the follower would wait forever: the answer comes on that very thread. Dropping the future neither waits
// nor cancels; a stop does.
struct into_future : way {
  template <class Call>
  std::future<result<typename Call::type>> operator()(const Call& call) const {
    using answer = result<typename Call::type>;
    // Shared, since a call that is refused has freed its completion by then.
    const auto promise = std::make_shared<std::promise<answer>>();
    auto begun = begin_detached(
        call, [promise](answer ended) { promise->set_value(std::move(ended)); }, call.make_link());
    if (!begun) {
      promise->set_value(failure(std::move(begun).error()));
    }
    return promise->get_future();
  }
};

}  // namespace detail

// Stands last in a call: `server.get_item(epoch, "rack", stop, as_future)`.
inline constexpr detail::into_future as_future{};

using future_follower = follower_calls<detail::into_future>;

[[nodiscard]] inline future_follower with_futures(const follower& follower) noexcept {
  return {follower.shared_state(), as_future};
}

INTEROP_SESSIONS_END
