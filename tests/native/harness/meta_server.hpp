#pragma once

#include <cstdint>

namespace harness {

// One metaserver::MetaServer with its AccessManager: what the master knows of the sessions. Each
// Start() makes a new one, as a restarted process would; the store stays. Its functions are called
// from one thread at a time. Conventions: chunk_server.hpp.
class MetaServer {
 public:
  MetaServer() noexcept;
  ~MetaServer() noexcept;
  MetaServer(const MetaServer&) = delete;
  MetaServer& operator=(const MetaServer&) = delete;

  // The options of the next Start().
  void SetStore(const std::uint8_t* path, std::uint32_t size) noexcept;
  void SetListenAddress(const std::uint8_t* text, std::uint32_t size) noexcept;
  void SetTermMs(std::uint32_t term_ms) noexcept;  // the only one that it grants
  void SetCapabilities(std::uint64_t capabilities) noexcept;
  void RefuseIdentity(const std::uint8_t* text, std::uint32_t size) noexcept;

  // Where its events are appended, line by line; without: nowhere.
  void SetEventFile(const std::uint8_t* path, std::uint32_t size) noexcept;

  // Returns when chunk servers can connect. Unless it answers OK it is not up.
  std::int32_t Start() noexcept;
  std::int32_t Stop() noexcept;

  // While it is up; 0 otherwise.
  std::uint32_t Port() const noexcept;
  std::uint32_t Sessions() const noexcept;
  std::uint64_t MasterEpoch() const noexcept;

  // Of the session of an identity; 0: it has none.
  std::uint64_t SessionEpoch(const std::uint8_t* identity, std::uint32_t size) const noexcept;

  // The sessions whose end the AccessManager was told of, by interop_sessions_end_reason, since
  // the last Start().
  std::uint32_t SessionsEnded(std::int32_t reason) const noexcept;

  std::int32_t Revoke(const std::uint8_t* identity, std::uint32_t size) noexcept;

  // Why the last call that answers a status failed: "STATUS: message".
  std::uint32_t CopyError(std::uint8_t* buffer, std::uint32_t capacity) const noexcept;

 private:
  struct State;

  State* const state_;
};

}  // namespace harness
