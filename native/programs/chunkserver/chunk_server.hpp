#pragma once

#include <functional>
#include <interop_sessions/interop_sessions.hpp>
#include <optional>

#include "chunkserver/access_handler.hpp"
#include "chunkserver/chunk_server_options.hpp"
#include "chunkserver/node_server.hpp"
#include "shared/event_log.hpp"

namespace chunkserver {

// One chunk server: its session, and the parts that live by it.
class ChunkServer {
 public:
  // `gave_up` is called once, on a thread of the library, when there will be no session any more.
  ChunkServer(const ChunkServerOptions& options, common::EventLog& events,
              std::function<void()> gave_up);
  ~ChunkServer();
  ChunkServer(const ChunkServer&) = delete;
  ChunkServer& operator=(const ChunkServer&) = delete;

  // Comes up and asks for a session; does not wait for it.
  interop::sessions::result<void> Start(const interop::sessions::api& functions);

  // Gives the session back, and returns when nothing is served and no callback runs any more.
  void Stop();

  void PrintServedIo() { node_server_.PrintServedIo(); }

  // As its follower sees it now; state NONE before Start() and after Stop(), with which this must
  // not run at the same time.
  interop::sessions::session Session() const;

  const AccessHandler& access_handler() const { return access_handler_; }
  const NodeServer& node_server() const { return node_server_; }

 private:
  interop::sessions::library_options LibraryOptions();
  interop::sessions::follower_callbacks FollowerCallbacks();
  interop::sessions::result<void> OpenFollower(const interop::sessions::api& functions);

  const ChunkServerOptions& options_;
  common::EventLog& events_;
  AccessHandler access_handler_;
  NodeServer node_server_;

  // Destroyed first, in reverse order: the callbacks reach into the parts above.
  std::optional<interop::sessions::library> library_;
  std::optional<interop::sessions::follower_manager> manager_;
  std::optional<interop::sessions::follower> follower_;
};

}  // namespace chunkserver
