// Many calls without blocking, answered and stopped, and nothing stays behind: no handle, thread or
// memory.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <interop_sessions/interop_sessions.hpp>

#include "support/eventually.h"
#include "support/must.h"
#include "support/process_resources.h"
#include "support/temporary_directory.h"
#include "support/time_scale.h"

namespace interop::sessions::tests {
namespace {

class AsyncGrowth : public ::testing::Test {
 protected:
  /// The runtime's heap and thread pool breathe, the heap by the calls of a moment; 100000 of
  /// anything stay above these.
  static constexpr std::size_t kBreathingThreads = 6;
  static constexpr std::size_t kBreathingKib = 24 * 1024;
  static constexpr int kAtOnce = 100;

  /// Some calls at the same time, of which every other one is stopped.
  void CallSome() {
    std::stop_source user;
    const std::stop_source nobody;
    std::atomic<int> ended = 0;
    for (int i = 0; i < kAtOnce; i++) {
      operation begun = Must(server_.get_item(
          epoch_, "none", {i % 2 == 0 ? user.get_token() : nobody.get_token(), PatienceMs()},
          [&](const auto&) { ++ended; }));
      highest_slot_ = std::max(highest_slot_, begun.handle().value & kSlotBits);
      begun.detach();
    }
    user.request_stop();
    ASSERT_TRUE(Eventually([&] { return ended == kAtOnce; }));
  }

  void CallTimes(int times) {
    for (int i = 0; i < times; i += kAtOnce) {
      CallSome();
    }
  }

  TemporaryDirectory directory_;
  library library_ = Must(library::initialize());
  master master_ = Must(master::start(library_, {.listen_address = "127.0.0.1:0",
                                                 .store_path = directory_.File("store.db"),
                                                 .create_store = true,
                                                 .insecure = insecure_peers::loopback}));
  follower_manager manager_ = Must(follower_manager::create(
      library_, {.endpoints = {"127.0.0.1:" + std::to_string(Must(master_.port()))},
                 .insecure = insecure_peers::loopback}));
  follower server_ = Must(manager_.create_follower("server"));
  std::uint64_t epoch_ = Must(server_.create_session({}, PatienceMs())).epoch;
  /// Of a handle: what is above is how often the slot was used.
  static constexpr std::uint64_t kSlotBits = 0xfffff;
  std::uint64_t highest_slot_ = 0;
};

TEST_F(AsyncGrowth, Of_many_calls_is_nothing) {
  CallTimes(kSanitized ? 1000 : 20000);
  const ProcessResources before = ProcessResources::Now();
  CallTimes(kSanitized ? 10000 : 100000);
  ProcessResources after;
  EXPECT_TRUE(Eventually([&] {
    // What was left behind, a collection does not take away, and more calls only add to it.
    CallTimes(kAtOnce);
    after = ProcessResources::Now();
    return after.threads <= before.threads + kBreathingThreads &&
           (kSanitized || after.resident_kib <= before.resident_kib + kBreathingKib);
  })) << "before: "
      << before << "; after: " << after;
  // A handle goes with its completion, and its slot in the table serves the next call.
  EXPECT_LT(highest_slot_, 1000U);
}

}  // namespace
}  // namespace interop::sessions::tests
