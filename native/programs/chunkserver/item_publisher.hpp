#pragma once

#include <interop_sessions/follower.hpp>
#include <stop_token>

#include "chunkserver/chunk_server_options.hpp"
#include "shared/event_log.hpp"

namespace chunkserver {

// Hangs the server's small facts on each new session, as the options say: sets items, lists them,
// removes some, and looks up NFS access points. A stop ends the call that is on its way.
class ItemPublisher {
 public:
  ItemPublisher(const ChunkServerOptions& options, common::EventLog& events)
      : options_(options), events_(events) {}

  void Run(interop::sessions::follower& follower, const interop::sessions::session& session,
           std::stop_token stop);

 private:
  void SetItems(interop::sessions::follower& follower, std::uint64_t epoch,
                const std::stop_token& stop);
  void RemoveItems(interop::sessions::follower& follower, std::uint64_t epoch,
                   const std::stop_token& stop);
  void ListItems(const interop::sessions::follower& follower, std::uint64_t epoch,
                 const std::stop_token& stop);
  void FindNfs(const interop::sessions::follower& follower, std::uint64_t epoch,
               const std::stop_token& stop);

  const ChunkServerOptions& options_;
  common::EventLog& events_;
};

}  // namespace chunkserver
