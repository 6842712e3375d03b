#pragma once

#include <cstdint>
#include <functional>
#include <interop_sessions/interop_sessions.hpp>
#include <mutex>
#include <string>

#include "chunkserver/chunk_server_options.hpp"
#include "chunkserver/data_reporter.hpp"
#include "chunkserver/item_publisher.hpp"
#include "chunkserver/session_thread.hpp"
#include "shared/event_log.hpp"

namespace chunkserver {

// Gets the server its session, and a new one when that is lost; reports data and publishes items on
// it. The callbacks run on the follower's callback thread.
class AccessHandler {
 public:
  AccessHandler(const ChunkServerOptions& options, common::EventLog& events,
                std::function<void()> gave_up);

  // `follower` stays until Stop() has returned.
  interop::sessions::result<void> Start(interop::sessions::follower& follower);
  void Stop();

  // Step 5: are the capabilities granted that this server cannot do without?
  bool SessionCreatedCb(const interop::sessions::session& session);

  void SessionLost(const interop::sessions::session& session);

  struct Account {
    std::uint64_t created = 0;
    std::uint64_t lost = 0;
    std::uint64_t failed = 0;  // attempts that ended without a session
    interop::sessions::session last_created = {};
    interop::sessions::session last_lost = {};
    std::string last_failure = {};
  };

  // What became of its sessions so far. Any thread.
  Account Sessions() const;

 private:
  interop::sessions::result<void> CreateSession();
  void CreateSessionEnded(const interop::sessions::result<interop::sessions::session>& outcome);
  void CreateSessionOrGiveUp();
  std::vector<interop::sessions::endpoint> OfferedEndpoints() const;
  std::uint64_t OfferedCapabilities() const;

  const ChunkServerOptions& options_;
  common::EventLog& events_;
  const std::function<void()> gave_up_;
  interop::sessions::follower* follower_ = nullptr;
  DataReporter data_reporter_;
  ItemPublisher item_publisher_;
  mutable std::mutex account_lock_;
  Account account_;

  // The last members: their threads use those above.
  SessionThread report_thread_;
  SessionThread item_thread_;
};

}  // namespace chunkserver
