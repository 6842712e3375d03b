#include "chunkserver/chunk_server_options.hpp"

#include <interop_sessions/interop_sessions.h>

#include <cstdio>
#include <string_view>

#include "shared/option_parser.hpp"

namespace chunkserver {
namespace {

ItemSetting ParseItem(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    throw common::BadOption("'" + std::string(text) + "' is not KEY=VALUE");
  }
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

void AddSessionOptions(common::OptionParser& parser, ChunkServerOptions& options) {
  parser.AddTexts("master", "HOST:PORT", "a master; repeat it for each", options.masters);
  parser.AddText("identity", "NAME", "stable name of this server", options.identity);
  parser.AddText("nfs", "HOST:PORT", "NFS endpoint that this server offers", options.nfs_endpoint);
  parser.AddText("iscsi", "IQN/HOST:PORT", "iSCSI endpoint that this server offers",
                 options.iscsi_endpoint);
  parser.AddNumber("iscsi-sessions", "N", "iSCSI sessions to serve (2)", options.iscsi_sessions);
  parser.AddNumber("term-ms", "MS", "wished lease term (the master's default)", options.term_ms);
  parser.AddNumber("effect-delay-ms", "MS", "longest time from lease check to effect of an I/O (0)",
                   options.effect_delay_ms);
  parser.AddNumber("create-timeout-ms", "MS", "length of one attempt to get a session (10000)",
                   options.create_timeout_ms);
  parser.AddFlag("no-recreate", "stay without a session when it is lost", options.stay_lost);
}

void AddDataOptions(common::OptionParser& parser, ChunkServerOptions& options) {
  parser.AddNumber("pids", "N", "chunks that this server holds (200)", options.pids);
  parser.AddNumber("report-interval-ms", "MS",
                   "report round and round, a window each MS (0: one round, then stop)",
                   options.report_interval_ms);
  parser.Add("item", "KEY=VALUE", "item to set on each new session; repeatable",
             [&](std::string_view text) { options.items.push_back(ParseItem(text)); });
  parser.AddTexts("remove-item", "KEY", "item to remove again afterwards; repeatable",
                  options.removed_items);
  parser.AddTexts("find-nfs", "OBJECT", "look up the NFS access point of it; repeatable",
                  options.wanted_nfs_objects);
}

void AddProcessOptions(common::OptionParser& parser, ChunkServerOptions& options) {
  common::AddTrustOptions(parser, options.trust);
  parser.AddText("dlopen", "PATH", "load the library from PATH", options.library_path);
  parser.AddFlag("trace", "print the library's whole log", options.trace);
  parser.AddNumber("time-origin-ns", "NS", "CLOCK_BOOTTIME of time 0 in the output (now)",
                   options.time_origin_ns);
}

}  // namespace

std::optional<int> ParseOptions(int argc, char** argv, ChunkServerOptions& options) {
  options.time_origin_ns = interop_sessions_now_ns();
  common::OptionParser parser(
      "A chunk server that holds a session with the meta server. SIGTERM stops it, SIGUSR1 prints "
      "the I/O served.");
  AddSessionOptions(parser, options);
  AddDataOptions(parser, options);
  AddProcessOptions(parser, options);
  if (const auto exit_code = parser.Parse(argc, argv)) {
    return exit_code;
  }
  if (options.masters.empty() || options.identity.empty()) {
    std::fprintf(stderr, "%s: --master and --identity are required (see --help)\n", argv[0]);
    return 2;
  }
  return std::nullopt;
}

}  // namespace chunkserver
