// fork(): what asks for nothing of the runtime starts none, so a fork after it is harmless; a child that is forked later is told.

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <interop_sessions/thread_sanitizer.hpp>

#include "abi/calls_with_handles.h"
#include "abi/live_objects.h"
#include "support/process_resources.h"

namespace interop::sessions::tests {
namespace {

interop_sessions_status TryInitialize(Error* error) {
  const interop_sessions_options options = DefaultOptions();
  return interop_sessions_initialize(&options, &TestLibrary(), error);
}

/// Runs `child` in a forked child; gives its exit status, or minus the signal that ended it. One that hangs is ended by SIGALRM.
template <typename Child>
int InAForkedChild(Child child) {
  const pid_t pid = fork();
  if (pid == 0) {
    alarm(PatienceMs() / 1000);
    _exit(child());
  }
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// How many answered otherwise than that there is no library.
int CallsThatGoThrough() {
  int count = 0;
  Error error;
  for (const CallWithHandle& call : CallsWithHandles()) {
    count += call.call(1, &error) == INTEROP_SESSIONS_NOT_INITIALIZED && error.Mentions("forked")
                 ? 0
                 : 1;
  }
  count += interop_sessions_shutdown(TestLibrary(), 0, &error) == INTEROP_SESSIONS_NOT_INITIALIZED
               ? 0
               : 1;
  count += TryInitialize(&error) == INTEROP_SESSIONS_NOT_INITIALIZED ? 0 : 1;
  return count;
}

TEST(Fork, A_child_is_told_by_every_call_and_the_parent_goes_on) {
  LiveObjects objects;
  EXPECT_EQ(InAForkedChild(CallsThatGoThrough), 0);
  auto session = Sized<interop_sessions_session_info>();
  EXPECT_EQ(interop_sessions_follower_session(objects.follower, &session, nullptr),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(session.state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST(Fork, The_lease_word_refuses_in_a_child_and_is_good_in_the_parent) {
  LiveObjects objects;
  const interop_sessions_lease* lease = nullptr;
  Error error;
  Require(interop_sessions_follower_lease(objects.follower, &lease, &error), error);
  const uint64_t epoch = objects.session.epoch;
  EXPECT_EQ(InAForkedChild([&] { return interop_sessions_lease_valid(lease, epoch); }), 0);
  EXPECT_NE(interop_sessions_lease_valid(lease, epoch), 0);
}

TEST(Fork, A_child_may_exit_as_any_process_does) {
  const LiveObjects objects;
  EXPECT_EQ(InAForkedChild([] {
              interop_sessions_free(nullptr);
              return interop_sessions_abi_version() == 0 ? 1 : 0;
            }),
            0);
}

/// In a process where nothing was called before: 0 if all holds.
template <typename Program>
void ExpectInAFreshProcess(Program program) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::_Exit(program()), ::testing::ExitedWithCode(0), "");
}

TEST(Runtime, Is_not_started_by_what_may_be_called_before_initialize) {
  ExpectInAFreshProcess([] {
    std::signal(SIGPIPE, SIG_DFL);
    const std::size_t threads = ProcessResources::Now().threads;
    interop_sessions_abi_version();
    interop_sessions_status_name(INTEROP_SESSIONS_OK);
    interop_sessions_free(nullptr);
    Error error;
    interop_sessions_follower_close({1}, 0, &error);
    struct sigaction pipe = {};
    sigaction(SIGPIPE, nullptr, &pipe);
    return error.status == INTEROP_SESSIONS_NOT_INITIALIZED && pipe.sa_handler == SIG_DFL &&
                   ProcessResources::Now().threads == threads
               ? 0
               : 1;
  });
}

TEST(Runtime, Starts_in_a_child_that_was_forked_after_the_version_was_asked_for) {
#ifdef INTEROP_SESSIONS_THREAD_SANITIZER
  GTEST_SKIP() << "ThreadSanitizer lets no forked child make threads";
#endif
  ExpectInAFreshProcess([] {
    interop_sessions_abi_version();
    return InAForkedChild([] {
      const LiveObjects objects;
      return objects.session.state == INTEROP_SESSIONS_STATE_ALIVE ? 0 : 1;
    });
  });
}

}  // namespace
}  // namespace interop::sessions::tests
