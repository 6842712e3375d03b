#pragma once

#include <gtest/gtest.h>

#include <interop_sessions/interop_sessions.hpp>
#include <memory>
#include <optional>
#include <string>

#include "support/eventually.h"
#include "support/history.h"
#include "support/must.h"
#include "support/scripted_access_manager.h"
#include "support/temporary_directory.h"
#include "support/watched_follower.h"

namespace interop::sessions::tests {

/// One record of the library's log.
struct LogEvent {
  std::string message;
  std::string step;
  std::string identity;
};

/// A test with the library, one master that can be restarted at its port, and one follower manager.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest();

  /// Starts the master: first at any port, later at the same.
  void StartMaster();
  void StopMaster();

  std::uint16_t port() const { return port_; }
  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
  master& master_here() { return *master_; }
  ScriptedAccessManager& hooks() { return *hooks_; }
  const library& library_here() const { return *library_; }

  /// The one manager of most tests; made at its first use.
  follower_manager& manager();
  follower_manager ManagerAt(const std::string& endpoint, std::uint32_t effect_delay_ms = 0);

  /// The row of an identity in the master's list.
  std::optional<session_row> RowOf(const std::string& identity);

  /// What tests change before they start the master.
  master_options options_;
  TemporaryDirectory directory_;
  History<LogEvent> log_;
  Journal failed_callbacks_;

  /// Hooks run until the master stops, which is after the test's own variables are gone: they write
  /// here, or hold what they write to by a shared_ptr.
  Journal journal_;

 private:
  std::shared_ptr<ScriptedAccessManager> hooks_ = std::make_shared<ScriptedAccessManager>();
  std::optional<library> library_;
  std::optional<master> master_;
  std::optional<follower_manager> manager_;
  std::uint16_t port_ = 0;
};

/// The same with the master started.
class SessionTestWithMaster : public SessionTest {
 protected:
  void SetUp() override { StartMaster(); }
};

}  // namespace interop::sessions::tests
