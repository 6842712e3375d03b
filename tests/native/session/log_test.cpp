// The library's log at the host: what a record carries, which are left out, and what happens when the
// host is slow.

#include <string>
#include <thread>
#include <vector>

#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

/// The event that tells how many records were dropped.
constexpr std::int32_t kRecordsDropped = 9000;

/// A record, kept beyond its callback.
struct KeptRecord {
  log_level level;
  std::int32_t event_id;
  std::string category;
  std::string message;
  std::string identity;
  std::int64_t time_ns;
  std::chrono::system_clock::time_point wall_time;
  std::thread::id thread;
};

KeptRecord Keep(const log_record& record) {
  return {record.level(),
          record.event_id(),
          std::string(record.category()),
          std::string(record.message()),
          std::string(record.field("identity").value_or("")),
          record.time_ns(),
          record.wall_time(),
          std::this_thread::get_id()};
}

class Log : public ::testing::Test {
 protected:
  void Start(log_level lowest) {
    library_.emplace(Must(library::initialize({.log =
                                                   [this](const log_record& record) {
                                                     // Longer than anything that a test does meanwhile.
                                                     may_log_.Wait(ScaledMs(600000));
                                                     records_.Add(Keep(record));
                                                   },
                                               .log_level = lowest})));
    master_.emplace(Must(master::start(*library_, {.listen_address = "127.0.0.1:0",
                                                   .store_path = directory_.File("store.db"),
                                                   .create_store = true,
                                                   .insecure = insecure_peers::loopback})));
    manager_.emplace(Must(follower_manager::create(
        *library_, {.endpoints = {"127.0.0.1:" + std::to_string(Must(master_->port()))},
                    .insecure = insecure_peers::loopback})));
  }

  /// A session comes and goes.
  void Live(const std::string& identity = "server") {
    follower server = Must(manager_->create_follower(identity));
    Must(server.create_session({}, PatienceMs()));
    Must(server.close());
  }

  void Stop() {
    manager_.reset();
    master_.reset();
    library_.reset();
  }

  TemporaryDirectory directory_;
  Latch may_log_;
  History<KeptRecord> records_;
  std::optional<library> library_;
  std::optional<master> master_;
  std::optional<follower_manager> manager_;
};

TEST_F(Log, Tells_who_what_and_when_on_one_thread_in_order) {
  may_log_.Open();
  const std::int64_t before_ns = interop_sessions_now_ns();
  const auto before = std::chrono::system_clock::now();
  Start(INTEROP_SESSIONS_LOG_INFORMATION);
  Live();
  Stop();
  const std::int64_t after_ns = interop_sessions_now_ns();
  const std::vector<KeptRecord> all = records_.All();
  ASSERT_FALSE(all.empty());
  for (const KeptRecord& record : all) {
    EXPECT_GE(record.level, INTEROP_SESSIONS_LOG_INFORMATION);
    EXPECT_TRUE(record.category.starts_with("Interop.Sessions")) << record.category;
    EXPECT_FALSE(record.message.empty());
    EXPECT_NE(record.event_id, 0) << record.message;
    EXPECT_EQ(record.thread, all[0].thread);
    EXPECT_NE(record.thread, std::this_thread::get_id());
    EXPECT_GE(record.time_ns, before_ns);
    EXPECT_LE(record.time_ns, after_ns);
    // The two clocks are not read at once.
    EXPECT_GE(record.wall_time, before - std::chrono::seconds(1));
    EXPECT_LE(record.wall_time, std::chrono::system_clock::now() + std::chrono::seconds(1));
  }
  EXPECT_GT(records_.Count([](const auto& record) { return record.identity == "server"; }), 4U);
}

TEST_F(Log, Below_the_level_is_left_out) {
  may_log_.Open();
  Start(INTEROP_SESSIONS_LOG_WARNING);
  Live();
  Stop();
  EXPECT_EQ(records_.Count(
                [](const auto& record) { return record.level < INTEROP_SESSIONS_LOG_WARNING; }),
            0U);
}

TEST_F(Log, Of_the_server_and_of_gRPC_begins_at_warnings_unless_a_category_is_named) {
  may_log_.Open();
  Start(INTEROP_SESSIONS_LOG_TRACE);
  Live();
  const auto detail_of_the_server = [](const KeptRecord& record) {
    return record.level < INTEROP_SESSIONS_LOG_WARNING &&
           (record.category.starts_with("Microsoft") || record.category.starts_with("Grpc"));
  };
  EXPECT_EQ(records_.Count(detail_of_the_server), 0U);
  EXPECT_GT(records_.Count(
                [](const auto& record) { return record.level < INTEROP_SESSIONS_LOG_WARNING; }),
            0U);
  Must(library_->set_log_level(INTEROP_SESSIONS_LOG_TRACE, "Microsoft"));
  Live("another");
  EXPECT_TRUE(records_.Wait(detail_of_the_server));
  Stop();
}

TEST_F(Log, Is_flushed_by_the_shutdown) {
  Start(INTEROP_SESSIONS_LOG_INFORMATION);
  Live();
  may_log_.Open();
  Stop();
  EXPECT_GT(records_.Count([](const auto& record) { return record.identity == "server"; }), 4U);
}

TEST_F(Log, That_blocks_delays_nobody_and_what_was_dropped_is_counted) {
  Start(INTEROP_SESSIONS_LOG_TRACE);
  // Each life is at least six records: the steps. Several at once share the store's commits.
  constexpr int kAtOnce = 8;
  std::vector<std::jthread> lives;
  for (int i = 0; i < kAtOnce; i++) {
    lives.emplace_back([this, identity = "server" + std::to_string(i)] {
      for (int life = 0; life < 8192 / 6 / kAtOnce + 10; life++) {
        Live(identity);
      }
    });
  }
  lives.clear();
  EXPECT_TRUE(records_.All().empty());
  may_log_.Open();
  EXPECT_TRUE(records_.Wait([](const auto& record) { return record.event_id == kRecordsDropped; }));
  Stop();
  EXPECT_GE(records_.All().size(), 8192U);
}

}  // namespace
}  // namespace interop::sessions::tests
