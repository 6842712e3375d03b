// Closing against closing, shutting down and starting: whoever waits for an end waits for all of it.

#include <interop_sessions/thread_sanitizer.hpp>
#include <interop_sessions/thread_sanitizer_signals.hpp>

#include <atomic>
#include <functional>
#include <thread>

#include "abi/live_objects.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

/// A follower whose session_lost, or registered callback, waits until the test lets it go.
class CloseRace : public ::testing::Test {
 public:
  void SetUp() override {
    auto callbacks = Sized<interop_sessions_follower_callbacks>();
    callbacks.user_data = this;
    callbacks.session_lost = [](void* self, const interop_sessions_session_info*,
                                const interop_sessions_session_end*) {
      const detail::callback_scope scope;
      static_cast<CloseRace*>(self)->Hold();
    };
    const detail::call_scope shared;
    auto options = Sized<interop_sessions_follower_options>();
    options.identity = Text("held");
    options.callbacks = &callbacks;
    Require(interop_sessions_follower_create(objects_.manager, &options, &follower_, &error_),
            error_);
  }

  /// While what the callbacks use is there; the objects expect to find the library as they left it.
  void TearDown() override {
    const detail::call_scope shared;
    let_go_.Open();
    interop_sessions_shutdown(TestLibrary(), 0, nullptr);
    InitializeLibrary();
  }

  void Hold() {
    during_();
    runs_ = true;
    inside_.Open();
    let_go_.Wait();
    runs_ = false;
  }

  void CreateSession() {
    const detail::call_scope shared;
    const auto description = Sized<interop_sessions_server_description>();
    Require(interop_sessions_follower_create_session(follower_, &description, Within(PatienceMs()),
                                                     nullptr, &error_),
            error_);
  }

  bool IsHandleStale() {
    auto session = Sized<interop_sessions_session_info>();
    return interop_sessions_follower_session(follower_, &session, nullptr) != INTEROP_SESSIONS_OK;
  }

  /// Calls on a thread of its own; when it returns, no callback may run.
  template <typename Call>
  std::thread Start(Call call) {
    return std::thread([this, call] {
      const detail::call_scope shared;
      call();
      EXPECT_FALSE(runs_) << "it returned while a callback ran";
    });
  }

  LiveObjects objects_;
  interop_sessions_follower follower_ = {};
  Error error_;
  std::function<void()> during_ = [] {};
  std::atomic<bool> runs_ = false;
  Latch inside_;
  Latch let_go_;
};

TEST_F(CloseRace, A_close_async_that_is_refused_leaves_the_handle_to_who_waits) {
  CreateSession();
  std::thread first = Start([&] { interop_sessions_follower_close(follower_, 0, nullptr); });
  ASSERT_TRUE(inside_.Wait());
  EXPECT_EQ(interop_sessions_follower_close_async(
                follower_, [](void*) {}, nullptr, nullptr, &error_),
            INTEROP_SESSIONS_CANCELLED);
  EXPECT_FALSE(IsHandleStale());
  std::thread second = Start([&] { interop_sessions_follower_close(follower_, 0, nullptr); });
  let_go_.Open();
  first.join();
  second.join();
  EXPECT_TRUE(IsHandleStale());
}

TEST_F(CloseRace, A_close_during_a_shutdown_waits_for_the_same_end) {
  CreateSession();
  std::thread shutdown = Start([] { interop_sessions_shutdown(TestLibrary(), 0, nullptr); });
  ASSERT_TRUE(inside_.Wait());
  EXPECT_FALSE(IsHandleStale());
  std::thread follower = Start([&] { interop_sessions_follower_close(follower_, 0, nullptr); });
  std::thread manager =
      Start([&] { interop_sessions_follower_manager_close(objects_.manager, 0, nullptr); });
  std::thread again = Start([] { interop_sessions_shutdown(TestLibrary(), 0, nullptr); });
  let_go_.Open();
  for (std::thread* thread : {&shutdown, &follower, &manager, &again}) {
    thread->join();
  }
  EXPECT_TRUE(IsHandleStale());
}

TEST_F(CloseRace, A_callback_that_initializes_during_a_shutdown_has_a_library_of_its_own) {
  std::atomic<interop_sessions_status> told = INTEROP_SESSIONS_INTERNAL;
  interop_sessions_library its_own = {};
  during_ = [&] {
    const interop_sessions_options options = DefaultOptions();
    told = interop_sessions_initialize(&options, &its_own, nullptr);
  };
  let_go_.Open();
  CreateSession();
  {
    const detail::call_scope shared;
    ASSERT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error_), INTEROP_SESSIONS_OK)
        << error_.message;
  }
  EXPECT_EQ(told, INTEROP_SESSIONS_OK);
  const detail::call_scope shared;
  EXPECT_EQ(interop_sessions_shutdown(its_own, 0, &error_), INTEROP_SESSIONS_OK) << error_.message;
}

TEST_F(CloseRace, The_second_who_unregisters_waits_for_the_callback_too) {
  interop_sessions_registration registration = {};
  Require(interop_sessions_follower_register_session_create_cb(
              follower_,
              [](void* self, const interop_sessions_session_info*) {
                const detail::callback_scope scope;
                static_cast<CloseRace*>(self)->Hold();
              },
              this, nullptr, &registration, &error_),
          error_);
  std::thread creator([&] { CreateSession(); });
  ASSERT_TRUE(inside_.Wait());
  const auto unregister = [&] {
    interop_sessions_unregister_session_create_cb(registration, 0, nullptr);
  };
  std::thread first = Start(unregister);
  std::thread second = Start(unregister);
  let_go_.Open();
  first.join();
  second.join();
  creator.join();
}

TEST_F(CloseRace, Who_unregisters_while_the_follower_closes_waits_for_the_callback) {
  interop_sessions_registration registration = {};
  std::atomic<bool> has_returned = false;
  struct Registered {
    CloseRace* test;
    std::atomic<bool>* has_returned;
  } registered = {this, &has_returned};
  Require(interop_sessions_follower_register_session_create_cb(
              follower_,
              [](void* user_data, const interop_sessions_session_info*) {
                const detail::callback_scope scope;
                const auto& self = *static_cast<Registered*>(user_data);
                self.test->Hold();
                *self.has_returned = true;
              },
              &registered, nullptr, &registration, &error_),
          error_);
  std::thread creator = Start([&] {
    const auto description = Sized<interop_sessions_server_description>();
    EXPECT_EQ(interop_sessions_follower_create_session(follower_, &description,
                                                       Within(PatienceMs()), nullptr, nullptr),
              INTEROP_SESSIONS_CANCELLED);
  });
  ASSERT_TRUE(inside_.Wait());
  // Takes the follower's handle at once.
  Require(interop_sessions_follower_close_async(
              follower_, [](void*) {}, nullptr, nullptr, &error_),
          error_);
  // It waits for the callback that it removes, not for session_lost, which comes next and is held too.
  std::thread remover([&] {
    const detail::call_scope shared;
    EXPECT_EQ(interop_sessions_unregister_session_create_cb(registration, 0, nullptr),
              INTEROP_SESSIONS_OK);
    EXPECT_TRUE(has_returned);
  });
  let_go_.Open();
  remover.join();
  creator.join();
}

TEST_F(CloseRace, The_handle_of_an_operation_is_there_before_its_completion_runs) {
  struct Call {
    interop_sessions_operation operation = {};
    uint64_t seen = 0;
    Latch done;
  };
  CreateSession();
  let_go_.Open();
  for (int i = 0; i < 300; i++) {
    Call call;
    {
      const detail::call_scope shared;
      Require(interop_sessions_follower_get_item_async(
                  objects_.follower, objects_.session.epoch, Text("none"), nullptr,
                  [](void* self, interop_sessions_status, const interop_sessions_error*,
                     const interop_sessions_item*) {
                    const detail::callback_scope scope;
                    auto* asked = static_cast<Call*>(self);
                    asked->seen = __atomic_load_n(&asked->operation.value, __ATOMIC_RELAXED);
                    asked->done.Open();
                  },
                  &call, nullptr, &call.operation, &error_),
              error_);
    }
    ASSERT_TRUE(call.done.Wait());
    ASSERT_EQ(call.seen, call.operation.value);
  }
}

/// A master whose start hangs in the host's check_leader.
struct SlowStart {
  Latch asked;
  Latch let_go;
  std::atomic<bool> is_over = false;
  std::atomic<int> asked_after = 0;

  static void CheckLeader(void* self, interop_sessions_leader_answer* answer) {
    const detail::callback_scope scope;
    auto& start = *static_cast<SlowStart*>(self);
    start.asked_after += start.is_over ? 1 : 0;
    start.asked.Open();
    start.let_go.Wait();
    answer->leads = 1;
  }
};

TEST(Shutdown, Waits_for_a_start_in_progress_and_stops_what_it_started) {
  SlowStart slow;
  LiveObjects objects;
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.user_data = &slow;
  hooks.check_leader = &SlowStart::CheckLeader;
  auto options = objects.MasterOptions();
  options.access_manager = &hooks;
  interop_sessions_master master = {};
  std::thread start([&] {
    const detail::call_scope shared;
    EXPECT_EQ(interop_sessions_master_start(TestLibrary(), &options, &master, nullptr),
              INTEROP_SESSIONS_OK);
  });
  ASSERT_TRUE(slow.asked.Wait());
  std::thread shutdown([&] {
    const detail::call_scope shared;
    Error error;
    EXPECT_EQ(interop_sessions_shutdown(TestLibrary(), 0, &error), INTEROP_SESSIONS_OK)
        << error.message;
    slow.is_over = true;
  });

  // It has begun when nothing new is made any more.
  const interop_sessions_string endpoint = Text(objects.endpoint);
  auto manager_options = Sized<interop_sessions_follower_manager_options>();
  manager_options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  manager_options.endpoint_count = 1;
  manager_options.endpoints = &endpoint;
  EXPECT_TRUE(Eventually([&] {
    interop_sessions_follower_manager manager = {};
    return interop_sessions_follower_manager_create(TestLibrary(), &manager_options, &manager,
                                                    nullptr) == INTEROP_SESSIONS_NOT_INITIALIZED;
  }));
  EXPECT_FALSE(slow.is_over);
  slow.let_go.Open();
  start.join();
  shutdown.join();
  EXPECT_EQ(interop_sessions_master_stop(master, 0, nullptr), INTEROP_SESSIONS_NOT_INITIALIZED);
  InitializeLibrary();
  EXPECT_EQ(slow.asked_after, 0);
}

}  // namespace
}  // namespace interop::sessions::tests
