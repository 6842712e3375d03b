#include "metaserver/access_manager.hpp"

#include <algorithm>
#include <fstream>
#include <interop_sessions/names.hpp>
#include <string>

namespace metaserver {

using interop::sessions::session_request;
using interop::sessions::to_string;
using interop::sessions::verdict;

interop::sessions::leadership AccessManager::check_leader() {
  if (options_.not_leader_file.empty()) {
    return {.leads = true};
  }
  std::ifstream file(options_.not_leader_file);
  if (!file) {
    return {.leads = true};
  }
  std::string hint;
  std::getline(file, hint);
  return {.leads = false, .hint = hint};
}

verdict AccessManager::session_initialize(const session_request& request,
                                          interop::sessions::session_amendment&) {
  if (std::ranges::count(options_.refused_identities, request.identity) != 0) {
    events_.Print("SessionInitialize refuses ", request.identity);
    return verdict::refuse("this meta server takes no session of " + request.identity);
  }
  return verdict::accept();
}

verdict AccessManager::session_created(const session_request& request,
                                       interop::sessions::session_grant& grant) {
  grant.capabilities &= options_.capabilities;
  grant.report_window = {.start_pid = 0, .report_size = options_.report_size};
  events_.Print("SessionCreated: ", request.identity, ", epoch ", request.epoch, ", term_ms ",
                request.term_ms, ", capabilities ", grant.capabilities);
  return verdict::accept();
}

void AccessManager::session_ended(const session_request& request,
                                  interop::sessions::end_reason reason) {
  ledger_.Forget(request.identity);
  events_.Print("SessionEnded: ", request.identity, " ", to_string(reason), ", epoch ",
                request.epoch);
  const std::lock_guard hold(ended_lock_);
  ++ended_[reason];
}

std::size_t AccessManager::SessionsEnded(interop::sessions::end_reason reason) const {
  const std::lock_guard hold(ended_lock_);
  const auto found = ended_.find(reason);
  return found == ended_.end() ? 0 : found->second;
}

verdict AccessManager::data_report(const interop::sessions::data_report_view& report,
                                   interop::sessions::report_window& next) {
  const auto [new_pids, distinct_pids, rounds_begun] = ledger_.Add(report);
  next.start_pid = report.window.start_pid + report.window.report_size;
  if (next.start_pid >= options_.pid_space) {
    next.start_pid = 0;
  }
  const bool enough = options_.report_rounds != 0 && rounds_begun > options_.report_rounds;
  next.report_size = enough ? 0 : options_.report_size;
  if (new_pids != 0) {
    events_.Print("data report: ", report.identity, ", start_pid ", report.window.start_pid, ", ",
                  new_pids, " new pids, ", distinct_pids, " in all");
  }
  return verdict::accept();
}

}  // namespace metaserver
