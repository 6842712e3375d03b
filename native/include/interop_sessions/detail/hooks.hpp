// hooks_of: the behaviour of an access_manager as the functions that the C ABI calls.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "../access_manager.hpp"
#include "library_state.hpp"

INTEROP_SESSIONS_BEGIN
namespace detail {

// The behaviour, which the C library keeps until its last call, and the hooks as functions.
template <class Behaviour>
struct hooks_of {
  library_ref library;
  std::shared_ptr<Behaviour> behaviour;

  // The C library owns the object that is given to it here.
  static interop_sessions_access_manager table(library_ref library,
                                               std::shared_ptr<Behaviour> behaviour) {
    const bool authorizes = behaviour->asks_to_authorize();
    return {.struct_size = sizeof(interop_sessions_access_manager),
            .reserved = 0,
            .user_data = new hooks_of{std::move(library), std::move(behaviour)},
            .check_leader = &check_leader,
            .session_initialize = &session_initialize,
            .session_created = &session_created,
            .session_ended = &session_ended,
            .data_report = &data_report,
            .leadership_changed = &leadership_changed,
            .authorize = authorizes ? &authorize : nullptr,
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
    const bool ran = run(user_data, hook, [&](Behaviour& host) { tell(code(host), to); });
    if (!ran) {
      refuse(hook, to);
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
      answer->leads = said.leads ? 1 : 0;
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

  static void authorize(void* user_data, const interop_sessions_access_request* request,
                        interop_sessions_verdict* to) noexcept {
    judge(user_data, "authorize", to, [&](Behaviour& host) {
      return host.authorize({.right = static_cast<right>(request->right),
                             .caller = view(request->caller),
                             .identity = view(request->identity)});
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
