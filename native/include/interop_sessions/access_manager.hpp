// access_manager: the behaviour of a master, supplied by its host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "detail/conversions.hpp"

INTEROP_SESSIONS_BEGIN

// What decides which of several masters leads.
enum class leadership_source : std::uint32_t {
  store = INTEROP_SESSIONS_LEADERSHIP_STORE,
  host = INTEROP_SESSIONS_LEADERSHIP_HOST,
};

struct leadership {
  bool leads = true;
  std::string hint = {};    // where the leader is, "host:port", at most 255 bytes; may be empty
  std::uint64_t epoch = 0;  // with leadership HOST: the number of the host's leadership
  // For how long a yes counts after check_leader was called; 0: 2000, which is also the most.
  std::uint32_t valid_for_ms = 0;
};

// What a host is told of a leadership of its master.
struct leadership_info {
  bool leads = false;  // true: the leadership begins; false: it has ended
  std::uint64_t master_epoch = 0;
  std::string reason = {};           // why the leadership has ended, for people
  interop_sessions_master master{};  // for the C ABI: master::start may not have returned yet
};

struct session_amendment {
  std::uint32_t term_ms = 0;
  std::uint64_t capabilities = 0;
};

struct session_grant {
  std::uint64_t capabilities = 0;
  interop::sessions::report_window report_window = {};
};

// A data report; the views are valid until the hook returns.
struct data_report_view {
  std::uint64_t session_id = 0;
  std::uint64_t epoch = 0;
  std::string_view identity;
  report_window window;
  span<const std::uint64_t> pids;
};

enum class right : std::uint32_t {
  hold = INTEROP_SESSIONS_RIGHT_HOLD,
  read = INTEROP_SESSIONS_RIGHT_READ,
  administer = INTEROP_SESSIONS_RIGHT_ADMINISTER,
  serve = INTEROP_SESSIONS_RIGHT_SERVE,
  assign = INTEROP_SESSIONS_RIGHT_ASSIGN,
};

// What authorize is asked; the views are valid until the hook returns.
struct access_request {
  interop::sessions::right right = interop::sessions::right::hold;
  std::string_view caller;    // the name that it has shown; empty: none
  std::string_view identity;  // of a list: of those that begin so; empty: of none, or of all
};

// Derive from access_manager and override what shall differ from the defaults. Threads: the master's hook
// threads; hooks about one identity run one after the other, hooks of different identities may run at the
// same time, and check_leader at the same time as any of them. A hook that throws has refused.
class access_manager {
 public:
  access_manager() = default;
  access_manager(const access_manager&) = delete;
  access_manager& operator=(const access_manager&) = delete;
  virtual ~access_manager() = default;

  // Is this host the leader? Called at each create and re-attach, and every 250 ms.
  virtual leadership check_leader() { return {}; }

  // Before a session is persisted. `amendment` holds what the follower asked for.
  virtual verdict session_initialize(const session_request&, session_amendment&) { return {}; }

  // After the session is persisted: fills the reply. `grant` holds the offered capabilities and no report.
  virtual verdict session_created(const session_request&, session_grant&) { return {}; }

  // After a session's durable removal: from here on the session's work may be given to another server.
  virtual void session_ended(const session_request&, end_reason) {}

  // A leadership begins, before any other hook of that leadership, or has ended, after the last.
  virtual void leadership_changed(const leadership_info&) {}

  // May the caller? Asked only where asks_to_authorize() says so when the master starts: each call then waits
  // for it, on up to four threads of this hook's own.
  virtual verdict authorize(const access_request&) { return {}; }
  [[nodiscard]] virtual bool asks_to_authorize() const noexcept { return false; }

  // `next` holds the window just reported; report_size 0 ends the report.
  virtual verdict data_report(const data_report_view&, report_window&) {
    return verdict::refuse("this master takes no data report");
  }
};

INTEROP_SESSIONS_END
