// From inside a callback a call that would wait for that very callback answers IN_CALLBACK instead
// of a deadlock, and every other call works.

#include <atomic>
#include <functional>
#include <map>
#include <mutex>

#include <interop_sessions/thread_sanitizer.hpp>
#include <interop_sessions/thread_sanitizer_signals.hpp>

#include "abi/live_objects.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

using Blocking = std::map<std::string, interop_sessions_status>;

/// What the blocking calls answered, callback by callback.
class Answers {
 public:
  void Note(const std::string& where, const std::string& call, interop_sessions_status status) {
    const std::lock_guard lock(mutex_);
    by_callback_[where][call] = status;
  }

  Blocking In(const std::string& where) {
    const std::lock_guard lock(mutex_);
    return by_callback_[where];
  }

  bool Has(const std::string& where) {
    const std::lock_guard lock(mutex_);
    return by_callback_.contains(where);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, Blocking> by_callback_;
};

/// A master and a follower all of whose callbacks try the blocking calls.
class InCallbackTest : public ::testing::Test {
 public:
  void SetUp() override {
    InitializeLibraryWithLog();
    StartMaster();
    CreateFollower();
    ShareWithCallbacks();
  }

  void TearDown() override {
    log_calls_shutdown_ = false;
    EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error_), INTEROP_SESSIONS_OK)
        << error_.message;
    ShareWithCallbacks();
  }

  /// ThreadSanitizer does not see that the library orders calls and callbacks.
  static void ShareWithCallbacks() { const detail::call_scope scope; }

  void InitializeLibraryWithLog() {
    auto options = Sized<interop_sessions_options>();
    options.abi_version = INTEROP_SESSIONS_ABI_MAJOR << 16 | INTEROP_SESSIONS_ABI_MINOR;
    options.log_user_data = this;
    options.log = [](void* self, const interop_sessions_log_record*) {
      const detail::callback_scope scope;
      auto* test = static_cast<InCallbackTest*>(self);
      if (test->log_calls_shutdown_.exchange(false)) {
        test->answers_.Note("log", "shutdown",
                            interop_sessions_shutdown(TestLibrary(), 0, nullptr));
      }
    };
    Require(interop_sessions_initialize(&options, &TestLibrary(), &error_), error_);
    detail::deliver_collector_signal_at_once();
  }

  void StartMaster() {
    auto hooks = Sized<interop_sessions_access_manager>();
    hooks.user_data = this;
    hooks.check_leader = [](void* self, interop_sessions_leader_answer* answer) {
      Of(self).TryMasterCalls("check_leader");
      answer->leads = 1;
    };
    hooks.session_initialize = [](void* self, const interop_sessions_session_request*,
                                  interop_sessions_session_amendment*, interop_sessions_verdict*) {
      Of(self).TryMasterCalls("session_initialize");
    };
    hooks.session_created = [](void* self, const interop_sessions_session_request*,
                               interop_sessions_session_grant*, interop_sessions_verdict*) {
      Of(self).TryMasterCalls("hook session_created");
    };
    hooks.session_ended = [](void* self, const interop_sessions_session_request*,
                             const interop_sessions_session_end*) {
      Of(self).TryMasterCalls("session_ended");
    };
    hooks.data_report = [](void* self, const interop_sessions_data_report*,
                           interop_sessions_report_window*,
                           interop_sessions_verdict*) { Of(self).TryMasterCalls("data_report"); };
    const std::string store = directory_.File("store.db");
    auto options = Sized<interop_sessions_master_options>();
    options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
    options.listen_address = Text("127.0.0.1:0");
    options.store_path = Text(store);
    options.create_store = 1;
    options.access_manager = &hooks;
    interop_sessions_master master = {};
    Require(interop_sessions_master_start(TestLibrary(), &options, &master, &error_), error_);
    master_ = master.value;
  }

  void CreateFollower() {
    uint16_t port = 0;
    Require(interop_sessions_master_port({master_}, &port, &error_), error_);
    manager_ = ManagerOf(TestLibrary(), "127.0.0.1:" + std::to_string(port));

    auto callbacks = Sized<interop_sessions_follower_callbacks>();
    callbacks.user_data = this;
    callbacks.session_created = [](void* self, const interop_sessions_session_info*,
                                   interop_sessions_verdict*) {
      Of(self).TryFollowerCalls("session_created");
    };
    callbacks.session_lost = [](void* self, const interop_sessions_session_info*,
                                const interop_sessions_session_end*) {
      Of(self).TryFollowerCalls("session_lost");
    };
    callbacks.state_changed = [](void* self, const interop_sessions_session_info*) {
      Of(self).TryFollowerCalls("state_changed");
    };
    auto follower_options = Sized<interop_sessions_follower_options>();
    follower_options.identity = Text("server");
    follower_options.callbacks = &callbacks;
    Require(interop_sessions_follower_create(manager_, &follower_options, &follower_, &error_),
            error_);
  }

  void TryMasterCalls(const char* where) {
    const detail::callback_scope scope;
    if (master_ != 0) {
      answers_.Note(where, "master_stop", interop_sessions_master_stop({master_}, 0, nullptr));
    }
    answers_.Note(where, "shutdown", interop_sessions_shutdown(TestLibrary(), 0, nullptr));
  }

  void TryFollowerCalls(const char* where) {
    const detail::callback_scope scope;
    const auto description = Sized<interop_sessions_server_description>();
    answers_.Note(where, "close", interop_sessions_follower_close(follower_, 0, nullptr));
    answers_.Note(where, "manager_close",
                  interop_sessions_follower_manager_close(manager_, 0, nullptr));
    answers_.Note(where, "create_session",
                  interop_sessions_follower_create_session(follower_, &description, Within(1000),
                                                           nullptr, nullptr));
    answers_.Note(where, "reattach_session",
                  interop_sessions_follower_reattach_session(follower_, 1, {1, 1}, Within(1000),
                                                             nullptr, nullptr));
    answers_.Note(where, "shutdown", interop_sessions_shutdown(TestLibrary(), 0, nullptr));
  }

  void ExpectAllInCallback(const std::string& where, size_t calls) {
    ASSERT_TRUE(Eventually([&] { return answers_.In(where).size() == calls; })) << where;
    for (const auto& [call, status] : answers_.In(where)) {
      EXPECT_EQ(status, INTEROP_SESSIONS_IN_CALLBACK) << call << " in " << where;
    }
  }

  static InCallbackTest& Of(void* self) { return *static_cast<InCallbackTest*>(self); }

  interop_sessions_session_info CreateSession() {
    const auto description = Sized<interop_sessions_server_description>();
    auto session = Sized<interop_sessions_session_info>();
    EXPECT_EQ(interop_sessions_follower_create_session(follower_, &description,
                                                       Within(PatienceMs()), &session, &error_),
              INTEROP_SESSIONS_OK)
        << error_.message;
    return session;
  }

  TemporaryDirectory directory_;
  Answers answers_;
  Error error_;
  std::atomic<uint64_t> master_ = 0;
  std::atomic<bool> log_calls_shutdown_ = true;
  interop_sessions_follower_manager manager_ = {};
  interop_sessions_follower follower_ = {};
};

TEST_F(InCallbackTest, The_callbacks_of_a_follower_cannot_wait_for_themselves) {
  interop_sessions_registration registration = {};
  ASSERT_EQ(interop_sessions_follower_register_session_create_cb(
                follower_,
                [](void* self, const interop_sessions_session_info*) {
                  Of(self).TryFollowerCalls("session_create_cb");
                },
                this, nullptr, &registration, &error_),
            INTEROP_SESSIONS_OK);
  CreateSession();
  Latch closed;
  ShareWithCallbacks();
  ASSERT_EQ(interop_sessions_follower_close_async(
                follower_,
                [](void* latch) {
                  const detail::callback_scope scope;
                  static_cast<Latch*>(latch)->Open();
                },
                &closed, nullptr, &error_),
            INTEROP_SESSIONS_OK);
  ASSERT_TRUE(closed.Wait());
  ExpectAllInCallback("session_created", 5);
  ExpectAllInCallback("session_create_cb", 5);
  ExpectAllInCallback("state_changed", 5);
  // The handle of a follower that is being closed is stale already.
  EXPECT_EQ(answers_.In("session_lost").at("manager_close"), INTEROP_SESSIONS_IN_CALLBACK);
  EXPECT_EQ(answers_.In("session_lost").at("shutdown"), INTEROP_SESSIONS_IN_CALLBACK);
}

TEST_F(InCallbackTest, The_completion_of_a_create_cannot_wait_for_itself) {
  const auto description = Sized<interop_sessions_server_description>();
  ASSERT_EQ(
      interop_sessions_follower_create_session_async(
          follower_, &description, Within(PatienceMs()),
          [](void* self, interop_sessions_status, const interop_sessions_error*,
             const interop_sessions_session_info*) { Of(self).TryFollowerCalls("completion"); },
          this, nullptr, nullptr, &error_),
      INTEROP_SESSIONS_OK);
  ExpectAllInCallback("completion", 5);
}

TEST_F(InCallbackTest, The_session_lost_of_a_revoked_session_cannot_wait_for_itself) {
  const interop_sessions_session_info session = CreateSession();
  ASSERT_EQ(interop_sessions_master_revoke_session({master_}, session.session_id, session.epoch,
                                                   Text("test"), nullptr, &error_),
            INTEROP_SESSIONS_OK);
  ExpectAllInCallback("session_lost", 5);
}

TEST_F(InCallbackTest, The_closed_callback_cannot_shut_down) {
  CreateSession();
  ASSERT_EQ(interop_sessions_follower_close_async(
                follower_,
                [](void* self) {
                  const detail::callback_scope scope;
                  Of(self).answers_.Note("closed", "shutdown",
                                         interop_sessions_shutdown(TestLibrary(), 0, nullptr));
                },
                this, nullptr, &error_),
            INTEROP_SESSIONS_OK);
  ExpectAllInCallback("closed", 1);
}

TEST_F(InCallbackTest, The_hooks_of_a_master_cannot_wait_for_themselves) {
  const interop_sessions_session_info session = CreateSession();
  const uint64_t pid = 1;
  auto next = Sized<interop_sessions_report_window>();
  EXPECT_EQ(interop_sessions_follower_report_data(follower_, session.epoch, Window(0, 10), &pid, 1,
                                                  nullptr, &next, &error_),
            INTEROP_SESSIONS_OK)
      << error_.message;
  ASSERT_EQ(interop_sessions_follower_close(follower_, 0, &error_), INTEROP_SESSIONS_OK);
  ExpectAllInCallback("check_leader", 2);
  ExpectAllInCallback("session_initialize", 2);
  ExpectAllInCallback("hook session_created", 2);
  ExpectAllInCallback("data_report", 2);
  ExpectAllInCallback("session_ended", 2);
}

/// The completion of a revocation, which tries to stop its master.
struct Revoked {
  interop_sessions_master master = {};
  interop_sessions_status status = INTEROP_SESSIONS_INTERNAL;
  interop_sessions_status stopped = INTEROP_SESSIONS_INTERNAL;
  Latch told;

  static void Complete(void* self, interop_sessions_status status, const interop_sessions_error*) {
    const detail::callback_scope scope;
    auto& revoked = *static_cast<Revoked*>(self);
    revoked.status = status;
    revoked.stopped = interop_sessions_master_stop(revoked.master, 0, nullptr);
    revoked.told.Open();
  }
};

TEST(InCallback, The_completion_of_a_revocation_cannot_stop_its_master) {
  const LiveObjects objects;
  Error error;
  Revoked revoked;
  revoked.master = objects.master;
  {
    const detail::call_scope shared;
    ASSERT_EQ(interop_sessions_master_revoke_session_async(
                  objects.master, objects.session.session_id, objects.session.epoch, Text("test"),
                  nullptr, Revoked::Complete, &revoked, nullptr, nullptr, &error),
              INTEROP_SESSIONS_OK)
        << error.message;
  }
  ASSERT_TRUE(revoked.told.Wait());
  EXPECT_EQ(revoked.status, INTEROP_SESSIONS_OK);
  EXPECT_EQ(revoked.stopped, INTEROP_SESSIONS_IN_CALLBACK);
  EXPECT_EQ(interop_sessions_master_stop(objects.master, 0, &error), INTEROP_SESSIONS_OK)
      << error.message;
}

TEST_F(InCallbackTest, The_log_cannot_shut_down) {
  CreateSession();
  ExpectAllInCallback("log", 1);
}

}  // namespace
}  // namespace interop::sessions::tests
