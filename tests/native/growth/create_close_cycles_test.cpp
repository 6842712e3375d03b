// Two thousand sessions come and go, and nothing stays behind: no handle, thread, file or memory.

#include <gtest/gtest.h>

#include <interop_sessions/interop_sessions.hpp>
#include <set>

#include "support/eventually.h"
#include "support/must.h"
#include "support/process_resources.h"
#include "support/temporary_directory.h"

namespace interop::sessions::tests {
namespace {

/// No log and no noted hooks: what they keep would look like a leak.
class Growth : public ::testing::Test {
 protected:
  /// The runtime's heap and thread pool breathe; 2000 of anything stay far above these.
  static constexpr std::size_t kBreathingThreads = 6;
  static constexpr std::size_t kBreathingFiles = 4;
  static constexpr std::size_t kBreathingKib = 8 * 1024;

  /// One life of a follower: made, with a callback and a session, and closed.
  void Live(const std::string& identity) {
    follower server = Must(manager_.create_follower(identity));
    handles_.insert(server.handle().value);
    const registration registered = Must(server.register_session_create_cb([](const session&) {}));
    const session held = Must(server.create_session({}, PatienceMs()));
    EXPECT_TRUE(server.lease_of(held).valid());
    Must(server.close());
  }

  void LiveTimes(int times) {
    for (int i = 0; i < times; i++) {
      Live("server-" + std::to_string(i % 10));
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
  std::set<std::uint64_t> handles_;
};

TEST_F(Growth, Of_two_thousand_sessions_is_nothing) {
  LiveTimes(1000);
  const ProcessResources before = ProcessResources::Now();
  LiveTimes(2000);
  ProcessResources after;
  EXPECT_TRUE(Eventually([&] {
    after = ProcessResources::Now();
    return after.threads <= before.threads + kBreathingThreads &&
           after.file_descriptors <= before.file_descriptors + kBreathingFiles;
  })) << "before: "
      << before << "; after: " << after;
  if (!kSanitized) {  // they keep freed memory for a while
    EXPECT_LE(after.resident_kib, before.resident_kib + kBreathingKib)
        << "before: " << before << "; after: " << after;
  }
  EXPECT_EQ(handles_.size(), 3000U);
  EXPECT_TRUE(Must(master_.list_sessions()).rows.empty());
}

}  // namespace
}  // namespace interop::sessions::tests
