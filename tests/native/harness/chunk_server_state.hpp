#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "chunk_server.hpp"
#include "chunkserver/chunk_server.hpp"
#include "event_file.hpp"
#include "shared/event_log.hpp"

namespace harness {

// One life of a chunk server, from Start() on. It keeps what the real classes hold references to.
struct ChunkServerLife {
  explicit ChunkServerLife(chunkserver::ChunkServerOptions given, const std::string& event_file)
      : options(std::move(given)),
        output(OpenEventFile(event_file)),
        events(options.identity, options.time_origin_ns, output.get()),
        server(options, events, [this] { gave_up = true; }) {}

  const chunkserver::ChunkServerOptions options;
  const EventFile output;
  common::EventLog events;
  std::atomic<bool> gave_up = false;
  chunkserver::ChunkServer server;  // the last member: it uses those above
};

struct ChunkServer::State {
  chunkserver::ChunkServerOptions options;
  std::string event_file = "/dev/null";
  std::string error;
  std::optional<ChunkServerLife> life;
};

}  // namespace harness
