#pragma once

#include <cstdint>

#include "chunk_server.hpp"

namespace harness {

// The chunkserver::NodeServer of a chunk server: its iSCSI sessions and their I/O since the last
// Start(). `of` outlives it.
class NodeServer {
 public:
  explicit NodeServer(const ChunkServer& of) noexcept;
  ~NodeServer() noexcept;
  NodeServer(const NodeServer&) = delete;
  NodeServer& operator=(const NodeServer&) = delete;

  std::uint32_t IscsiSessions() const noexcept;
  std::uint32_t IscsiSessionsAlive() const noexcept;

  // May it serve at this moment?
  bool LeaseIsValid() const noexcept;

  std::uint64_t IoServed() const noexcept;
  std::uint64_t IoRefused() const noexcept;

 private:
  const ChunkServer::State* const of_;
};

}  // namespace harness
