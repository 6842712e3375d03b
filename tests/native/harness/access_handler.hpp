#pragma once

#include <cstdint>

#include "chunk_server.hpp"

namespace harness {

// The chunkserver::AccessHandler of a chunk server: which sessions it got and lost since the last
// Start(). `of` outlives it.
class AccessHandler {
 public:
  explicit AccessHandler(const ChunkServer& of) noexcept;
  ~AccessHandler() noexcept;
  AccessHandler(const AccessHandler&) = delete;
  AccessHandler& operator=(const AccessHandler&) = delete;

  std::uint64_t SessionsCreated() const noexcept;
  std::uint64_t SessionsLost() const noexcept;

  // Attempts that ended without a session, and how the last of them did: "STATUS: message".
  std::uint64_t AttemptsFailed() const noexcept;
  std::uint32_t CopyLastFailure(std::uint8_t* buffer, std::uint32_t capacity) const noexcept;

  // Of the last session that was created.
  std::uint64_t CreatedEpoch() const noexcept;
  std::uint64_t GrantedCapabilities() const noexcept;

  // Of the last session that was lost; the reason is an interop_sessions_end_reason.
  std::uint64_t LostEpoch() const noexcept;
  std::int32_t LostReason() const noexcept;

 private:
  const ChunkServer::State* const of_;
};

}  // namespace harness
