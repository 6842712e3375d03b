// release(user_data): exactly once, after the last use, also when the call is refused.

#include <interop_sessions/thread_sanitizer.hpp>

#include <atomic>
#include <chrono>
#include <thread>

#include "abi/live_objects.h"
#include "support/eventually.h"

namespace interop::sessions::tests {
namespace {

/// What a host would free: it counts how often it is told to.
struct Freed {
  std::atomic<int> times = 0;
  std::atomic<int> uses = 0;
  std::atomic<int> uses_after = 0;

  void Use() { (times == 0 ? uses : uses_after)++; }

  static void Release(void* self) {
    const detail::callback_scope scope;
    static_cast<Freed*>(self)->times++;
  }
};

/// A call that may hand something to a callback.
template <typename Function, typename... Arguments>
interop_sessions_status Call(Function function, Arguments... arguments) {
  const detail::call_scope shared;
  return function(arguments...);
}

void Used(void* user_data) {
  const detail::callback_scope scope;
  static_cast<Freed*>(user_data)->Use();
}

void OnRevision(void* user_data, interop_sessions_status, const interop_sessions_error*, uint64_t) {
  Used(user_data);
}

void OnSession(void* user_data, const interop_sessions_session_info*) { Used(user_data); }

class ReleaseTest : public ::testing::Test {
 protected:
  void ExpectReleased(const char* what) {
    EXPECT_TRUE(Eventually([&] { return freed_.times > 0; })) << what;
    EXPECT_EQ(freed_.times, 1) << what;
    EXPECT_EQ(freed_.uses_after, 0) << what;
  }

  LiveObjects objects_;
  Error error_;
  Freed freed_;
};

TEST_F(ReleaseTest, Comes_after_the_completion_of_a_call) {
  ASSERT_EQ(Call(interop_sessions_follower_set_item_async, objects_.follower,
                 objects_.session.epoch, Text("key"), Bytes("value"), INTEROP_SESSIONS_ANY_REVISION,
                 nullptr, OnRevision, &freed_, Freed::Release, nullptr, &error_),
            INTEROP_SESSIONS_OK);
  ExpectReleased("a call that ended well");
  EXPECT_EQ(freed_.uses, 1);
}

TEST_F(ReleaseTest, Comes_at_once_where_a_call_is_refused) {
  EXPECT_EQ(Call(interop_sessions_follower_set_item_async, objects_.follower,
                 objects_.session.epoch, Text(""), Bytes("value"), INTEROP_SESSIONS_ANY_REVISION,
                 nullptr, nullptr, &freed_, Freed::Release, nullptr, &error_),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_EQ(freed_.times, 1);
  Freed other;
  EXPECT_EQ(Call(interop_sessions_follower_set_item_async, interop_sessions_follower{}, 1U,
                 Text("key"), Bytes("value"), INTEROP_SESSIONS_ANY_REVISION, nullptr, OnRevision,
                 &other, Freed::Release, nullptr, &error_),
            INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_EQ(other.times, 1);
  Freed third;
  error_.struct_size = 3;
  EXPECT_EQ(Call(interop_sessions_follower_close_async, objects_.follower, Used, &third,
                 Freed::Release, &error_),
            INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
  EXPECT_EQ(third.times, 1);
}

TEST_F(ReleaseTest, Comes_also_where_the_error_that_is_given_cannot_be_filled) {
  for (const uint32_t size : {0U, 3U, 0xfffffff0U}) {
    Error unusable;
    unusable.struct_size = size;
    Freed of_hooks;
    auto hooks = Sized<interop_sessions_access_manager>();
    hooks.user_data = &of_hooks;
    hooks.release = Freed::Release;
    auto master_options = objects_.MasterOptions();
    master_options.access_manager = &hooks;
    interop_sessions_master master = {};
    EXPECT_EQ(
        Call(interop_sessions_master_start, TestLibrary(), &master_options, &master, &unusable),
        INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
    EXPECT_EQ(of_hooks.times, 1);
    EXPECT_EQ(master.value, 0U);

    Freed of_callbacks;
    auto callbacks = Sized<interop_sessions_follower_callbacks>();
    callbacks.user_data = &of_callbacks;
    callbacks.release = Freed::Release;
    auto follower_options = Sized<interop_sessions_follower_options>();
    follower_options.identity = Text("unusable");
    follower_options.callbacks = &callbacks;
    interop_sessions_follower follower = {};
    EXPECT_EQ(Call(interop_sessions_follower_create, objects_.manager, &follower_options, &follower,
                   &unusable),
              INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
    EXPECT_EQ(of_callbacks.times, 1);
    EXPECT_EQ(follower.value, 0U);

    Freed of_registration;
    interop_sessions_registration registration = {};
    EXPECT_EQ(Call(interop_sessions_follower_register_session_create_cb, objects_.follower,
                   OnSession, &of_registration, Freed::Release, &registration, &unusable),
              INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
    EXPECT_EQ(of_registration.times, 1);
    EXPECT_EQ(unusable.struct_size, size);

    Freed of_log;
    auto options = DefaultOptions();
    options.log = [](void* user_data, const interop_sessions_log_record*) { Used(user_data); };
    options.log_user_data = &of_log;
    options.log_release = Freed::Release;
    interop_sessions_library library = {};
    EXPECT_EQ(Call(interop_sessions_initialize, &options, &library, &unusable),
              INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
    EXPECT_EQ(of_log.times, 1);
  }
}

TEST_F(ReleaseTest, Of_a_registration_comes_with_its_removal_or_the_end_of_its_follower) {
  interop_sessions_registration registration = {};
  ASSERT_EQ(Call(interop_sessions_follower_register_session_create_cb, objects_.follower, OnSession,
                 &freed_, Freed::Release, &registration, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(freed_.times, 0);
  ASSERT_EQ(Call(interop_sessions_unregister_session_create_cb, registration, 0U, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(freed_.times, 1);

  Freed left;
  ASSERT_EQ(Call(interop_sessions_follower_register_session_create_cb, objects_.follower, OnSession,
                 &left, Freed::Release, &registration, &error_),
            INTEROP_SESSIONS_OK);
  ASSERT_EQ(Call(interop_sessions_follower_close, objects_.follower, 0U, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(left.times, 1);

  Freed refused;
  EXPECT_EQ(Call(interop_sessions_follower_register_session_create_cb, objects_.follower, OnSession,
                 &refused, Freed::Release, &registration, &error_),
            INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_EQ(refused.times, 1);
}

/// A registration that removes itself while it runs.
struct SelfRemoving {
  interop_sessions_registration registration = {};
  interop_sessions_status removed = INTEROP_SESSIONS_INTERNAL;
  std::atomic<int> released = 0;
  int released_inside = 0;
};

TEST_F(ReleaseTest, Of_a_registration_that_removes_itself_comes_when_it_has_returned) {
  const interop_sessions_follower follower = objects_.FreshFollower();
  SelfRemoving self;
  ASSERT_EQ(Call(
                interop_sessions_follower_register_session_create_cb, follower,
                [](void* user_data, const interop_sessions_session_info*) {
                  const detail::callback_scope scope;
                  auto& registered = *static_cast<SelfRemoving*>(user_data);
                  registered.removed = Call(interop_sessions_unregister_session_create_cb,
                                            registered.registration, 0U, nullptr);
                  registered.released_inside = registered.released;
                },
                &self,
                [](void* user_data) {
                  const detail::callback_scope scope;
                  static_cast<SelfRemoving*>(user_data)->released++;
                },
                &self.registration, &error_),
            INTEROP_SESSIONS_OK);
  const auto description = Sized<interop_sessions_server_description>();
  Require(Call(interop_sessions_follower_create_session, follower, &description,
               Within(PatienceMs()), nullptr, &error_),
          error_);
  EXPECT_EQ(self.removed, INTEROP_SESSIONS_OK);
  EXPECT_EQ(self.released_inside, 0);
  EXPECT_TRUE(Eventually([&] { return self.released > 0; }));
  ASSERT_EQ(Call(interop_sessions_follower_close, follower, 0U, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(self.released, 1);
}

TEST_F(ReleaseTest, Of_a_followers_callbacks_is_the_very_last_call) {
  auto callbacks = Sized<interop_sessions_follower_callbacks>();
  callbacks.user_data = &freed_;
  callbacks.session_lost = [](void* user_data, const interop_sessions_session_info*,
                              const interop_sessions_session_end*) { Used(user_data); };
  callbacks.release = Freed::Release;
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text("released");
  options.callbacks = &callbacks;
  interop_sessions_follower follower = {};
  ASSERT_EQ(Call(interop_sessions_follower_create, objects_.manager, &options, &follower, &error_),
            INTEROP_SESSIONS_OK);

  // The identity is taken: a second one is refused, and its table released.
  Freed refused;
  callbacks.user_data = &refused;
  interop_sessions_follower second = {};
  EXPECT_EQ(Call(interop_sessions_follower_create, objects_.manager, &options, &second, &error_),
            INTEROP_SESSIONS_IDENTITY_IN_USE);
  EXPECT_EQ(refused.times, 1);

  const auto description = Sized<interop_sessions_server_description>();
  Require(Call(interop_sessions_follower_create_session, follower, &description,
               Within(PatienceMs()), nullptr, &error_),
          error_);
  Freed closed;
  ASSERT_EQ(
      Call(interop_sessions_follower_close_async, follower, Used, &closed, Freed::Release, &error_),
      INTEROP_SESSIONS_OK);
  ExpectReleased("the callbacks of a closed follower");
  EXPECT_EQ(freed_.uses, 1);
  EXPECT_EQ(closed.uses, 1);
  EXPECT_EQ(closed.times, 1);
}

TEST_F(ReleaseTest, Of_a_masters_hooks_comes_with_its_stop_or_the_refusal_of_its_start) {
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.user_data = &freed_;
  hooks.check_leader = [](void* user_data, interop_sessions_leader_answer* answer) {
    Used(user_data);
    answer->leads = 1;
  };
  hooks.release = Freed::Release;
  auto options = objects_.MasterOptions();
  options.access_manager = &hooks;
  interop_sessions_master master = {};
  ASSERT_EQ(Call(interop_sessions_master_start, TestLibrary(), &options, &master, &error_),
            INTEROP_SESSIONS_OK)
      << error_.message;
  EXPECT_GT(freed_.uses, 0);
  ASSERT_EQ(Call(interop_sessions_master_stop, master, 0U, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(freed_.times, 1);
  EXPECT_EQ(freed_.uses_after, 0);

  Freed refused;
  hooks.user_data = &refused;
  options.listen_address = Text("nowhere");
  EXPECT_EQ(Call(interop_sessions_master_start, TestLibrary(), &options, &master, &error_),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_EQ(refused.times, 1);

  // Only after the store was opened and hooks were called is it found that the address is taken.
  Freed late;
  hooks.user_data = &late;
  options = objects_.MasterOptions();
  options.access_manager = &hooks;
  options.listen_address = Text(objects_.endpoint);
  EXPECT_EQ(Call(interop_sessions_master_start, TestLibrary(), &options, &master, &error_),
            INTEROP_SESSIONS_ADDRESS_IN_USE);
  EXPECT_EQ(late.times, 1);
  EXPECT_EQ(late.uses_after, 0);
}

/// A host whose check_leader has not returned yet.
struct HangingHost {
  Freed freed;
  std::atomic<bool> hangs = true;
};

TEST_F(ReleaseTest, Of_hooks_that_hang_in_a_refused_start_comes_before_the_end_of_the_shutdown) {
  auto given = DefaultOptions();
  interop_sessions_library library = {};
  ASSERT_EQ(Call(interop_sessions_initialize, &given, &library, &error_), INTEROP_SESSIONS_OK);
  HangingHost host;
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.user_data = &host;
  hooks.check_leader = [](void* user_data, interop_sessions_leader_answer* answer) {
    const detail::callback_scope scope;
    auto& self = *static_cast<HangingHost*>(user_data);
    self.freed.Use();
    EXPECT_TRUE(Eventually([&] { return !self.hangs; }));
    answer->leads = 1;
  };
  hooks.release = [](void* self) { Freed::Release(&static_cast<HangingHost*>(self)->freed); };
  auto options = objects_.MasterOptions();
  options.access_manager = &hooks;
  options.listen_address = Text(objects_.endpoint);
  interop_sessions_master master = {};
  EXPECT_EQ(Call(interop_sessions_master_start, library, &options, &master, &error_),
            INTEROP_SESSIONS_ADDRESS_IN_USE);
  EXPECT_EQ(host.freed.times, 0);
  EXPECT_EQ(Call(interop_sessions_shutdown, library, 50U, &error_), INTEROP_SESSIONS_TIMED_OUT);
  std::thread returning([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    host.hangs = false;
  });
  EXPECT_EQ(Call(interop_sessions_shutdown, library, 20'000U, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(host.freed.times, 1);
  EXPECT_EQ(host.freed.uses_after, 0);
  returning.join();
}

void RefusedBeforeInitialize() {
  Freed freed;
  Error error;
  auto callbacks = Sized<interop_sessions_follower_callbacks>();
  callbacks.user_data = &freed;
  callbacks.release = Freed::Release;
  auto follower_options = Sized<interop_sessions_follower_options>();
  follower_options.callbacks = &callbacks;
  interop_sessions_follower follower = {};
  Call(interop_sessions_follower_create, interop_sessions_follower_manager{1}, &follower_options,
       &follower, &error);
  EXPECT_EQ(freed.times, 1) << "follower_create";

  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.user_data = &freed;
  hooks.release = Freed::Release;
  auto master_options = Sized<interop_sessions_master_options>();
  master_options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  master_options.access_manager = &hooks;
  interop_sessions_master master = {};
  Call(interop_sessions_master_start, interop_sessions_library{1}, &master_options, &master,
       &error);
  EXPECT_EQ(freed.times, 2) << "master_start";

  Call(interop_sessions_follower_close_async, interop_sessions_follower{1}, Used, &freed,
       Freed::Release, &error);
  EXPECT_EQ(freed.times, 3) << "close_async";

  auto options = DefaultOptions();
  options.abi_version = 0;
  options.log = [](void* user_data, const interop_sessions_log_record*) { Used(user_data); };
  options.log_user_data = &freed;
  options.log_release = Freed::Release;
  interop_sessions_library library = {};
  EXPECT_EQ(Call(interop_sessions_initialize, &options, &library, &error),
            INTEROP_SESSIONS_ABI_MISMATCH);
  EXPECT_EQ(freed.times, 4) << "initialize";
  EXPECT_EQ(freed.uses, 0);
}

TEST(ReleaseBeforeInitialize, Comes_with_every_refusal) {
  // A death test runs in a process of its own, where nothing was initialized before.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        RefusedBeforeInitialize();
        std::_Exit(::testing::Test::HasFailure() ? 1 : 0);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(ReleaseOfTheLog, Comes_after_its_last_record) {
  Freed freed;
  Error error;
  auto options = DefaultOptions();
  options.log = [](void* user_data, const interop_sessions_log_record*) { Used(user_data); };
  options.log_user_data = &freed;
  options.log_release = Freed::Release;
  { const LiveObjects objects(options); }
  EXPECT_GT(freed.uses, 0);
  EXPECT_EQ(freed.times, 1);
  EXPECT_EQ(freed.uses_after, 0);
}

/// What a host does when its log is given back: it begins anew.
struct BeginsAnew {
  std::thread::id thread;
  interop_sessions_library another = {};
  interop_sessions_status status = INTEROP_SESSIONS_INTERNAL;

  static void Release(void* self) {
    auto& host = *static_cast<BeginsAnew*>(self);
    host.thread = std::this_thread::get_id();
    const auto options = DefaultOptions();
    host.status = interop_sessions_initialize(&options, &host.another, nullptr);
  }

  void ExpectDone(const char* what) {
    EXPECT_EQ(thread, std::this_thread::get_id()) << what;
    EXPECT_EQ(status, INTEROP_SESSIONS_OK) << what;
    EXPECT_EQ(interop_sessions_shutdown(another, 0, nullptr), INTEROP_SESSIONS_OK) << what;
  }
};

TEST(ReleaseOfTheLog, That_is_refused_or_not_wanted_may_initialize_on_the_callers_thread) {
  BeginsAnew refused;
  auto options = DefaultOptions();
  options.log_user_data = &refused;
  options.log_release = BeginsAnew::Release;
  options.log_level = static_cast<interop_sessions_log_level>(7);
  interop_sessions_library library = {};
  EXPECT_EQ(interop_sessions_initialize(&options, &library, nullptr),
            INTEROP_SESSIONS_INVALID_ARGUMENT);
  refused.ExpectDone("refused");

  BeginsAnew unwanted;
  options = DefaultOptions();
  options.log_user_data = &unwanted;
  options.log_release = BeginsAnew::Release;
  ASSERT_EQ(interop_sessions_initialize(&options, &library, nullptr), INTEROP_SESSIONS_OK);
  unwanted.ExpectDone("without a log");
  EXPECT_EQ(interop_sessions_shutdown(library, 0, nullptr), INTEROP_SESSIONS_OK);
}

}  // namespace
}  // namespace interop::sessions::tests
