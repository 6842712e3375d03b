// The facade of the harness's classes for C#: primitives only, nothing virtual, everything out of
// line, so that CppSharp makes plain P/Invokes of it (docs/CONTRIBUTING.md). Each class answers for
// the one of the same name. Texts are UTF-8 with their size; a copy_... function writes what fits
// and answers the whole size. A status is an interop_sessions_status.
#pragma once

#include <cstdint>

namespace harness {

// One chunkserver::ChunkServer. Each Start() makes a new one, as a restarted process would. Its
// functions are called from one thread at a time.
class ChunkServer {
 public:
  ChunkServer() noexcept;
  ~ChunkServer() noexcept;
  ChunkServer(const ChunkServer&) = delete;
  ChunkServer& operator=(const ChunkServer&) = delete;

  // The options of the next Start().
  void SetIdentity(const std::uint8_t* text, std::uint32_t size) noexcept;
  void SetMaster(const std::uint8_t* text, std::uint32_t size) noexcept;
  void SetIscsiEndpoint(const std::uint8_t* text, std::uint32_t size) noexcept;
  void SetIscsiSessions(std::uint32_t count) noexcept;
  void SetTermMs(std::uint32_t term_ms) noexcept;
  void SetCreateTimeoutMs(std::uint32_t timeout_ms) noexcept;
  void SetStayLost(bool stay_lost) noexcept;

  // Where its events are appended, line by line; without: nowhere.
  void SetEventFile(const std::uint8_t* path, std::uint32_t size) noexcept;

  // Comes up and asks for a session; does not wait for it. Unless it answers OK it is not up.
  std::int32_t Start() noexcept;

  // Gives the session back. What the other functions tell stays until the next Start().
  void Stop() noexcept;

  // The session as the follower has it, an interop_sessions_session_state.
  std::int32_t SessionState() const noexcept;
  std::uint64_t SessionEpoch() const noexcept;
  std::uint32_t SessionTermMs() const noexcept;

  // Of the leadership that answered it last.
  std::uint64_t MasterEpoch() const noexcept;

  // It said that there will be no session any more.
  bool GaveUp() const noexcept;

  // Why the last Start() failed: "STATUS: message".
  std::uint32_t CopyError(std::uint8_t* buffer, std::uint32_t capacity) const noexcept;

 private:
  friend class AccessHandler;
  friend class NodeServer;

  struct State;

  State* const state_;
};

}  // namespace harness
