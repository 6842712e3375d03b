// A host that closes or replaces descriptors which are not its own, as daemons do: its calls still end by
// their time-outs.

#include <dirent.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

constexpr uint32_t kTimeoutMs = 1000;

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

bool AllCallsEnd(const std::function<void()>& do_harm) {
  LiveObjects objects;
  const interop_sessions_follower other = objects.FreshFollower();
  do_harm();
  const auto description = Sized<interop_sessions_server_description>();
  return Ends("set_item",
              [&] {
                interop_sessions_follower_set_item(
                    objects.follower, objects.session.epoch, Text("key"), Bytes("value"),
                    INTEROP_SESSIONS_ANY_REVISION, Within(kTimeoutMs), nullptr, nullptr);
              }) &&
         Ends("create_session",
              [&] {
                interop_sessions_follower_create_session(other, &description, Within(kTimeoutMs),
                                                         nullptr, nullptr);
              }) &&
         Ends("follower_close",
              [&] { interop_sessions_follower_close(objects.follower, 0, nullptr); }) &&
         Ends("manager_close",
              [&] { interop_sessions_follower_manager_close(objects.manager, 0, nullptr); });
}

/// A process of its own that has been done harm ends well, or not.
void EndInTime(const std::function<void()>& do_harm) {
  alarm(5 * PatienceMs() / 1000);
  std::_Exit(AllCallsEnd(do_harm) ? 0 : 1);
}

TEST(Descriptors, That_are_closed_under_the_library_keep_no_call_from_its_time_out) {
#ifdef SYS_close_range
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(EndInTime([] { syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0); }),
              ::testing::ExitedWithCode(0), "");
#else
  GTEST_SKIP() << "no close_range";
#endif
}

/// What a host may put in the place of a descriptor.
struct Replacement {
  const char* name;
  int (*open)();
};

/// Whoever writes to it waits for ever, and so does whoever reads.
int OpenFullSocket() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
    return -1;
  }
  const std::vector<char> bytes(64 * 1024);
  while (send(ends[0], bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  return ends[0];
}

int OpenEmptyPipe() {
  int ends[2];
  return pipe(ends) == 0 ? ends[0] : -1;
}

int OpenFullPipe() {
  int ends[2];
  if (pipe(ends) != 0) {
    return -1;
  }
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  const std::vector<char> bytes(4096);
  while (write(ends[1], bytes.data(), bytes.size()) > 0) {
  }
  fcntl(ends[1], F_SETFL, 0);
  return ends[1];
}

int OpenNull() { return open("/dev/null", O_RDWR); }

/// Puts it in the place of every descriptor above the standard ones.
void ReplaceAll(int (*open_replacement)()) {
  const int replacement = open_replacement();
  DIR* const all = opendir("/proc/self/fd");
  std::vector<int> found;
  while (const dirent* entry = readdir(all)) {
    found.push_back(std::atoi(entry->d_name));
  }
  for (const int descriptor : found) {
    if (descriptor > STDERR_FILENO && descriptor != replacement && descriptor != dirfd(all)) {
      dup2(replacement, descriptor);
    }
  }
}

class ReplacedDescriptors : public ::testing::TestWithParam<Replacement> {};

TEST_P(ReplacedDescriptors, Keep_no_call_from_its_time_out) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(EndInTime([] { ReplaceAll(GetParam().open); }), ::testing::ExitedWithCode(0), "");
}

INSTANTIATE_TEST_SUITE_P(
    , ReplacedDescriptors,
    ::testing::Values(Replacement{"by_a_socket_that_takes_and_gives_nothing", OpenFullSocket},
                      Replacement{"by_a_pipe_that_gives_nothing", OpenEmptyPipe},
                      Replacement{"by_a_pipe_that_takes_nothing", OpenFullPipe},
                      Replacement{"by_nothing", OpenNull}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace interop::sessions::tests
