#include "chunkserver/run_chunk_server_main.hpp"

#include <atomic>

#include "chunkserver/chunk_server.hpp"
#include "chunkserver/chunk_server_options.hpp"
#include "shared/event_log.hpp"
#include "shared/find_api.hpp"
#include "shared/stop_signals.hpp"

namespace chunkserver {
namespace {

using interop::sessions::failure;
using interop::sessions::result;

// Runs the server until somebody asks it to stop, or until it gave up.
result<void> StartChunkServer(const ChunkServerOptions& options, common::StopSignals& signals,
                              common::EventLog& events, std::atomic<bool>& gave_up) {
  auto functions = common::FindApi(options.library_path);
  if (!functions) {
    return failure(functions.error());
  }
  ChunkServer server(options, events, [&] {
    gave_up = true;
    signals.RequestStop();
  });
  if (auto started = server.Start(*functions); !started) {
    return started;
  }
  while (signals.Wait() != common::StopSignals::Event::kStop) {
    server.PrintServedIo();
  }
  server.Stop();
  return {};
}

}  // namespace

int RunChunkServerMain(int argc, char** argv) {
  ChunkServerOptions options;
  if (const auto exit_code = ParseOptions(argc, argv, options)) {
    return *exit_code;
  }
  common::EventLog events(options.identity, options.time_origin_ns);
  common::StopSignals signals;
  std::atomic<bool> gave_up = false;
  if (const auto outcome = StartChunkServer(options, signals, events, gave_up); !outcome) {
    events.PrintError("chunkserver failed", outcome.error());
    return 1;
  }
  events.Print(gave_up ? "chunkserver gave up" : "chunkserver stopped");
  return gave_up ? 1 : 0;
}

}  // namespace chunkserver
