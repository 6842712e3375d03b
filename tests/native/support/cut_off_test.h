#pragma once

#include <optional>

#include "support/session_test.h"
#include "support/tcp_proxy.h"

namespace interop::sessions::tests {

/// A test whose follower has a session, and a network to its master that can be cut.
class CutOffTest : public SessionTest {
 protected:
  void SetUp() override {
    StartMaster();
    network_.emplace(port());
    manager_.emplace(ManagerAt(network_->endpoint()));
    server_.emplace(*manager_, "server", Script());
    epoch_ = server_->Create({.endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "192.0.2.1:2049"}}})
                 .epoch;
  }

  void TearDown() override {
    network_->Set(TcpProxy::Traffic::kFlows);
    server_.reset();
    manager_.reset();
    EXPECT_TRUE(failed_callbacks_.All().empty());
  }

  /// What the callbacks of the follower do.
  virtual CallbackScript Script() { return {}; }

  follower& server() { return **server_; }

  /// What is asked for from now on stays without an answer.
  void CutOff() { network_->Set(TcpProxy::Traffic::kSilent); }

  std::optional<TcpProxy> network_;
  std::optional<follower_manager> manager_;
  std::optional<WatchedFollower> server_;
  std::uint64_t epoch_ = 0;
};

}  // namespace interop::sessions::tests
