// A host that closes descriptors which are not its own, as daemons do: its calls still end by their time-outs.

#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

constexpr uint32_t kTimeoutMs = 2000;

/// Whether a call comes back within its time-out, give or take what a busy machine takes.
template <typename Call>
bool Ends(const char* name, Call call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  const auto took = std::chrono::steady_clock::now() - start;
  const bool ends = took < std::chrono::milliseconds(kTimeoutMs + PatienceMs());
  if (!ends) {
    std::fprintf(stderr, "%s came back late\n", name);
  }
  return ends;
}

bool AllCallsEnd() {
  LiveObjects objects;
  const interop_sessions_follower other = objects.FreshFollower();
  syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
  const auto item = Sized<interop_sessions_session_item>();
  return Ends("set_item",
              [&] {
                interop_sessions_follower_set_item(
                    objects.follower, objects.session.epoch, Text("key"), Bytes("value"),
                    INTEROP_SESSIONS_ANY_REVISION, Within(kTimeoutMs), nullptr, nullptr);
              }) &&
         Ends("create_session",
              [&] {
                interop_sessions_follower_create_session(other, &item, Within(kTimeoutMs), nullptr,
                                                         nullptr);
              }) &&
         Ends("follower_close",
              [&] { interop_sessions_follower_close(objects.follower, 0, nullptr); }) &&
         Ends("manager_close",
              [&] { interop_sessions_follower_manager_close(objects.manager, 0, nullptr); });
}

TEST(Descriptors, That_are_closed_under_the_library_keep_no_call_from_its_time_out) {
#ifdef SYS_close_range
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        alarm(5 * PatienceMs() / 1000);
        std::_Exit(AllCallsEnd() ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
#else
  GTEST_SKIP() << "no close_range";
#endif
}

}  // namespace
}  // namespace interop::sessions::tests
