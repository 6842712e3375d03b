#include "chunkserver/node_server.hpp"

#include <chrono>
#include <utility>

#include "chunkserver/session_thread.hpp"

namespace chunkserver {

using interop::sessions::failure;
using interop::sessions::result;
using interop::sessions::session;

namespace {

constexpr std::chrono::milliseconds kIoInterval{5};

}  // namespace

NodeServer::NodeServer(const ChunkServerOptions& options, common::EventLog& events)
    : events_(events) {
  if (options.iscsi_endpoint.empty()) {
    return;
  }
  for (std::uint32_t i = 1; i <= options.iscsi_sessions; ++i) {
    iscsi_sessions_.push_back({.name = options.iscsi_endpoint + "#" + std::to_string(i)});
  }
}

result<void> NodeServer::Start(interop::sessions::follower& follower) {
  auto registered = follower.register_session_create_cb(
      [this, &follower](const session& created) { SessionCreateCb(follower, created); });
  if (!registered) {
    return failure(registered.error());
  }
  registration_.emplace(std::move(*registered));
  io_thread_ = std::jthread([this](std::stop_token stop) { ServeIo(std::move(stop)); });
  return {};
}

void NodeServer::Stop() {
  registration_.reset();
  if (io_thread_.joinable()) {
    io_thread_.request_stop();
    io_thread_.join();
    PrintServedIo();
  }
}

void NodeServer::SessionCreateCb(const interop::sessions::follower& follower,
                                 const session& created) {
  const std::lock_guard hold(lock_);
  lease_ = follower.lease_of(created);
  serving_ = true;
  for (IscsiSession& each : iscsi_sessions_) {
    each.alive = true;
    events_.Print("iSCSI session alive: ", each.name, ", epoch ", created.epoch);
  }
}

void NodeServer::SessionLost(const session& lost) {
  const std::lock_guard hold(lock_);
  lease_ = {};
  serving_ = false;
  for (IscsiSession& each : iscsi_sessions_) {
    if (std::exchange(each.alive, false)) {
      events_.Print("iSCSI session stopped: ", each.name, ", epoch ", lost.epoch);
    }
  }
}

void NodeServer::PrintServedIo() {
  const std::lock_guard hold(lock_);
  for (const IscsiSession& each : iscsi_sessions_) {
    events_.Print("iSCSI I/O: ", each.name, " served ", each.served, ", refused ", each.refused);
  }
}

NodeServer::IscsiSummary NodeServer::Summary() const {
  const std::lock_guard hold(lock_);
  IscsiSummary summary{.sessions = iscsi_sessions_.size(), .lease_valid = lease_.valid()};
  for (const IscsiSession& each : iscsi_sessions_) {
    summary.alive += each.alive ? 1 : 0;
    summary.served += each.served;
    summary.refused += each.refused;
  }
  return summary;
}

void NodeServer::ServeIo(std::stop_token stop) {
  while (WaitFor(stop, kIoInterval)) {
    ServeOneRound();
  }
}

void NodeServer::ServeOneRound() {
  const std::lock_guard hold(lock_);
  for (IscsiSession& each : iscsi_sessions_) {
    if (!each.alive) {
      continue;
    }
    const bool may_serve = lease_.valid();
    ++(may_serve ? each.served : each.refused);
    TellChange(may_serve);
  }
}

void NodeServer::TellChange(bool serving) {
  if (std::exchange(serving_, serving) != serving) {
    events_.Print(serving ? "iSCSI I/O served again: the lease is valid"
                          : "iSCSI I/O refused: the lease is not valid");
  }
}

}  // namespace chunkserver
