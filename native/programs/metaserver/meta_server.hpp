#pragma once

#include <functional>
#include <interop_sessions/interop_sessions.hpp>
#include <memory>
#include <optional>

#include "metaserver/access_manager.hpp"
#include "metaserver/meta_server_options.hpp"
#include "shared/event_log.hpp"

namespace metaserver {

// The process that hosts the SessionMaster, with the AccessManager as its behaviour.
class MetaServer {
 public:
  MetaServer(const MetaServerOptions& options, common::EventLog& events);

  // Prints "ready port=N sessions=M" when chunk servers can connect.
  interop::sessions::result<void> Start(const interop::sessions::api& functions);

  // Sessions stay in the store for the next start.
  interop::sessions::result<void> Stop();

  void PrintSessions();

  // Answers how many there are. After Start().
  interop::sessions::result<std::size_t> ForEachSession(
      const std::function<void(const interop::sessions::session_row&)>& visit);

  // After Start().
  interop::sessions::master& master() { return *master_; }
  const AccessManager& access_manager() const { return *access_manager_; }

 private:
  interop::sessions::library_options LibraryOptions();
  void PrintSession(const interop::sessions::session_row& row);

  const MetaServerOptions& options_;
  common::EventLog& events_;
  const std::shared_ptr<AccessManager> access_manager_;
  std::optional<interop::sessions::library> library_;
  std::optional<interop::sessions::master> master_;
};

}  // namespace metaserver
