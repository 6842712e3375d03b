#include "metaserver/report_ledger.hpp"

namespace metaserver {

ReportLedger::Progress ReportLedger::Add(const interop::sessions::data_report_view& report) {
  const std::lock_guard hold(lock_);
  Account& account = accounts_[std::string(report.identity)];
  const std::size_t before = account.pids.size();
  account.pids.insert(report.pids.begin(), report.pids.end());
  if (report.window.start_pid == 0) {
    ++account.rounds_begun;
  }
  return {account.pids.size() - before, account.pids.size(), account.rounds_begun};
}

std::size_t ReportLedger::DistinctPids(std::string_view identity) const {
  const std::lock_guard hold(lock_);
  const auto found = accounts_.find(identity);
  return found == accounts_.end() ? 0 : found->second.pids.size();
}

void ReportLedger::Forget(std::string_view identity) {
  const std::lock_guard hold(lock_);
  const auto found = accounts_.find(identity);
  if (found != accounts_.end()) {
    accounts_.erase(found);
  }
}

}  // namespace metaserver
