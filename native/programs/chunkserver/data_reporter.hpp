#pragma once

#include <cstdint>
#include <interop_sessions/follower.hpp>
#include <stop_token>
#include <vector>

#include "chunkserver/chunk_server_options.hpp"
#include "shared/event_log.hpp"

namespace chunkserver {

// Tells the master which chunk pids this server holds, window by window, round and round through
// the pid space. The master says which window it wants first, and after each report which next.
class DataReporter {
 public:
  DataReporter(const ChunkServerOptions& options, common::EventLog& events);

  // Reports on `session` until one round is done (or for ever, with an interval), the master wants
  // no more, the session is over, or `stop`.
  void Run(interop::sessions::follower& follower, const interop::sessions::session& session,
           std::stop_token stop);

 private:
  std::vector<std::uint64_t> PidsIn(const interop::sessions::report_window& window) const;
  interop::sessions::report_window Wrap(const interop::sessions::report_window& next) const;

  const ChunkServerOptions& options_;
  common::EventLog& events_;
  std::vector<std::uint64_t> pids_;  // sorted
};

}  // namespace chunkserver
