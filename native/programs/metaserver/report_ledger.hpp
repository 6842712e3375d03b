#pragma once

#include <cstddef>
#include <cstdint>
#include <interop_sessions/access_manager.hpp>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace metaserver {

// Which pids each server reported, and how often it went round. Any thread.
class ReportLedger {
 public:
  struct Progress {
    std::size_t new_pids = 0;
    std::size_t distinct_pids = 0;
    std::uint64_t rounds_begun = 0;
  };

  // A round begins with the window at pid 0. Where it ends only the server knows: it turns back
  // behind its last pid.
  Progress Add(const interop::sessions::data_report_view& report);

  std::size_t DistinctPids(std::string_view identity) const;

  void Forget(std::string_view identity);

 private:
  struct Account {
    std::unordered_set<std::uint64_t> pids;
    std::uint64_t rounds_begun = 0;
  };

  mutable std::mutex lock_;
  std::map<std::string, Account, std::less<>> accounts_;
};

}  // namespace metaserver
