#include "metaserver/meta_server_options.hpp"

#include <interop_sessions/interop_sessions.h>

#include <cstdio>

#include "shared/option_parser.hpp"

namespace metaserver {
namespace {

void AddMasterOptions(common::OptionParser& parser, MetaServerOptions& options) {
  parser.AddText("listen", "HOST:PORT", "address to serve on (127.0.0.1:0; port 0: any)",
                 options.listen_address);
  parser.AddText("store", "PATH", "SQLite file of the sessions; required", options.store_path);
  parser.AddFlag("create", "a store that is missing or empty shall be a new cluster",
                 options.create_store);
  parser.AddNumber("term-ms", "MS", "lease term for those who wish none (10000)", options.term_ms);
  parser.AddNumber("min-term-ms", "MS", "shortest term granted (1000)", options.min_term_ms);
  parser.AddNumber("max-term-ms", "MS", "longest term granted (60000)", options.max_term_ms);
}

void AddPolicyOptions(common::OptionParser& parser, MetaServerOptions& options) {
  parser.AddNumber("capabilities", "MASK", "capability bits that are granted (all)",
                   options.capabilities);
  parser.AddNumber("report-size", "N", "pids in a window of the data report (64; 0: no report)",
                   options.report_size);
  parser.AddNumber("pid-space", "N", "the report wraps to pid 0 here (65536)", options.pid_space);
  parser.AddNumber("report-rounds", "N", "rounds after which a report ends (0: never)",
                   options.report_rounds);
  parser.AddTexts("refuse", "IDENTITY", "refuse a session to it; repeatable",
                  options.refused_identities);
  parser.AddText("not-leader-file", "PATH",
                 "while this file exists, not the leader; its first line is the hint",
                 options.not_leader_file);
}

void AddProcessOptions(common::OptionParser& parser, MetaServerOptions& options) {
  common::AddTrustOptions(parser, options.trust);
  parser.AddText("dlopen", "PATH", "load the library from PATH", options.library_path);
  parser.AddFlag("trace", "print the library's whole log", options.trace);
  parser.AddNumber("time-origin-ns", "NS", "CLOCK_BOOTTIME of time 0 in the output (now)",
                   options.time_origin_ns);
}

}  // namespace

std::optional<int> ParseOptions(int argc, char** argv, MetaServerOptions& options) {
  options.time_origin_ns = interop_sessions_now_ns();
  common::OptionParser parser(
      "A meta server that hosts the session master. SIGTERM stops it, SIGUSR1 prints the "
      "sessions.");
  AddMasterOptions(parser, options);
  AddPolicyOptions(parser, options);
  AddProcessOptions(parser, options);
  if (const auto exit_code = parser.Parse(argc, argv)) {
    return exit_code;
  }
  if (options.store_path.empty()) {
    std::fprintf(stderr, "%s: --store is required (see --help)\n", argv[0]);
    return 2;
  }
  return std::nullopt;
}

}  // namespace metaserver
