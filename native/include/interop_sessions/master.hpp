// master: the SessionMaster, hosted in this process.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "detail/hooks.hpp"
#include "detail/ways.hpp"
#include "tls.hpp"

INTEROP_SESSIONS_BEGIN

// An etcd cluster as the store of several masters; empty texts and 0 are the defaults.
struct etcd_options {
  std::string endpoints = {};  // "host:port", separated by commas
  std::string prefix = {};
  std::string username = {};
  std::string password = {};
  std::uint32_t leader_term_ms = 0;
  std::optional<tls_options> tls = {};  // empty: no TLS is spoken, and insecure must say so
  insecure_peers insecure = insecure_peers::no;
  std::string password_file = {};  // instead of password
};

// 0 is the default of each number; the C header states defaults and limits.
struct master_options {
  std::string listen_address = {};  // "host:port"; port 0: any
  std::string store_path = {};
  std::uint32_t term_ms = 0;
  std::uint32_t min_term_ms = 0;
  std::uint32_t max_term_ms = 0;
  std::uint32_t max_sessions = 0;
  std::uint32_t max_items_per_session = 0;
  std::uint32_t max_item_bytes = 0;
  std::uint64_t max_session_bytes = 0;
  std::uint64_t store_max_bytes = 0;
  std::uint32_t max_renewals_per_second = 0;
  std::uint32_t clock_rate_bound_ppm = 0;  // followers with a smaller one go by it
  std::optional<etcd_options> etcd = {};   // instead of store_path
  std::string advertise_address = {};
  leadership_source leadership = leadership_source::store;
  bool create_store = false;  // a store that is missing or empty shall be a new cluster
  std::uint32_t max_access_points_per_identity = 0;
  std::optional<tls_options> tls = {};  // empty: no TLS is spoken, and insecure must say so
  insecure_peers insecure = insecure_peers::no;
  std::string authorization_file = {};  // who may do what; empty: everybody everything
  std::string tokens_file = {};
  std::string admin_listen_address = {};  // "host:port"; empty: administration is at listen_address
  std::string unix_socket = {};           // the file of a Unix socket that serves both, too
};

namespace detail {

// What a master shares with its calls in progress, which may be awaited longer than the master lives.
struct master_state {
  // The thread of the completions runs one of them as long as this object lives.
  class running_here {
   public:
    explicit running_here(master_state& of) noexcept : of_(of) {
      of_.inside = std::this_thread::get_id();
    }
    running_here(const running_here&) = delete;
    running_here& operator=(const running_here&) = delete;
    ~running_here() { of_.inside = std::thread::id(); }

   private:
    master_state& of_;
  };

  // Does the calling thread run a completion of this master? Another completion never comes there.
  [[nodiscard]] bool runs_here() const noexcept {
    return inside.load() == std::this_thread::get_id();
  }
  [[nodiscard]] running_here running() noexcept { return running_here(*this); }

  library_ref library;
  interop_sessions_master handle{};
  std::atomic<std::thread::id> inside{};
};

}  // namespace detail

struct master_leadership {
  bool leads = false;
  std::uint64_t master_epoch = 0;  // 0 while the master may not act
};

// A master serves as long as this object lives. Destroy the object anywhere but in the master's own hooks:
// there it cannot wait for them, so the master goes on until the library's shutdown. The destructor waits a
// minute for hooks, and what the hooks use lives as long as they run. The functions may be called from any
// thread, and answer as the C functions of the same name.
class master : public detail::owner<interop_sessions_master, &api::master_stop> {
 public:
  // Blocks until followers can connect. The master keeps `behaviour` until no hook can run; empty: all
  // defaults.
  template <class = void>
  [[nodiscard]] static result<master> start(const library& library, const master_options& options,
                                            std::shared_ptr<access_manager> behaviour = nullptr) {
    interop_sessions_master_options c_options = to_c(options);
    const detail::tls_view tls(options.tls);
    c_options.tls = tls.get();
    static const std::optional<tls_options> none;
    const detail::tls_view tls_of_etcd(options.etcd ? options.etcd->tls : none);
    interop_sessions_etcd_options c_etcd{};
    if (options.etcd) {
      c_etcd = to_c(*options.etcd);
      c_etcd.tls = tls_of_etcd.get();
      c_options.etcd = &c_etcd;
    }
    interop_sessions_access_manager hooks{};
    if (behaviour != nullptr) {
      hooks = detail::hooks_of<access_manager>::table(library.shared_state(), std::move(behaviour));
      c_options.access_manager = &hooks;
    }
    const api& functions = library.functions();
    interop_sessions_master handle{};
    auto started =
        detail::call(functions, functions.master_start, library.handle(), &c_options, &handle);
    return detail::answer(std::move(started),
                          [&] { return master(library.shared_state(), handle, hooks.user_data); });
  }

  // No hook runs after the call returns. TIMED_OUT: the stop goes on, and another call waits on. IN_CALLBACK
  // from a hook of this master.
  template <class = void>
  [[nodiscard]] result<void> stop(std::uint32_t timeout_ms = 0) {
    return call(functions().master_stop, timeout_ms);
  }

  template <class = void>
  [[nodiscard]] result<std::uint16_t> port() const {
    std::uint16_t port = 0;
    return detail::answer(call(functions().master_port, &port), [&] { return port; });
  }

  // May this master act, as far as it knows?
  template <class = void>
  [[nodiscard]] result<master_leadership> leads() const {
    std::int32_t leads = 0;
    std::uint64_t epoch = 0;
    return detail::answer(call(functions().master_leads, &leads, &epoch), [&] {
      return master_leadership{leads != 0, epoch};
    });
  }

  // Lets another master lead. TIMED_OUT: it still resigns, and another call waits on. IN_CALLBACK from a hook of
  // this master.
  template <class = void>
  [[nodiscard]] result<void> resign(std::uint32_t timeout_ms = 0) {
    return call(functions().master_resign, timeout_ms);
  }

  // How the master stands, and what it has counted since it was started.
  template <class = void>
  [[nodiscard]] result<master_statistics> statistics() const {
    return detail::filled<master_statistics>(functions(), functions().master_get_statistics,
                                             handle());
  }

  // One page in order of session id; continue with its next_session_id until that is 0.
  template <class = void>
  [[nodiscard]] result<session_page> list_sessions(std::uint64_t from_session_id = 0,
                                                   std::uint32_t limit = 0) const {
    return read<interop_sessions_session_page>(functions().master_list_sessions, from_session_id,
                                               limit);
  }

  // How many sessions the list would show.
  template <class = void>
  [[nodiscard]] result<std::uint64_t> count_sessions() const {
    std::uint64_t count = 0;
    return detail::answer(call(functions().master_count_sessions, &count), [&] { return count; });
  }

  // What the list would show of one session.
  template <class = void>
  [[nodiscard]] result<session_row> get_session(std::uint64_t session_id) const {
    return read<interop_sessions_session_row>(functions().master_get_session, session_id);
  }

  // The same for the session that an identity holds.
  template <class = void>
  [[nodiscard]] result<session_row> find_session(std::string_view identity) const {
    return read<interop_sessions_session_row>(functions().master_find_session,
                                              detail::to_c(identity));
  }

  // One item of a session.
  template <class = void>
  [[nodiscard]] result<item> get_item(std::uint64_t session_id, std::string_view key) const {
    return read<interop_sessions_item>(functions().master_get_item, session_id, detail::to_c(key));
  }

  // The items of a session whose key begins with `prefix`.
  template <class = void>
  [[nodiscard]] result<std::vector<item>> list_items(std::uint64_t session_id,
                                                     std::string_view prefix = {}) const {
    return read<interop_sessions_item_page>(functions().master_list_items, session_id,
                                            detail::to_c(prefix));
  }

  // void: durable when the call ends; the holder stops first, then session_ended(REVOKED) runs. Has all forms
  // of a call (call.hpp); a completion runs on a thread that this master has for them, in order.
  template <class... How>
  [[nodiscard]] auto revoke_session(std::uint64_t session_id, std::uint64_t epoch,
                                    std::string_view reason, const call_options& options = {},
                                    How... how) {
    // Prepared where it is called, not wherever this header is included.
    auto prepared = detail::prepare(detail::when_called<How...>(state_), options, "revoke_session",
                                    &api::master_revoke_session, &api::master_revoke_session_async,
                                    session_id, epoch, detail::to_c(reason));
    if constexpr (sizeof...(How) == 0) {
      return prepared.block();
    } else {
      return detail::wait_as(std::move(prepared), std::move(how)...);
    }
  }

 private:
  template <class = void>
  master(const detail::library_ref& library, interop_sessions_master handle, const void* held)
      : owner(library, handle, held) {
    state_->library = library;
    state_->handle = handle;
  }

  // What a function answers in memory of the library.
  template <class Told, class Function, class... Arguments>
  [[nodiscard]] auto read(Function function, Arguments... arguments) const
      -> result<decltype(detail::to_cpp(std::declval<const Told&>()))> {
    detail::library_memory<Told> told(functions());
    return detail::answer(call(function, arguments..., told.receive()),
                          [&] { return detail::to_cpp(*told); });
  }

  static interop_sessions_master_options to_c(const master_options& options) noexcept {
    return {.struct_size = sizeof(interop_sessions_master_options),
            .reserved = 0,
            .listen_address = detail::to_c(std::string_view(options.listen_address)),
            .store_path = detail::to_c(std::string_view(options.store_path)),
            .access_manager = nullptr,
            .term_ms = options.term_ms,
            .min_term_ms = options.min_term_ms,
            .max_term_ms = options.max_term_ms,
            .max_sessions = options.max_sessions,
            .max_items_per_session = options.max_items_per_session,
            .max_item_bytes = options.max_item_bytes,
            .max_session_bytes = options.max_session_bytes,
            .store_max_bytes = options.store_max_bytes,
            .max_renewals_per_second = options.max_renewals_per_second,
            .clock_rate_bound_ppm = options.clock_rate_bound_ppm,
            .etcd = nullptr,
            .advertise_address = detail::to_c(std::string_view(options.advertise_address)),
            .leadership = static_cast<std::uint32_t>(options.leadership),
            .insecure = static_cast<std::uint32_t>(options.insecure),
            .create_store = options.create_store ? 1U : 0U,
            .max_access_points_per_identity = options.max_access_points_per_identity,
            .tls = nullptr,
            .authorization_file = detail::to_c(std::string_view(options.authorization_file)),
            .tokens_file = detail::to_c(std::string_view(options.tokens_file)),
            .admin_listen_address = detail::to_c(std::string_view(options.admin_listen_address)),
            .unix_socket = detail::to_c(std::string_view(options.unix_socket))};
  }

  // Views of `options`, which must outlive it.
  static interop_sessions_etcd_options to_c(const etcd_options& options) noexcept {
    return {.struct_size = sizeof(interop_sessions_etcd_options),
            .leader_term_ms = options.leader_term_ms,
            .endpoints = detail::to_c(std::string_view(options.endpoints)),
            .prefix = detail::to_c(std::string_view(options.prefix)),
            .username = detail::to_c(std::string_view(options.username)),
            .password = detail::to_c(std::string_view(options.password)),
            .password_file = detail::to_c(std::string_view(options.password_file)),
            .tls = nullptr,
            .insecure = static_cast<std::uint32_t>(options.insecure),
            .reserved = 0};
  }

  std::shared_ptr<detail::master_state> state_ = std::make_shared<detail::master_state>();
};

INTEROP_SESSIONS_END
