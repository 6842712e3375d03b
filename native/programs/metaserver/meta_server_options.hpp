#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "shared/trust_options.hpp"

namespace metaserver {

struct MetaServerOptions {
  std::string listen_address = "127.0.0.1:0";
  std::string store_path;
  bool create_store = false;
  std::uint32_t term_ms = 0;
  std::uint32_t min_term_ms = 0;
  std::uint32_t max_term_ms = 0;
  std::uint64_t capabilities = std::numeric_limits<std::uint64_t>::max();
  std::uint32_t report_size = 64;
  std::uint64_t pid_space = 65536;
  std::uint64_t report_rounds = 0;
  std::vector<std::string> refused_identities;
  std::string not_leader_file;
  bool trace = false;
  std::string library_path;
  common::TrustOptions trust;
  std::int64_t time_origin_ns = 0;
};

// Returns the exit code if the program shall end at once.
std::optional<int> ParseOptions(int argc, char** argv, MetaServerOptions& options);

}  // namespace metaserver
