#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/trust_options.hpp"

namespace chunkserver {

struct ItemSetting {
  std::string key;
  std::string value;
};

struct ChunkServerOptions {
  std::vector<std::string> masters;
  std::string identity;
  std::string nfs_endpoint;
  std::string iscsi_endpoint;
  std::uint32_t iscsi_sessions = 2;
  std::uint32_t term_ms = 0;
  std::uint32_t effect_delay_ms = 0;
  std::uint32_t create_timeout_ms = 10000;
  std::uint64_t pids = 200;
  std::uint32_t report_interval_ms = 0;
  std::vector<ItemSetting> items;
  std::vector<std::string> removed_items;
  std::vector<std::string> wanted_nfs_objects;
  bool stay_lost = false;
  bool trace = false;
  std::string library_path;
  common::TrustOptions trust;
  std::int64_t time_origin_ns = 0;
};

// Returns the exit code if the program shall end at once.
std::optional<int> ParseOptions(int argc, char** argv, ChunkServerOptions& options);

}  // namespace chunkserver
