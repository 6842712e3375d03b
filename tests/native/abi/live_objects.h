#pragma once

#include <gtest/gtest.h>
#include <interop_sessions/interop_sessions.h>

#include <memory>
#include <string>

#include "support/c_values.h"
#include "support/eventually.h"
#include "support/temporary_directory.h"

namespace interop::sessions::tests {

/// One of each object, through the plain C ABI: a master, a manager, a follower whose session is
/// alive, a registration. With it, every call but the one under test has all that it needs.
class LiveObjects {
 public:
  LiveObjects();
  explicit LiveObjects(const interop_sessions_options& options);
  /// Shuts the library down, unless the test has, and has said so: TestLibrary() is zero then.
  ~LiveObjects();
  LiveObjects(const LiveObjects&) = delete;
  LiveObjects& operator=(const LiveObjects&) = delete;

  interop_sessions_master master = {};
  interop_sessions_follower_manager manager = {};
  interop_sessions_follower follower = {};
  interop_sessions_registration registration = {};
  interop_sessions_session_info session = {};
  std::string endpoint;

  std::string FreshStore();
  std::string FreshIdentity();

  /// A follower without a session and without callbacks.
  interop_sessions_follower FreshFollower();

  /// Master options that would start: a fresh store, any port.
  interop_sessions_master_options MasterOptions();

 private:
  TemporaryDirectory directory_;
  std::string store_path_;
  unsigned next_name_ = 0;
};

/// Tests that share one set of objects, since none of them changes it.
class WithLiveObjects : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { objects_ = std::make_unique<LiveObjects>(); }
  static void TearDownTestSuite() { objects_.reset(); }
  static LiveObjects& objects() { return *objects_; }

 private:
  static inline std::unique_ptr<LiveObjects> objects_;
};

/// A manager of one endpoint.
interop_sessions_follower_manager ManagerOf(interop_sessions_library library,
                                            const std::string& endpoint);

/// A follower of it, without callbacks.
interop_sessions_follower FollowerOf(interop_sessions_follower_manager manager,
                                     const std::string& identity);

/// What a host says that leaves all to the library, and wants no log.
interop_sessions_options DefaultOptions();

/// Initializes the library; throws if that fails.
void InitializeLibrary(const interop_sessions_options& options = DefaultOptions());

/// Throws with the call's message unless the status is OK: for steps that only prepare a test.
void Require(interop_sessions_status status, const Error& error);

}  // namespace interop::sessions::tests
