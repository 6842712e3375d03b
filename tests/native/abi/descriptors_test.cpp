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

struct NamedCall {
  const char* name;
  std::function<void()> call;
};

/// Whether a call comes back within its time-out, give or take what a busy machine takes.
bool EndsInTime(const NamedCall& named) {
  const auto start = std::chrono::steady_clock::now();
  named.call();
  const auto took = std::chrono::steady_clock::now() - start;
  const bool ends = took < std::chrono::milliseconds(kTimeoutMs + PatienceMs());
  if (!ends) {
    std::fprintf(stderr, "%s came back late\n", named.name);
  }
  return ends;
}

/// What a holder of a session may ask its master.
std::vector<NamedCall> CallsOfAHolder(const LiveObjects& objects) {
  const interop_sessions_follower follower = objects.follower;
  const uint64_t epoch = objects.session.epoch;
  return {{"set_item",
           [=] {
             interop_sessions_follower_set_item(follower, epoch, Text("key"), Bytes("value"),
                                                INTEROP_SESSIONS_ANY_REVISION, Within(kTimeoutMs),
                                                nullptr, nullptr);
           }},
          {"list_sessions",
           [=] {
             interop_sessions_session_page* page = nullptr;
             interop_sessions_follower_list_sessions(follower, epoch, Text(""), 0, 0,
                                                     Within(kTimeoutMs), &page, nullptr);
             interop_sessions_free(page);
           }},
          {"report_data", [=] {
             const uint64_t pid = 1;
             auto next = Sized<interop_sessions_report_window>();
             interop_sessions_follower_report_data(follower, epoch, Window(0, 10), &pid, 1,
                                                   Within(kTimeoutMs), &next, nullptr);
           }}};
}

/// What gets a session, for a follower that has none.
std::vector<NamedCall> CallsForASession(const LiveObjects& objects,
                                        interop_sessions_follower other) {
  const interop_sessions_session_info session = objects.session;
  return {{"create_session",
           [=] {
             const auto description = Sized<interop_sessions_server_description>();
             interop_sessions_follower_create_session(other, &description, Within(kTimeoutMs),
                                                      nullptr, nullptr);
           }},
          {"reattach_session", [=] {
             interop_sessions_follower_reattach_session(other, session.session_id, session.secret,
                                                        Within(kTimeoutMs), nullptr, nullptr);
           }}};
}

/// What the master's own host may ask it.
std::vector<NamedCall> CallsOfTheMastersHost(const LiveObjects& objects) {
  const interop_sessions_master master = objects.master;
  const interop_sessions_session_info session = objects.session;
  return {{"master_list_sessions",
           [=] {
             interop_sessions_session_page* page = nullptr;
             interop_sessions_master_list_sessions(master, 0, 0, &page, nullptr);
             interop_sessions_free(page);
           }},
          {"master_list_items",
           [=] {
             interop_sessions_item_page* page = nullptr;
             interop_sessions_master_list_items(master, session.session_id, Text(""), &page,
                                                nullptr);
             interop_sessions_free(page);
           }},
          {"master_leads",
           [=] {
             int32_t leads = 0;
             interop_sessions_master_leads(master, &leads, nullptr, nullptr);
           }},
          {"master_revoke_session", [=] {
             interop_sessions_master_revoke_session(master, session.session_id, session.epoch,
                                                    Text("test"), Within(kTimeoutMs), nullptr);
           }}};
}

/// The ends: of a master and of the library with a time-out, since what they finish first may hang.
std::vector<NamedCall> Ends(const LiveObjects& objects) {
  const interop_sessions_master master = objects.master;
  const interop_sessions_follower follower = objects.follower;
  const interop_sessions_follower_manager manager = objects.manager;
  return {{"follower_close", [=] { interop_sessions_follower_close(follower, 0, nullptr); }},
          {"manager_close", [=] { interop_sessions_follower_manager_close(manager, 0, nullptr); }},
          {"master_stop", [=] { interop_sessions_master_stop(master, kTimeoutMs, nullptr); }},
          {"shutdown", [] {
             interop_sessions_shutdown(TestLibrary(), kTimeoutMs, nullptr);
             // Over or not, nobody shall wait for it again.
             TestLibrary() = {};
           }}};
}

bool AllCallsEnd(const std::function<void()>& do_harm) {
  LiveObjects objects;
  const interop_sessions_follower other = objects.FreshFollower();
  do_harm();
  for (const std::vector<NamedCall>& calls :
       {CallsOfAHolder(objects), CallsForASession(objects, other), CallsOfTheMastersHost(objects),
        Ends(objects)}) {
    for (const NamedCall& call : calls) {
      if (!EndsInTime(call)) {
        return false;
      }
    }
  }
  return true;
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

/// An end that takes no more.
int Filled(int end) {
  const std::vector<char> bytes(4096);
  fcntl(end, F_SETFL, O_NONBLOCK);
  while (write(end, bytes.data(), bytes.size()) > 0) {
  }
  fcntl(end, F_SETFL, 0);
  return end;
}

int OpenFullSocket() {
  int ends[2];
  return socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 ? Filled(ends[0]) : -1;
}

int OpenEmptyPipe() {
  int ends[2];
  return pipe(ends) == 0 ? ends[0] : -1;
}

int OpenFullPipe() {
  int ends[2];
  return pipe(ends) == 0 ? Filled(ends[1]) : -1;
}

int OpenNull() { return open("/dev/null", O_RDWR); }

/// Puts it in the place of every descriptor above the standard ones, also of its own other end: nobody is at that from then on, so
/// whoever reads or writes hears of an end and waits for none.
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
