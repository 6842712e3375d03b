// The threads of the library: neither CPUs nor stack come from the thread of the host that happens to make them.

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <interop_sessions/thread_sanitizer.hpp>
#include <iostream>
#include <set>
#include <thread>

#include "abi/live_objects.h"
#include "support/latch.h"
#include "support/tasks.h"

namespace interop::sessions::tests {
namespace {

/// "0-1": the CPUs of a thread of this process; empty if it has ended.
std::string CpusOf(const std::string& task) {
  std::ifstream status("/proc/self/task/" + task + "/status");
  for (std::string word; status >> word;) {
    if (word == "Cpus_allowed_list:" && status >> word) {
      return word;
    }
  }
  return "";
}

void RunOn(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  ASSERT_EQ(pthread_setaffinity_np(pthread_self(), sizeof(one), &one), 0);
}

/// The first and the last CPU of this process.
std::pair<int, int> FirstAndLastCpu() {
  cpu_set_t all;
  CPU_ZERO(&all);
  EXPECT_EQ(sched_getaffinity(0, sizeof(all), &all), 0);
  std::pair<int, int> found = {-1, -1};
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET(cpu, &all)) {
      found = {found.first < 0 ? cpu : found.first, cpu};
    }
  }
  return found;
}

/// What threads there are while objects live that a pinned thread of the host has made, and what they have of something.
std::set<std::string> SeenOfTheThreadsOf(const interop_sessions_options& options, int host_cpu,
                                         std::string (*look)(const std::string& task)) {
  std::set<std::string> seen;
  const std::set<std::string> before = Tasks();
  std::thread([&] {
    RunOn(host_cpu);
    const std::string host = std::to_string(gettid());
    LiveObjects objects(options);
    for (const std::string& task : Tasks()) {
      const std::string found = before.contains(task) || task == host ? "" : look(task);
      if (!found.empty()) {
        seen.insert(found);
      }
    }
  }).join();
  return seen;
}

std::set<std::string> CpusOfTheThreadsOf(const interop_sessions_options& options, int host_cpu) {
  return SeenOfTheThreadsOf(options, host_cpu, CpusOf);
}

/// "3 0": the class of a thread as sched(7) numbers it, and its priority; empty if it has ended.
std::string ClassOf(const std::string& task) {
  const int policy = sched_getscheduler(std::stoi(task));
  sched_param priority = {};
  return policy < 0 || sched_getparam(std::stoi(task), &priority) != 0
             ? ""
             : std::to_string(policy) + " " + std::to_string(priority.sched_priority);
}

/// May this process have threads of such a class?
bool MayUse(int policy, int priority) {
  bool may = false;
  std::thread([&] {
    const sched_param wished = {.sched_priority = priority};
    may = pthread_setschedparam(pthread_self(), policy, &wished) == 0;
  }).join();
  return may;
}

TEST(Threads, Have_the_cpus_of_the_main_thread_whoever_makes_them) {
  const std::string of_main = CpusOf(std::to_string(getpid()));
  EXPECT_EQ(CpusOfTheThreadsOf(DefaultOptions(), FirstAndLastCpu().second),
            std::set<std::string>{of_main});
}

TEST(Threads, Have_the_cpus_that_the_host_chose) {
  const auto [first, last] = FirstAndLastCpu();
  cpu_set_t chosen;
  CPU_ZERO(&chosen);
  CPU_SET(first, &chosen);
  interop_sessions_options options = DefaultOptions();
  options.cpu_mask = {reinterpret_cast<const uint8_t*>(&chosen), sizeof(chosen)};
  EXPECT_EQ(CpusOfTheThreadsOf(options, last), std::set<std::string>{std::to_string(first)});
}

TEST(Threads, Have_the_class_that_the_host_chose) {
  interop_sessions_options options = DefaultOptions();
  options.thread_class = INTEROP_SESSIONS_THREADS_BATCH;
  EXPECT_EQ(SeenOfTheThreadsOf(options, FirstAndLastCpu().first, ClassOf),
            std::set<std::string>{std::to_string(SCHED_BATCH) + " 0"});
}

TEST(Threads, Have_a_real_time_class_or_it_is_refused) {
  constexpr int kPriority = 7;
  interop_sessions_options options = DefaultOptions();
  options.thread_class = INTEROP_SESSIONS_THREADS_ROUND_ROBIN;
  options.thread_priority = kPriority;
  Error error;
  if (!MayUse(SCHED_RR, kPriority)) {
    EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), &error),
              INTEROP_SESSIONS_INVALID_ARGUMENT);
    EXPECT_TRUE(error.Mentions("thread_class")) << error.message;
    return;
  }
  EXPECT_EQ(SeenOfTheThreadsOf(options, FirstAndLastCpu().first, ClassOf),
            std::set<std::string>{std::to_string(SCHED_RR) + " " + std::to_string(kPriority)});
}

/// Lets the collector make its thread, by large items that take each other's place.
bool MakeCollectorThread(LiveObjects& objects) {
  constexpr uint32_t kLarge = 1 << 20;
  auto options = objects.MasterOptions();
  options.max_item_bytes = kLarge;
  options.max_session_bytes = 4 * kLarge;
  interop_sessions_master master = {};
  uint16_t port = 0;
  Error error;
  Require(interop_sessions_master_start(TestLibrary(), &options, &master, &error), error);
  Require(interop_sessions_master_port(master, &port, &error), error);
  const interop_sessions_follower follower =
      FollowerOf(ManagerOf(TestLibrary(), "127.0.0.1:" + std::to_string(port)), "collecting");
  const auto description = Sized<interop_sessions_server_description>();
  auto session = Sized<interop_sessions_session_info>();
  Require(interop_sessions_follower_create_session(follower, &description, Within(PatienceMs()),
                                                   &session, &error),
          error);
  const std::string large(kLarge, 'x');
  return Eventually([&] {
    Require(interop_sessions_follower_set_item(follower, session.epoch, Text("large"), Bytes(large),
                                               INTEROP_SESSIONS_ANY_REVISION, Within(PatienceMs()),
                                               nullptr, &error),
            error);
    return HasThread(kCollectorThread);
  });
}

/// Whether a thread has these CPUs and this class, or has ended. One that has just begun takes its class a moment later.
bool IsSo(const std::string& task, const std::string& cpus, const std::string& priority_class) {
  std::string found_cpus;
  std::string found_class;
  const bool is_so = Eventually(
      [&] {
        found_cpus = CpusOf(task);
        found_class = ClassOf(task);
        return found_cpus.empty() || found_class.empty() ||
               (found_cpus == cpus && found_class == priority_class);
      },
      ScaledMs(2000));
  if (!is_so) {
    std::cerr << "thread " << NameOfTask(task) << " has CPUs " << found_cpus << " and class "
              << found_class << ", not " << cpus << " and " << priority_class << std::endl;
  }
  return is_so;
}

/// A sanitizer makes a thread when it likes, which is called as the program is.
bool IsOfASanitizer(const std::string& task) {
  return kSanitized && NameOfTask(task) == NameOfTask(std::to_string(getpid()));
}

/// So many threads of the runtime there are at least: docs/abi.md, "Threads".
constexpr int kThreadsOfTheRuntime = 12;

/// For a process where nothing was called before: it ends with 0 if all threads but the host's own have these CPUs and this class, the
/// runtime's and the collector's among them.
void LookAtEveryThread(const interop_sessions_options& options, int host_cpu,
                       const std::string& cpus, const std::string& priority_class) {
  // The main thread; and one that a sanitizer has made.
  const std::set<std::string> before = Tasks();
  bool is_so = false;
  std::thread([&] {
    RunOn(host_cpu);
    const std::string host = std::to_string(gettid());
    LiveObjects objects(options);
    is_so = MakeCollectorThread(objects);
    int of_runtime = 0;
    for (const std::string& task : Tasks()) {
      if (!before.contains(task) && task != host && !IsOfASanitizer(task)) {
        of_runtime += NameOfTask(task).starts_with("sessions-") ? 0 : 1;
        is_so = IsSo(task, cpus, priority_class) && is_so;
      }
    }
    if (of_runtime < kThreadsOfTheRuntime) {
      std::cerr << "only " << of_runtime << " threads of the runtime were looked at" << std::endl;
      is_so = false;
    }
  }).join();
  std::_Exit(is_so ? 0 : 1);
}

TEST(EveryThread, Of_the_runtime_too_has_the_cpus_and_the_class_of_the_main_thread) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::string main_thread = std::to_string(getpid());
  EXPECT_EXIT(LookAtEveryThread(DefaultOptions(), FirstAndLastCpu().second, CpusOf(main_thread),
                                ClassOf(main_thread)),
              ::testing::ExitedWithCode(0), "");
}

/// Options of one CPU, which `mask` keeps, and of threads that give way to others.
interop_sessions_options OnOneCpu(int cpu, cpu_set_t* mask) {
  CPU_ZERO(mask);
  CPU_SET(cpu, mask);
  interop_sessions_options options = DefaultOptions();
  options.cpu_mask = {reinterpret_cast<const uint8_t*>(mask), sizeof(*mask)};
  options.thread_class = INTEROP_SESSIONS_THREADS_BATCH;
  return options;
}

/// As ClassOf says it.
std::string Batch() { return std::to_string(SCHED_BATCH) + " 0"; }

TEST(EveryThread, Of_the_runtime_too_has_the_cpus_and_the_class_that_the_host_chose) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto [first, last] = FirstAndLastCpu();
  cpu_set_t mask;
  const interop_sessions_options options = OnOneCpu(first, &mask);
  const std::string chosen = std::to_string(first);
  EXPECT_EXIT(LookAtEveryThread(options, last, chosen, Batch()), ::testing::ExitedWithCode(0), "");
}

/// In a process where nothing was called before, two lives with a CPU each: what the second makes has its CPU, and what stays of the
/// first has that of the first.
void LiveTwice(int first, int last) {
  const std::set<std::string> before = Tasks();
  cpu_set_t mask;
  bool is_so = true;
  { const LiveObjects objects(OnOneCpu(first, &mask)); }
  const std::set<std::string> left = Tasks();
  {
    const LiveObjects objects(OnOneCpu(last, &mask));
    for (const std::string& task : Tasks()) {
      if (!before.contains(task) && !IsOfASanitizer(task)) {
        const int cpu = left.contains(task) ? first : last;
        is_so = IsSo(task, std::to_string(cpu), Batch()) && is_so;
      }
    }
  }
  std::_Exit(is_so ? 0 : 1);
}

TEST(EveryThread, Of_the_runtime_keeps_the_cpus_of_the_first_life_and_others_have_those_of_theirs) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto [first, last] = FirstAndLastCpu();
  EXPECT_EXIT(LiveTwice(first, last), ::testing::ExitedWithCode(0), "");
}

TEST(Threads, Cpus_that_the_machine_lacks_are_refused) {
  const std::string beyond = std::string(127, '\0') + '\x80';
  interop_sessions_options options = DefaultOptions();
  options.cpu_mask = Bytes(beyond);
  Error error;
  EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), &error),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error.Mentions("cpu_mask")) << error.message;
}

TEST(Threads, Options_out_of_range_are_refused_by_name) {
  const auto expect_refused = [](const interop_sessions_options& options, const char* mentioned) {
    Error error;
    EXPECT_EQ(interop_sessions_initialize(&options, &TestLibrary(), &error),
              INTEROP_SESSIONS_INVALID_ARGUMENT);
    EXPECT_TRUE(error.Mentions(mentioned)) << error.message;
  };
  const std::string none(8, '\0');
  const std::string long_mask(1032, '\xff');
  interop_sessions_options options = DefaultOptions();
  options.cpu_mask = Bytes(none);
  expect_refused(options, "cpu_mask");
  options.cpu_mask = Bytes(long_mask);
  expect_refused(options, "cpu_mask");
  options.cpu_mask = {nullptr, 8};
  expect_refused(options, "cpu_mask");
  options = DefaultOptions();
  options.thread_stack_bytes = (64U << 20) + 1;
  expect_refused(options, "thread_stack_bytes");
  options = DefaultOptions();
  options.thread_class = static_cast<interop_sessions_thread_class>(5);
  expect_refused(options, "thread_class");
  options.thread_class = INTEROP_SESSIONS_THREADS_BATCH;
  options.thread_priority = 1;
  expect_refused(options, "thread_priority");
  options.thread_class = INTEROP_SESSIONS_THREADS_FIFO;
  options.thread_priority = 0;
  expect_refused(options, "thread_priority");
  options.thread_priority = 100;
  expect_refused(options, "thread_priority");
}

/// The stack of the thread that runs a callback.
size_t StackOfACallback(const interop_sessions_options& options) {
  struct Seen {
    size_t bytes = 0;
    Latch done;
  } seen;
  LiveObjects objects(options);
  const detail::call_scope shared;
  Error error;
  Require(interop_sessions_follower_get_item_async(
              objects.follower, objects.session.epoch, Text("none"), nullptr,
              [](void* self, interop_sessions_status, const interop_sessions_error*,
                 const interop_sessions_item*) {
                const detail::callback_scope scope;
                auto* answer = static_cast<Seen*>(self);
                pthread_attr_t attributes;
                pthread_getattr_np(pthread_self(), &attributes);
                pthread_attr_getstacksize(&attributes, &answer->bytes);
                pthread_attr_destroy(&attributes);
                answer->done.Open();
              },
              &seen, nullptr, nullptr, &error),
          error);
  EXPECT_TRUE(seen.done.Wait());
  return seen.bytes;
}

TEST(Threads, That_run_callbacks_have_a_stack_that_is_small_and_large_enough) {
  EXPECT_GE(StackOfACallback(DefaultOptions()), 1U << 20);
  EXPECT_LT(StackOfACallback(DefaultOptions()), 4U << 20);
}

TEST(Threads, Have_the_stack_that_the_host_chose) {
  interop_sessions_options options = DefaultOptions();
  options.thread_stack_bytes = 16 << 20;
  EXPECT_GE(StackOfACallback(options), 16U << 20);
}

}  // namespace
}  // namespace interop::sessions::tests
