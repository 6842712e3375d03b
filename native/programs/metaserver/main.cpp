#include "metaserver/meta_server.hpp"
#include "metaserver/meta_server_options.hpp"
#include "shared/event_log.hpp"
#include "shared/find_api.hpp"
#include "shared/stop_signals.hpp"

namespace metaserver {
namespace {

using interop::sessions::failure;
using interop::sessions::result;

// Serves until somebody asks it to stop.
result<void> RunMetaServer(const MetaServerOptions& options, common::StopSignals& signals,
                           common::EventLog& events) {
  const auto functions = common::FindApi(options.library_path);
  if (!functions) {
    return failure(functions.error());
  }
  MetaServer server(options, events);
  if (auto started = server.Start(*functions); !started) {
    return started;
  }
  while (signals.Wait() != common::StopSignals::Event::kStop) {
    server.PrintSessions();
  }
  return server.Stop();
}

}  // namespace
}  // namespace metaserver

int main(int argc, char** argv) {
  metaserver::MetaServerOptions options;
  if (const auto exit_code = metaserver::ParseOptions(argc, argv, options)) {
    return *exit_code;
  }
  common::EventLog events("master", options.time_origin_ns);
  common::StopSignals signals;
  if (const auto outcome = metaserver::RunMetaServer(options, signals, events); !outcome) {
    events.PrintError("metaserver failed", outcome.error());
    return 1;
  }
  events.Print("metaserver stopped");
  return 0;
}
