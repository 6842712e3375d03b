// access_manager: the behaviour of a master, supplied by its host.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "library.hpp"

INTEROP_SESSIONS_BEGIN

// What a hook decided. `return verdict::accept();` or `return verdict::refuse("disk is failing");`
struct verdict {
  std::optional<std::string> refusal = {};  // the reason reaches the follower, cut at 255 bytes

  static verdict accept() { return {}; }
  static verdict refuse(std::string reason) { return {std::move(reason)}; }
};

struct leadership {
  bool is_leader = true;
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

  // `next` holds the window just reported; report_size 0 ends the report.
  virtual verdict data_report(const data_report_view&, report_window&) {
    return verdict::refuse("this master takes no data report");
  }
};

namespace detail {

// Into a NUL-terminated array, cut at the end of a UTF-8 character.
inline void copy_text(std::string_view text, char* to, std::size_t capacity) noexcept {
  std::size_t size = std::min(text.size(), capacity - 1);
  while (size > 0 && size < text.size() && (text[size] & 0xc0) == 0x80) {
    --size;
  }
  std::copy_n(text.data(), size, to);
  to[size] = '\0';
}

// The behaviour, which the C library keeps until its last call, and the hooks as functions.
template <class Behaviour>
struct hooks_of {
  library_ref library;
  std::shared_ptr<Behaviour> behaviour;

  // The C library owns the object that is given to it here.
  static interop_sessions_access_manager table(library_ref library,
                                               std::shared_ptr<Behaviour> behaviour) {
    return {.struct_size = sizeof(interop_sessions_access_manager),
            .reserved = 0,
            .user_data = new hooks_of{std::move(library), std::move(behaviour)},
            .check_leader = &check_leader,
            .session_initialize = &session_initialize,
            .session_created = &session_created,
            .session_ended = &session_ended,
            .data_report = &data_report,
            .leadership_changed = &leadership_changed,
            .release = &release<hooks_of>};
  }

 private:
  // Runs code(behaviour) for the library. False: it threw.
  template <class Code>
  static bool run(void* user_data, const char* hook, Code&& code) noexcept {
    const callback_scope scope;
    const auto& self = *static_cast<const hooks_of*>(user_data);
    return run_guarded(self.library->options, hook, [&] { code(*self.behaviour); });
  }

  // The same for code that answers a verdict. Code that throws has refused.
  template <class Code>
  static void judge(void* user_data, const char* hook, interop_sessions_verdict* to,
                    Code&& code) noexcept {
    const auto refuse = [&](std::string_view reason) {
      to->refuse = 1;
      copy_text(reason, to->reason, sizeof(to->reason));
    };
    const bool ran = run(user_data, hook, [&](Behaviour& host) {
      if (const verdict said = code(host); said.refusal) {
        refuse(*said.refusal);
      }
    });
    if (!ran) {
      refuse(hook);
      copy_text(" failed on the master", to->reason + std::string_view(hook).size(),
                sizeof(to->reason) - std::string_view(hook).size());
    }
  }

  static void check_leader(void* user_data, interop_sessions_leader_answer* answer) noexcept {
    run(user_data, "check_leader", [&](Behaviour& host) {
      const leadership said = host.check_leader();
      copy_text(said.hint, answer->hint, sizeof(answer->hint));
      answer->epoch = said.epoch;
      answer->valid_for_ms = said.valid_for_ms;
      answer->leads = said.is_leader ? 1 : 0;
    });
  }

  static void session_initialize(void* user_data, const interop_sessions_session_request* request,
                                 interop_sessions_session_amendment* amendment,
                                 interop_sessions_verdict* to) noexcept {
    judge(user_data, "session_initialize", to, [&](Behaviour& host) {
      session_amendment amended{amendment->term_ms, amendment->capabilities};
      verdict said = host.session_initialize(to_cpp(*request), amended);
      amendment->term_ms = amended.term_ms;
      amendment->capabilities = amended.capabilities;
      return said;
    });
  }

  static void session_created(void* user_data, const interop_sessions_session_request* request,
                              interop_sessions_session_grant* grant,
                              interop_sessions_verdict* to) noexcept {
    judge(user_data, "session_created", to, [&](Behaviour& host) {
      session_grant granted{grant->capabilities, {grant->report_start_pid, grant->report_size}};
      verdict said = host.session_created(to_cpp(*request), granted);
      grant->capabilities = granted.capabilities;
      grant->report_start_pid = granted.report_window.start_pid;
      grant->report_size = granted.report_window.report_size;
      return said;
    });
  }

  static void session_ended(void* user_data, const interop_sessions_session_request* request,
                            const interop_sessions_session_end* end) noexcept {
    run(user_data, "session_ended", [&](Behaviour& host) {
      session_request ended = to_cpp(*request);
      ended.end_text = view(end->text);
      host.session_ended(ended, end->reason);
    });
  }

  static void leadership_changed(void* user_data,
                                 const interop_sessions_leadership_info* leadership) noexcept {
    run(user_data, "leadership_changed", [&](Behaviour& host) {
      host.leadership_changed({.leads = leadership->leads != 0,
                               .master_epoch = leadership->master_epoch,
                               .reason = std::string(view(leadership->reason)),
                               .master = leadership->master});
    });
  }

  static void data_report(void* user_data, const interop_sessions_data_report* report,
                          interop_sessions_report_window* next,
                          interop_sessions_verdict* to) noexcept {
    judge(user_data, "data_report", to, [&](Behaviour& host) {
      const data_report_view seen{.session_id = report->session_id,
                                  .epoch = report->epoch,
                                  .identity = view(report->identity),
                                  .window = to_cpp(*report->window),
                                  .pids = span_of(report->pids, report->pid_count)};
      report_window next_window = to_cpp(*next);
      verdict said = host.data_report(seen, next_window);
      *next = to_c(next_window);
      return said;
    });
  }
};

}  // namespace detail
INTEROP_SESSIONS_END
