// The host's signals stay the host's.

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <map>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

std::atomic<int> g_handled = 0;

void CountSignal(int) { g_handled++; }

void ExitWith42(int, siginfo_t*, void*) { _exit(42); }

/// A handler that was there before the test comes back after it.
class HandlerFor {
 public:
  HandlerFor(int number, void (*handler)(int)) : number_(number) {
    struct sigaction action = {};
    action.sa_handler = handler;
    sigaction(number, &action, &before_);
  }
  ~HandlerFor() { sigaction(number_, &before_, nullptr); }
  HandlerFor(const HandlerFor&) = delete;
  HandlerFor& operator=(const HandlerFor&) = delete;

 private:
  const int number_;
  struct sigaction before_ = {};
};

/// A process with everything of the library in use.
class BusyLibrary : public SessionTestWithMaster {
 public:
  void TestBody() override {}
  void Run() {
    SetUp();
    server_.emplace(manager(), "server");
    server_->Create();
  }

 private:
  std::optional<WatchedFollower> server_;
};

class Signals : public SessionTestWithMaster {};

TEST_F(Signals, Of_the_host_are_handled_by_the_host) {
  for (const int number : {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD, SIGCONT}) {
    const HandlerFor handler(number, CountSignal);
    WatchedFollower server(manager(), "server");
    server.Create();
    const int before = g_handled;
    ASSERT_EQ(kill(getpid(), number), 0);
    EXPECT_TRUE(Eventually([&] { return g_handled == before + 1; })) << strsignal(number);
  }
}

TEST(SignalHandlers, Of_the_host_are_left_as_they_are) {
  std::map<int, struct sigaction> before;
  const auto all = {SIGTERM, SIGINT,  SIGQUIT, SIGHUP,   SIGUSR1, SIGUSR2, SIGCHLD, SIGCONT,
                    SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH, SIGALRM, SIGABRT, SIGILL};
  for (const int number : all) {
    sigaction(number, nullptr, &before[number]);
  }
  {
    BusyLibrary busy;
    busy.Run();
  }
  for (const int number : all) {
    struct sigaction now = {};
    sigaction(number, nullptr, &now);
    EXPECT_EQ(now.sa_sigaction, before[number].sa_sigaction) << strsignal(number);
  }
}

TEST(SignalMask, Of_the_calling_thread_is_left_as_it_is) {
  sigset_t before;
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  {
    BusyLibrary busy;
    busy.Run();
  }
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int number = 1; number < SIGRTMAX; number++) {
    EXPECT_EQ(sigismember(&before, number), sigismember(&after, number)) << number;
  }
}

// Each of these ends its process, so each runs in one of its own.
class SignalsOfADyingProcess : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(SignalsOfADyingProcess, A_fault_of_the_host_reaches_the_handler_that_it_installed_before) {
  EXPECT_EXIT(
      {
        struct sigaction action = {};
        action.sa_sigaction = ExitWith42;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, nullptr);
        BusyLibrary busy;
        busy.Run();
        auto* const guarded = static_cast<volatile char*>(
            mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        *guarded = 1;
      },
      ::testing::ExitedWithCode(42), "");
}

TEST_F(SignalsOfADyingProcess,
       A_handler_that_is_installed_after_the_version_was_asked_for_is_still_before_the_library) {
  EXPECT_EXIT(
      {
        interop_sessions_abi_version();
        interop_sessions_version();
        interop_sessions_status_name(INTEROP_SESSIONS_OK);
        struct sigaction action = {};
        action.sa_sigaction = ExitWith42;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, nullptr);
        signal(SIGPIPE, SIG_DFL);
        BusyLibrary busy;
        busy.Run();
        sigaction(SIGSEGV, nullptr, &action);
        const bool is_in_front = action.sa_sigaction != ExitWith42;
        sigaction(SIGPIPE, nullptr, &action);
        if (!is_in_front || action.sa_handler != SIG_IGN) {
          _exit(1);
        }
        auto* const guarded = static_cast<volatile char*>(
            mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        *guarded = 1;
      },
      ::testing::ExitedWithCode(42), "");
}

TEST_F(SignalsOfADyingProcess, SIGTERM_without_a_handler_ends_the_process_at_once) {
  EXPECT_EXIT(
      {
        BusyLibrary busy;
        busy.Run();
        kill(getpid(), SIGTERM);
        sleep(60);
      },
      ::testing::KilledBySignal(SIGTERM), "");
}

TEST_F(SignalsOfADyingProcess, Exit_without_shutdown_is_clean) {
  EXPECT_EXIT(
      {
        static BusyLibrary* const busy = new BusyLibrary;
        busy->Run();
        std::exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST_F(SignalsOfADyingProcess, A_broken_pipe_is_ignored) {
  EXPECT_EXIT(
      {
        BusyLibrary busy;
        busy.Run();
        raise(SIGPIPE);
        _exit(7);
      },
      ::testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace interop::sessions::tests
