#pragma once

#include <functional>
#include <interop_sessions/interop_sessions.hpp>
#include <string>
#include <vector>

#include "support/history.h"

namespace interop::sessions::tests {

/// One run of a hook.
struct HookCall {
  std::string hook;  // as "session_initialize", or "session_ended REVOKED"
  session_request request;
  std::int64_t at_ns = 0;
};

/// An AccessManager that behaves as the test says and notes what it was asked. Set the functions
/// before the master starts.
class ScriptedAccessManager : public access_manager {
 public:
  std::function<leadership()> on_check_leader = [] { return leadership{}; };
  std::function<verdict(const session_request&, session_amendment&)> on_session_initialize =
      [](const auto&, auto&) { return verdict::accept(); };
  std::function<verdict(const session_request&, session_grant&)> on_session_created =
      [](const auto&, auto&) { return verdict::accept(); };
  std::function<void(const session_request&, end_reason)> on_session_ended = [](const auto&,
                                                                                end_reason) {};
  std::function<verdict(const data_report_view&, report_window&)> on_data_report =
      [](const auto&, auto&) { return verdict::refuse("no report is wanted"); };

  std::function<void(const leadership_info&)> on_leadership_changed = [](const leadership_info&) {};

  /// Empty: the master does not ask.
  std::function<verdict(const access_request&)> on_authorize = {};

  History<HookCall> calls;

  leadership check_leader() override { return on_check_leader(); }

  verdict session_initialize(const session_request& request, session_amendment& amended) override {
    Note("session_initialize", request);
    return on_session_initialize(request, amended);
  }

  verdict session_created(const session_request& request, session_grant& grant) override {
    Note("session_created", request);
    return on_session_created(request, grant);
  }

  void session_ended(const session_request& request, end_reason reason) override {
    Note("session_ended " + to_string(reason), request);
    on_session_ended(request, reason);
  }

  void leadership_changed(const leadership_info& leadership) override {
    on_leadership_changed(leadership);
  }

  verdict authorize(const access_request& request) override { return on_authorize(request); }

  [[nodiscard]] bool asks_to_authorize() const noexcept override { return on_authorize != nullptr; }

  verdict data_report(const data_report_view& report, report_window& next) override {
    return on_data_report(report, next);
  }

  /// Waits until the hook ran for an identity.
  bool WaitFor(const std::string& hook, const std::string& identity, size_t times = 1) const {
    return calls.Wait(Matching(hook, identity), times);
  }

  std::vector<HookCall> CallsOf(const std::string& hook, const std::string& identity) const {
    std::vector<HookCall> found = calls.All();
    std::erase_if(found, std::not_fn(Matching(hook, identity)));
    return found;
  }

  size_t CountOf(const std::string& hook, const std::string& identity) const {
    return calls.Count(Matching(hook, identity));
  }

 private:
  static std::function<bool(const HookCall&)> Matching(const std::string& hook,
                                                       const std::string& identity) {
    return [=](const HookCall& call) {
      return call.hook == hook && call.request.identity == identity;
    };
  }

  void Note(const std::string& hook, const session_request& request) {
    calls.Add({hook, request, interop_sessions_now_ns()});
  }
};

}  // namespace interop::sessions::tests
