// A process that may have no more threads: calls say so, keep nothing, and leave nothing half closed.

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>
#include <cerrno>

#include "abi/live_objects.h"
#include "support/process_resources.h"

namespace {

/// How many more threads this process may make.
std::atomic<int> threads_left = 1 << 20;

}  // namespace

/// In place of the C library's, for the library too.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*body)(void*), void* argument) {
  static const auto next =
      reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  return --threads_left < 0 ? EAGAIN : next(thread, attributes, body, argument);
}

namespace interop::sessions::tests {
namespace {

/// While it lives, so many threads can be made.
class ThreadsLeft {
 public:
  explicit ThreadsLeft(int count) { threads_left = count; }
  ~ThreadsLeft() { threads_left = 1 << 20; }
  ThreadsLeft(const ThreadsLeft&) = delete;
  ThreadsLeft& operator=(const ThreadsLeft&) = delete;
};

TEST(NoThreads, Initialize_says_so_and_works_when_there_are_some) {
  const interop_sessions_options options = DefaultOptions();
  Error error;
  {
    const ThreadsLeft none(0);
    EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), &error),
              INTEROP_SESSIONS_OUT_OF_RESOURCES);
    EXPECT_TRUE(error.Mentions("thread")) << error.message;
  }
  EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), &error), INTEROP_SESSIONS_OK)
      << error.message;
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_OK)
      << error.message;
}

TEST(NoThreads, A_log_that_gets_none_leaves_the_library_uninitialised) {
  interop_sessions_options options = DefaultOptions();
  options.log = [](void*, const interop_sessions_log_record*) {};
  Error error;
  {
    const ThreadsLeft one(1);
    EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), &error),
              INTEROP_SESSIONS_OUT_OF_RESOURCES);
    EXPECT_TRUE(error.Mentions("sessions-log")) << error.message;
  }
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_NOT_INITIALIZED);
  EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), &error), INTEROP_SESSIONS_OK)
      << error.message;
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_OK)
      << error.message;
}

TEST(NoThreads, A_follower_that_gets_too_few_takes_no_place_and_keeps_none) {
  constexpr int kMoreThanAProcessMayHave = 1100;
  LiveObjects objects;
  const std::size_t before = ProcessResources::Now().threads;
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text("server");
  interop_sessions_follower follower = {};
  Error error;
  for (int i = 0; i < kMoreThanAProcessMayHave; i++) {
    const ThreadsLeft none_or_one(i % 2);
    ASSERT_EQ(interop_sessions_follower_create(objects.manager, &options, &follower, &error),
              INTEROP_SESSIONS_OUT_OF_RESOURCES);
  }
  EXPECT_TRUE(error.Mentions("sessions-alive")) << error.message;
  EXPECT_FALSE(error.Mentions("Exception")) << error.message;
  EXPECT_TRUE(Eventually([&] { return ProcessResources::Now().threads <= before; }));
  EXPECT_EQ(interop_sessions_follower_create(objects.manager, &options, &follower, &error),
            INTEROP_SESSIONS_OK)
      << error.message;
}

TEST(NoThreads, A_close_needs_none) {
  LiveObjects objects;
  Error error;
  {
    const ThreadsLeft none(0);
    EXPECT_EQ(interop_sessions_follower_close(objects.follower, 0, &error), INTEROP_SESSIONS_OK)
        << error.message;
    EXPECT_EQ(interop_sessions_follower_manager_close(objects.manager, 0, &error),
              INTEROP_SESSIONS_OK)
        << error.message;
    EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_OK)
        << error.message;
  }
  InitializeLibrary();
}

}  // namespace
}  // namespace interop::sessions::tests
