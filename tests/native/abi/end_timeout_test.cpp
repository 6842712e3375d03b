// A callback that hangs keeps nobody longer than he has said: what ends goes on, and can be waited for again.

#include <interop_sessions/thread_sanitizer.hpp>

#include "abi/live_objects.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

constexpr uint32_t kShortMs = 100;

/// A host whose callback waits until the test lets it go.
class EndTimeoutTest : public ::testing::Test {
 protected:
  void TearDown() override { let_go_.Open(); }

  /// It goes on, so nobody may take it for not done.
  void ExpectTimedOut(interop_sessions_status status) {
    EXPECT_EQ(status, INTEROP_SESSIONS_TIMED_OUT) << error_.message;
    EXPECT_EQ(error_.flags, static_cast<std::uint32_t>(INTEROP_SESSIONS_ERROR_OUTCOME_UNKNOWN |
                                                       INTEROP_SESSIONS_ERROR_PASSING));
  }

  static void Hang(void* self) {
    const detail::callback_scope scope;
    auto& test = *static_cast<EndTimeoutTest*>(self);
    test.inside_.Open();
    test.let_go_.Wait();
  }

  static void Released(void* self) {
    const detail::callback_scope scope;
    static_cast<EndTimeoutTest*>(self)->released_.Open();
  }

  interop_sessions_follower HangingFollower() {
    auto callbacks = Sized<interop_sessions_follower_callbacks>();
    callbacks.user_data = this;
    callbacks.session_lost = [](void* self, const interop_sessions_session_info*,
                                const interop_sessions_session_end*) { Hang(self); };
    auto options = Sized<interop_sessions_follower_options>();
    options.identity = Text("hanging");
    options.callbacks = &callbacks;
    interop_sessions_follower follower = {};
    Require(interop_sessions_follower_create(objects_.manager, &options, &follower, &error_),
            error_);
    const auto description = Sized<interop_sessions_server_description>();
    Require(interop_sessions_follower_create_session(follower, &description, Within(PatienceMs()),
                                                     nullptr, &error_),
            error_);
    return follower;
  }

  Latch inside_;
  Latch let_go_;
  Latch released_;
  LiveObjects objects_;
  Error error_;
};

TEST_F(EndTimeoutTest, Of_a_follower) {
  const interop_sessions_follower follower = HangingFollower();
  ExpectTimedOut(interop_sessions_follower_close(follower, kShortMs, &error_));
  inside_.Wait();
  ExpectTimedOut(interop_sessions_follower_close(follower, kShortMs, &error_));
  EXPECT_TRUE(error_.Mentions("hanging")) << error_.message;
  let_go_.Open();
  EXPECT_EQ(interop_sessions_follower_close(follower, PatienceMs(), &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_follower_close(follower, PatienceMs(), &error_),
            INTEROP_SESSIONS_INVALID_HANDLE);
}

TEST_F(EndTimeoutTest, Of_a_manager) {
  HangingFollower();
  ExpectTimedOut(interop_sessions_follower_manager_close(objects_.manager, kShortMs, &error_));
  // The data paths of all of its followers refuse by then.
  const interop_sessions_lease* lease = nullptr;
  ASSERT_EQ(interop_sessions_follower_lease(objects_.follower, &lease, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_FALSE(interop_sessions_lease_valid(lease, objects_.session.epoch));
  let_go_.Open();
  EXPECT_EQ(interop_sessions_follower_manager_close(objects_.manager, PatienceMs(), &error_),
            INTEROP_SESSIONS_OK);
}

TEST_F(EndTimeoutTest, Of_a_master) {
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.user_data = this;
  hooks.session_created = [](void* self, const interop_sessions_session_request*,
                             interop_sessions_session_grant*,
                             interop_sessions_verdict*) { Hang(self); };
  auto options = objects_.MasterOptions();
  options.access_manager = &hooks;
  interop_sessions_master master = {};
  Require(interop_sessions_master_start(TestLibrary(), &options, &master, &error_), error_);
  uint16_t port = 0;
  Require(interop_sessions_master_port(master, &port, &error_), error_);
  const interop_sessions_follower follower =
      FollowerOf(ManagerOf(TestLibrary(), "127.0.0.1:" + std::to_string(port)), "waits");
  const auto description = Sized<interop_sessions_server_description>();
  Require(interop_sessions_follower_create_session_async(
              follower, &description, Within(PatienceMs()),
              [](void*, interop_sessions_status, const interop_sessions_error*,
                 const interop_sessions_session_info*) {},
              nullptr, nullptr, nullptr, &error_),
          error_);
  inside_.Wait();
  ExpectTimedOut(interop_sessions_master_stop(master, kShortMs, &error_));
  let_go_.Open();
  EXPECT_EQ(interop_sessions_master_stop(master, PatienceMs(), &error_), INTEROP_SESSIONS_OK)
      << error_.message;
}

TEST_F(EndTimeoutTest, Of_a_session_create_callback) {
  const interop_sessions_follower follower = objects_.FreshFollower();
  interop_sessions_registration registration = {};
  Require(interop_sessions_follower_register_session_create_cb(
              follower, [](void* self, const interop_sessions_session_info*) { Hang(self); }, this,
              Released, &registration, &error_),
          error_);
  const auto description = Sized<interop_sessions_server_description>();
  Require(interop_sessions_follower_create_session_async(
              follower, &description, Within(PatienceMs()),
              [](void*, interop_sessions_status, const interop_sessions_error*,
                 const interop_sessions_session_info*) {},
              nullptr, nullptr, nullptr, &error_),
          error_);
  inside_.Wait();
  ExpectTimedOut(interop_sessions_unregister_session_create_cb(registration, kShortMs, &error_));
  ExpectTimedOut(interop_sessions_unregister_session_create_cb(registration, kShortMs, &error_));
  EXPECT_FALSE(released_.IsOpen());
  let_go_.Open();
  EXPECT_EQ(interop_sessions_unregister_session_create_cb(registration, PatienceMs(), &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_TRUE(released_.Wait());
  EXPECT_EQ(interop_sessions_unregister_session_create_cb(registration, 3'600'001, &error_),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
}

TEST_F(EndTimeoutTest, Of_a_start_whose_host_does_not_say_whether_it_leads) {
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.user_data = this;
  hooks.check_leader = [](void* self, interop_sessions_leader_answer* answer) {
    Hang(self);
    answer->leads = 1;
  };
  auto options = objects_.MasterOptions();
  options.access_manager = &hooks;
  interop_sessions_master master = {};
  ASSERT_EQ(interop_sessions_master_start(TestLibrary(), &options, &master, &error_),
            INTEROP_SESSIONS_OK)
      << error_.message;
  const auto leads = [&] {
    int32_t answer = 0;
    EXPECT_EQ(interop_sessions_master_leads(master, &answer, nullptr, &error_),
              INTEROP_SESSIONS_OK);
    return answer != 0;
  };
  EXPECT_FALSE(leads());
  let_go_.Open();
  EXPECT_TRUE(Eventually(leads));
  EXPECT_EQ(interop_sessions_master_stop(master, PatienceMs(), &error_), INTEROP_SESSIONS_OK);
}

TEST_F(EndTimeoutTest, Of_the_library) {
  HangingFollower();
  ExpectTimedOut(interop_sessions_shutdown(TestLibrary(), kShortMs, &error_));
  auto options = objects_.MasterOptions();
  interop_sessions_master master = {};
  EXPECT_EQ(interop_sessions_master_start(TestLibrary(), &options, &master, &error_),
            INTEROP_SESSIONS_NOT_INITIALIZED);
  let_go_.Open();
  EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), PatienceMs(), &error_), INTEROP_SESSIONS_OK)
      << error_.message;
  InitializeLibrary();
}

}  // namespace
}  // namespace interop::sessions::tests
