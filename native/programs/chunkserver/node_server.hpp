#pragma once

#include <cstddef>
#include <cstdint>
#include <interop_sessions/follower.hpp>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "chunkserver/chunk_server_options.hpp"
#include "shared/event_log.hpp"

namespace chunkserver {

// Serves iSCSI sessions while the chunk server holds its session. They become alive when that is
// created and stop being served when it is lost; in between, every single I/O asks the lease first,
// which says no before the master gives the work to another, whatever this process slept through.
class NodeServer {
 public:
  NodeServer(const ChunkServerOptions& options, common::EventLog& events);
  ~NodeServer() { Stop(); }

  // Registers SessionCreateCb and starts the I/O. `follower` stays until Stop() has returned.
  interop::sessions::result<void> Start(interop::sessions::follower& follower);
  void Stop();

  // When it returns, no I/O is on its way and none begins.
  void SessionLost(const interop::sessions::session& session);

  void PrintServedIo();

  struct IscsiSummary {
    std::size_t sessions = 0;
    std::size_t alive = 0;
    std::uint64_t served = 0;
    std::uint64_t refused = 0;
    bool lease_valid = false;
  };

  // All its iSCSI sessions, at one instant. Any thread.
  IscsiSummary Summary() const;

 private:
  struct IscsiSession {
    std::string name;
    bool alive = false;
    std::uint64_t served = 0;
    std::uint64_t refused = 0;
  };

  void SessionCreateCb(const interop::sessions::follower& follower,
                       const interop::sessions::session& session);
  void ServeIo(std::stop_token stop);
  void ServeOneRound();
  void TellChange(bool serving);

  common::EventLog& events_;
  mutable std::mutex lock_;
  std::vector<IscsiSession> iscsi_sessions_;
  interop::sessions::lease lease_;
  bool serving_ = false;
  std::optional<interop::sessions::registration> registration_;
  std::jthread io_thread_;
};

}  // namespace chunkserver
