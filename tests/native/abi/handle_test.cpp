// A handle that names no object of the right kind is an error and never another object.

#include <set>

#include "abi/calls_with_handles.h"
#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

class HandleTest : public WithLiveObjects, public ::testing::WithParamInterface<CallWithHandle> {
 protected:
  void ExpectRefused(uint64_t handle) {
    Error error;
    EXPECT_EQ(GetParam().call(handle, &error), INTEROP_SESSIONS_INVALID_HANDLE) << error.message;
    EXPECT_TRUE(error.Mentions(GetParam().argument)) << error.message;
  }

  static uint64_t LiveHandle(HandleKind kind) {
    switch (kind) {
      case HandleKind::kMaster:
        return objects().master.value;
      case HandleKind::kManager:
        return objects().manager.value;
      case HandleKind::kFollower:
        return objects().follower.value;
      default:
        return objects().registration.value;
    }
  }

  static uint64_t StaleFollower() {
    const interop_sessions_follower follower = objects().FreshFollower();
    Error error;
    Require(interop_sessions_follower_close(follower, 0, &error), error);
    return follower.value;
  }
};

TEST_P(HandleTest, Zero_is_no_object) { ExpectRefused(0); }

TEST_P(HandleTest, Garbage_is_no_object) {
  ExpectRefused(UINT64_MAX);
  ExpectRefused(0x7fffffff);
  ExpectRefused(1ULL << 63);
}

TEST_P(HandleTest, Of_another_kind_is_no_object) {
  for (const HandleKind kind : {HandleKind::kMaster, HandleKind::kManager, HandleKind::kFollower,
                                HandleKind::kRegistration}) {
    if (kind != GetParam().kind) {
      ExpectRefused(LiveHandle(kind));
    }
  }
}

TEST_P(HandleTest, With_another_generation_is_no_object) {
  ExpectRefused(LiveHandle(GetParam().kind) + (1ULL << 32));
}

TEST_P(HandleTest, That_is_stale_is_no_object_even_when_its_place_is_taken_again) {
  const uint64_t stale = StaleFollower();
  const interop_sessions_follower taker = objects().FreshFollower();
  ExpectRefused(stale);
  Error error;
  EXPECT_EQ(interop_sessions_follower_close(taker, 0, &error), INTEROP_SESSIONS_OK)
      << error.message;
}

INSTANTIATE_TEST_SUITE_P(Of, HandleTest, ::testing::ValuesIn(CallsWithHandles()),
                         [](const auto& tested) { return std::string(tested.param.function); });

class HandlesTest : public WithLiveObjects {
 protected:
  Error error_;
};

TEST_F(HandlesTest, Are_never_reused) {
  std::set<uint64_t> seen;
  for (int i = 0; i < 100; i++) {
    const interop_sessions_follower follower = objects().FreshFollower();
    EXPECT_TRUE(seen.insert(follower.value).second);
    ASSERT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
  }
}

TEST_F(HandlesTest, Of_a_manager_that_is_closed_take_those_of_its_followers_along) {
  const interop_sessions_string endpoint = Text(objects().endpoint);
  auto options = Sized<interop_sessions_follower_manager_options>();
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  options.endpoint_count = 1;
  options.endpoints = &endpoint;
  interop_sessions_follower_manager manager = {};
  ASSERT_EQ(interop_sessions_follower_manager_create(TestLibrary(), &options, &manager, &error_),
            INTEROP_SESSIONS_OK);
  auto follower_options = Sized<interop_sessions_follower_options>();
  follower_options.identity = Text("owned");
  interop_sessions_follower follower = {};
  ASSERT_EQ(interop_sessions_follower_create(manager, &follower_options, &follower, &error_),
            INTEROP_SESSIONS_OK);
  ASSERT_EQ(interop_sessions_follower_manager_close(manager, 0, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_EQ(interop_sessions_follower_manager_close(manager, 0, &error_),
            INTEROP_SESSIONS_INVALID_HANDLE);
}

TEST_F(HandlesTest, Of_a_registration_say_that_it_is_over_when_its_follower_is_closed) {
  const interop_sessions_follower other = objects().FreshFollower();
  interop_sessions_registration registration = {};
  ASSERT_EQ(interop_sessions_follower_register_session_create_cb(
                other, [](void*, const interop_sessions_session_info*) {}, nullptr, nullptr,
                &registration, &error_),
            INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_follower_close(other, 0, &error_), INTEROP_SESSIONS_OK);
  for (int i = 0; i < 2; i++) {
    EXPECT_EQ(interop_sessions_unregister_session_create_cb(registration, 0, &error_),
              INTEROP_SESSIONS_OK)
        << error_.message;
  }
  // One that was never given out is none.
  registration.value += 1ULL << 40;
  EXPECT_EQ(interop_sessions_unregister_session_create_cb(registration, 0, &error_),
            INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_TRUE(error_.Mentions("registration")) << error_.message;
}

TEST_F(HandlesTest, Are_stale_the_second_time) {
  const interop_sessions_follower follower = objects().FreshFollower();
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_OK);
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &error_), INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_EQ(
      interop_sessions_follower_close_async(
          follower, [](void*) { ADD_FAILURE() << "closed twice"; }, nullptr, nullptr, &error_),
      INTEROP_SESSIONS_INVALID_HANDLE);
}

}  // namespace
}  // namespace interop::sessions::tests
