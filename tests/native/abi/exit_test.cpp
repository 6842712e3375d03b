// exit() without shutdown: clean, and callbacks go on until the process is gone, as the header says.

#include <interop_sessions/thread_sanitizer.hpp>

#include <atomic>
#include <cstdlib>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

std::atomic<int> asked = 0;

void ExitWithAMaster() {
  LiveObjects objects;
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.check_leader = [](void*, interop_sessions_leader_answer* answer) {
    const detail::callback_scope scope;
    asked++;
    answer->leads = 1;
  };
  auto options = objects.MasterOptions();
  options.access_manager = &hooks;
  interop_sessions_master master = {};
  Error error;
  Require(interop_sessions_master_start(TestLibrary(), &options, &master, &error), error);
  // Where the host's own statics would be destroyed.
  std::atexit([] {
    const int before = asked;
    if (Eventually([&] { return asked > before + 1; })) {
      std::fputs("hooks ran during exit", stderr);
    }
  });
  std::exit(0);
}

TEST(Exit, Without_a_shutdown_is_clean_and_hooks_run_meanwhile) {
  // A process of its own.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(ExitWithAMaster(), ::testing::ExitedWithCode(0), "hooks ran during exit");
}

}  // namespace
}  // namespace interop::sessions::tests
