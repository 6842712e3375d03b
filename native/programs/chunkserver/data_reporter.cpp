#include "chunkserver/data_reporter.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "chunkserver/may_heal.hpp"
#include "chunkserver/session_thread.hpp"

namespace chunkserver {

using interop::sessions::report_window;

namespace {

constexpr std::chrono::milliseconds kRetryPause{500};

// Chunks come and go, so a server's pids have gaps: here, every second one.
std::vector<std::uint64_t> HeldPids(std::uint64_t count) {
  std::vector<std::uint64_t> pids(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    pids[i] = 2 * i;
  }
  return pids;
}

}  // namespace

DataReporter::DataReporter(const ChunkServerOptions& options, common::EventLog& events)
    : options_(options), events_(events), pids_(HeldPids(options.pids)) {}

void DataReporter::Run(interop::sessions::follower& follower,
                       const interop::sessions::session& session, std::stop_token stop) {
  report_window window = session.report_window;
  std::uint64_t windows = 0;
  std::uint64_t reported = 0;
  std::optional<std::uint64_t> told;
  while (window.report_size != 0 && !stop.stop_requested()) {
    const auto pids = PidsIn(window);
    const auto next = follower.report_data(session.epoch, window, pids, stop);
    if (!next) {
      events_.PrintError("data report", next.error());
      if (MayHeal(next.error().status) && WaitFor(stop, kRetryPause)) {
        continue;
      }
      return;
    }
    ++windows;
    reported += pids.size();
    const report_window following = Wrap(*next);
    if (following.start_pid <= window.start_pid) {
      if (std::exchange(told, reported) != reported) {
        events_.Print("data report: round complete, ", windows, " windows, ", reported, " pids");
      }
      if (options_.report_interval_ms == 0) {
        return;
      }
      windows = reported = 0;
    }
    window = following;
    if (!WaitFor(stop, std::chrono::milliseconds(options_.report_interval_ms))) {
      return;
    }
  }
  if (window.report_size == 0) {
    events_.Print("data report: the master wants no more");
  }
}

std::vector<std::uint64_t> DataReporter::PidsIn(const report_window& window) const {
  const auto first = std::lower_bound(pids_.begin(), pids_.end(), window.start_pid);
  const auto last = std::partition_point(first, pids_.end(), [&](std::uint64_t pid) {
    return pid - window.start_pid < window.report_size;
  });
  return {first, last};
}

report_window DataReporter::Wrap(const report_window& next) const {
  const bool beyond_all = pids_.empty() || next.start_pid > pids_.back();
  return beyond_all ? report_window{0, next.report_size} : next;
}

}  // namespace chunkserver
