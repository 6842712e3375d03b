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

/// A log that remembers whether a trace was named.
struct TraceSeen {
  std::atomic<bool> seen = false;

  static void Log(void* self, const interop_sessions_log_record* record) {
    const detail::callback_scope scope;
    const std::string message = String(record->message);
    if (message.find("0af7651916cd43dd8448eb211c80319c") != std::string::npos &&
        message.find("SetItem") != std::string::npos && message.find("OK") != std::string::npos) {
      static_cast<TraceSeen*>(self)->seen = true;
    }
  }
};

TEST(CallOptions, A_trace_is_named_in_the_log_of_the_master_that_is_called_on_its_behalf) {
  TraceSeen log;
  auto options = DefaultOptions();
  options.log = TraceSeen::Log;
  options.log_user_data = &log;
  options.log_level = INTEROP_SESSIONS_LOG_DEBUG;
  const LiveObjects objects(options);
  auto call = Sized<interop_sessions_call_options>();
  call.trace_parent = Text("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  Error error;
  ASSERT_EQ(interop_sessions_follower_set_item(objects.follower, objects.session.epoch, Text("key"),
                                               Bytes("value"), INTEROP_SESSIONS_ANY_REVISION, &call,
                                               nullptr, &error),
            INTEROP_SESSIONS_OK)
      << error.message;
  EXPECT_TRUE(Eventually([&] { return log.seen.load(); }));
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
