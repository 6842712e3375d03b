// follower_manager: all followers of one process, on one channel to the masters.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "follower.hpp"
#include "tls.hpp"

INTEROP_SESSIONS_BEGIN

struct follower_manager_options {
  std::vector<std::string> endpoints = {};  // "host:port" or "unix:/path" each, 1 to 16
  std::uint32_t clock_rate_bound_ppm = 0;   // 0: 100000, that is 10 %; or a master's larger one
  std::uint32_t effect_delay_ms = 0;        // the longest time from lease check to effect
  std::optional<tls_options> tls = {};      // empty: no TLS is spoken, and insecure must say so
  insecure_peers insecure = insecure_peers::no;
  std::string token_file = {};  // what shows masters the name of this process; empty: nothing does
};

// Declare the manager before its followers. Destroying the manager closes the followers that still live, and
// blocks until they are closed; inside a callback of one of them it cannot block, and the manager goes on
// until the library's shutdown.
class follower_manager
    : public detail::owner<interop_sessions_follower_manager, &api::follower_manager_close> {
 public:
  // Does not connect yet: an unreachable master is an error of create_session.
  template <class = void>
  [[nodiscard]] static result<follower_manager> create(const library& library,
                                                       const follower_manager_options& options) {
    const auto endpoints = to_c(options.endpoints);
    const detail::tls_view tls(options.tls);
    const interop_sessions_follower_manager_options c_options{
        .struct_size = sizeof(interop_sessions_follower_manager_options),
        .endpoint_count = detail::to_c_count(endpoints.size()),
        .endpoints = endpoints.data(),
        .clock_rate_bound_ppm = options.clock_rate_bound_ppm,
        .effect_delay_ms = options.effect_delay_ms,
        .tls = tls.get(),
        .insecure = static_cast<std::uint32_t>(options.insecure),
        .reserved = 0,
        .token_file = detail::to_c(std::string_view(options.token_file))};
    const api& functions = library.functions();
    interop_sessions_follower_manager handle{};
    return detail::answer(detail::call(functions, functions.follower_manager_create,
                                       library.handle(), &c_options, &handle),
                          [&] { return follower_manager(library.shared_state(), handle); });
  }

  // A follower with no session yet. `identity`: the stable name of this server, 1 to 128 bytes. `lease`:
  // where the follower's lease word shall be, see interop_sessions_follower_options; null: the library's
  // memory.
  template <class = void>
  [[nodiscard]] result<follower> create_follower(std::string_view identity,
                                                 follower_callbacks callbacks = {},
                                                 recreate_policy recreate = {},
                                                 interop_sessions_lease* lease = nullptr) {
    auto state = std::make_shared<detail::follower_state>();
    state->library = library_;
    const interop_sessions_follower_callbacks c_callbacks =
        detail::callbacks_of<follower_callbacks>::table(library_, std::move(callbacks));
    state->held = c_callbacks.user_data;
    const interop_sessions_follower_options c_options{
        .struct_size = sizeof(interop_sessions_follower_options),
        .recreate = recreate,
        .identity = detail::to_c(identity),
        .callbacks = &c_callbacks,
        .lease = lease};
    auto created = call(functions().follower_create, &c_options, &state->handle);
    if (!created) {
      return failure(std::move(created).error());
    }
    follower made(state);
    return detail::answer(made.call(functions().follower_lease, &state->lease_word),
                          [&] { return std::move(made); });
  }

  // Other masters from now on, 1 to 16. Nothing that runs is disturbed: a master that answers stays in use
  // until it fails or says that it does not lead; then, or at once where no master answers, the first new
  // endpoint is next.
  template <class = void>
  [[nodiscard]] result<void> set_endpoints(const std::vector<std::string>& endpoints) const {
    const auto c_endpoints = to_c(endpoints);
    return call(functions().follower_manager_set_endpoints, c_endpoints.data(),
                detail::to_c_count(c_endpoints.size()));
  }

  // How the manager stands with its masters, and what it has counted since it was created.
  template <class = void>
  [[nodiscard]] result<follower_manager_statistics> statistics() const {
    return detail::filled<follower_manager_statistics>(
        functions(), functions().follower_manager_get_statistics, handle());
  }

  // Closes all followers of the manager, then its channels. TIMED_OUT: the close goes on, and another call
  // waits on. IN_CALLBACK from a callback of one of the followers.
  template <class = void>
  [[nodiscard]] result<void> close(std::uint32_t timeout_ms = 0) {
    return call(functions().follower_manager_close, timeout_ms);
  }

 private:
  using owner::owner;

  // Valid as long as the texts.
  template <class String = interop_sessions_string>
  static std::vector<String> to_c(const std::vector<std::string>& texts) {
    return detail::list_of<String>(
        texts.size(), [&](std::size_t i) { return detail::to_c(std::string_view(texts[i])); });
  }
};

INTEROP_SESSIONS_END
