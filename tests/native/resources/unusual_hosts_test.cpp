// Hosts that docs/abi.md, "Unusual hosts", says a life of both sides works in: each in a process of its own, since none can be
// undone.

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "abi/live_objects.h"
#include "process/master_process.h"

namespace interop::sessions::tests {
namespace {

/// A session that is there keeps its items, and another begins and ends.
void UseAll(LiveObjects& objects) {
  Error error;
  uint64_t revision = 0;
  Require(interop_sessions_follower_set_item(objects.follower, objects.session.epoch, Text("key"),
                                             Bytes("value"), INTEROP_SESSIONS_ANY_REVISION,
                                             Within(PatienceMs()), &revision, &error),
          error);
  const interop_sessions_follower other = objects.FreshFollower();
  const auto description = Sized<interop_sessions_server_description>();
  auto session = Sized<interop_sessions_session_info>();
  Require(interop_sessions_follower_create_session(other, &description, Within(PatienceMs()),
                                                   &session, &error),
          error);
  Require(interop_sessions_follower_close(other, 0, &error), error);
}

/// The end of a process that was given something first.
void LiveIn(bool is_given) {
  if (!is_given) {
    std::_Exit(2);
  }
  {
    LiveObjects objects;
    UseAll(objects);
  }
  std::_Exit(0);
}

bool Limit(decltype(RLIMIT_AS) what, rlim_t most) {
  const rlimit limit = {most, most};
  return setrlimit(what, &limit) == 0;
}

class UnusualHosts : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(UnusualHosts, Four_gigabytes_of_address_space_are_enough) {
  EXPECT_EXIT(LiveIn(Limit(RLIMIT_AS, rlim_t{4} << 30)), ::testing::ExitedWithCode(0), "");
}

/// May this user lock as much as the library reserves?
bool MayLockAll() {
  rlimit limit = {};
  return geteuid() == 0 ||
         (getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY);
}

TEST_F(UnusualHosts, All_memory_may_be_locked) {
  if (!MayLockAll()) {
    GTEST_SKIP() << "this user may not lock as much as is reserved";
  }
  EXPECT_EXIT(LiveIn(mlockall(MCL_FUTURE) == 0), ::testing::ExitedWithCode(0), "");
}

/// Into an empty folder, once the library has begun.
void HoldInEmptyRoot() {
  const TemporaryDirectory folder;
  MasterProcess master(folder.File("sessions.db"), ScaledMs(2000), ScaledMs(2000));
  InitializeLibrary();
  const interop_sessions_follower_manager manager = ManagerOf(TestLibrary(), master.endpoint());
  const TemporaryDirectory empty;
  if (chroot(empty.File(".").c_str()) != 0 || chdir("/") != 0) {
    std::_Exit(2);
  }
  const interop_sessions_follower follower = FollowerOf(manager, "cs1");
  const auto description = Sized<interop_sessions_server_description>();
  auto session = Sized<interop_sessions_session_info>();
  Error error;
  Require(interop_sessions_follower_create_session(follower, &description, Within(PatienceMs()),
                                                   &session, &error),
          error);
  Require(interop_sessions_follower_set_item(follower, session.epoch, Text("key"), Bytes("value"),
                                             INTEROP_SESSIONS_ANY_REVISION, Within(PatienceMs()),
                                             nullptr, &error),
          error);
  Require(interop_sessions_follower_close(follower, 0, &error), error);
  master.Kill();
  std::_Exit(0);
}

TEST_F(UnusualHosts, The_root_of_a_follower_may_change_once_the_library_is_initialized) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "only root may change it";
  }
  EXPECT_EXIT(HoldInEmptyRoot(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace interop::sessions::tests
