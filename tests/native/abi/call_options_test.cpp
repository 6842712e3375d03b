// interop_sessions_call_options: how long a call may take.

#include <interop_sessions/thread_sanitizer.hpp>

#include <atomic>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

class CallOptionsTest : public ::testing::Test {
 protected:
  interop_sessions_status SetItem(const interop_sessions_call_options& options) {
    return interop_sessions_follower_set_item(
        objects_.follower, objects_.session.epoch, Text("key"), Bytes("value"),
        INTEROP_SESSIONS_ANY_REVISION, &options, nullptr, &error_);
  }

  LiveObjects objects_;
  Error error_;
  interop_sessions_call_options options_ = Sized<interop_sessions_call_options>();
};

TEST_F(CallOptionsTest, Of_which_all_are_defaults_are_as_none) {
  EXPECT_EQ(SetItem(options_), INTEROP_SESSIONS_OK) << error_.message;
}

TEST_F(CallOptionsTest, A_deadline_that_is_past_sends_nothing) {
  options_.deadline_ns = interop_sessions_now_ns() - 1;
  EXPECT_EQ(SetItem(options_), INTEROP_SESSIONS_TIMED_OUT);
  EXPECT_TRUE(error_.Mentions("deadline_ns")) << error_.message;
  EXPECT_EQ(error_.flags & INTEROP_SESSIONS_ERROR_OUTCOME_UNKNOWN, 0U);
  interop_sessions_item* item = nullptr;
  EXPECT_EQ(interop_sessions_follower_get_item(objects_.follower, objects_.session.epoch,
                                               Text("key"), nullptr, &item, &error_),
            INTEROP_SESSIONS_ITEM_NOT_FOUND);
}

TEST_F(CallOptionsTest, A_call_ends_by_its_deadline_though_its_time_out_is_longer) {
  // Nobody answers there, so that only the deadline ends it.
  const interop_sessions_follower follower =
      FollowerOf(ManagerOf(TestLibrary(), "127.0.0.1:1"), "alone");
  options_.timeout_ms = 3'600'000;
  options_.deadline_ns = interop_sessions_now_ns() + 200'000'000;
  const auto description = Sized<interop_sessions_server_description>();
  EXPECT_EQ(
      interop_sessions_follower_create_session(follower, &description, &options_, nullptr, &error_),
      INTEROP_SESSIONS_NO_MASTER);
  EXPECT_LT(interop_sessions_now_ns(), options_.deadline_ns + PatienceMs() * INT64_C(1'000'000));
}

constexpr const char* kTrace = "0af7651916cd43dd8448eb211c80319c";
constexpr const char* kTraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A log that remembers how often a trace was named with a call and a status.
struct TraceSeen {
  explicit TraceSeen(std::string call_name, std::string status_name = "OK")
      : call(std::move(call_name)), status(std::move(status_name)) {}

  const std::string call;
  const std::string status;
  std::atomic<int> times = 0;

  interop_sessions_options Options() {
    auto options = DefaultOptions();
    options.log = Log;
    options.log_user_data = this;
    options.log_level = INTEROP_SESSIONS_LOG_DEBUG;
    return options;
  }

  static void Log(void* self, const interop_sessions_log_record* record) {
    const detail::callback_scope scope;
    const std::string message = String(record->message);
    auto& seen = *static_cast<TraceSeen*>(self);
    if (message.find(kTrace) != std::string::npos && message.find(seen.call) != std::string::npos &&
        message.find(seen.status) != std::string::npos) {
      seen.times++;
    }
  }
};

TEST(CallOptions, A_trace_is_named_in_the_log_of_the_master_that_is_called_on_its_behalf) {
  TraceSeen log("SetItem");
  const LiveObjects objects(log.Options());
  auto call = Sized<interop_sessions_call_options>();
  call.trace_parent = Text(kTraceParent);
  Error error;
  ASSERT_EQ(interop_sessions_follower_set_item(objects.follower, objects.session.epoch, Text("key"),
                                               Bytes("value"), INTEROP_SESSIONS_ANY_REVISION, &call,
                                               nullptr, &error),
            INTEROP_SESSIONS_OK)
      << error.message;
  EXPECT_TRUE(Eventually([&] { return log.times.load() == 1; }));
}

TEST(CallOptions, A_trace_is_named_in_the_log_of_the_master_that_its_own_host_calls) {
  TraceSeen log("RevokeSession", "UNKNOWN_SESSION");
  const LiveObjects objects(log.Options());
  auto call = Sized<interop_sessions_call_options>();
  call.trace_parent = Text(kTraceParent);
  Error error;
  EXPECT_EQ(interop_sessions_master_revoke_session(objects.master, 77, 1, Text("because"), nullptr,
                                                   &error),
            INTEROP_SESSIONS_UNKNOWN_SESSION);
  EXPECT_EQ(
      interop_sessions_master_revoke_session(objects.master, 77, 1, Text("because"), &call, &error),
      INTEROP_SESSIONS_UNKNOWN_SESSION);
  EXPECT_TRUE(Eventually([&] { return log.times.load() == 1; }));
  interop_sessions_operation operation = {};
  ASSERT_EQ(interop_sessions_master_revoke_session_async(
                objects.master, 77, 1, Text("because"), &call,
                [](void*, interop_sessions_status, const interop_sessions_error*) {}, nullptr,
                nullptr, &operation, &error),
            INTEROP_SESSIONS_OK)
      << error.message;
  EXPECT_TRUE(Eventually([&] { return log.times.load() == 2; }));
  EXPECT_EQ(interop_sessions_operation_wait(operation, 0, &error), INTEROP_SESSIONS_OK);
}

TEST_F(CallOptionsTest, Beyond_their_limits_are_refused) {
  options_.timeout_ms = 3'600'001;
  EXPECT_EQ(SetItem(options_), INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error_.Mentions("timeout_ms")) << error_.message;
  options_.timeout_ms = 0;
  options_.struct_size = 8;
  EXPECT_EQ(SetItem(options_), INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  options_.struct_size = sizeof(options_);
  for (const char* wrong : {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "not a trace",
                            "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"}) {
    options_.trace_parent = Text(wrong);
    EXPECT_EQ(SetItem(options_), INTEROP_SESSIONS_INVALID_ARGUMENT) << wrong;
    EXPECT_TRUE(error_.Mentions("trace_parent")) << error_.message;
  }
  options_.trace_parent = Text("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_EQ(SetItem(options_), INTEROP_SESSIONS_OK) << error_.message;
}

}  // namespace
}  // namespace interop::sessions::tests
