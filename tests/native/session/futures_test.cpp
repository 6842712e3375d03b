// The calls of a follower as futures: each gets its one answer, whatever happens.

#include <chrono>
#include <interop_sessions/futures.hpp>
#include <interop_sessions/stop.hpp>

#include "support/cut_off_test.h"
#include "support/latch.h"

namespace interop::sessions::tests {
namespace {

class Futures : public CutOffTest {
 protected:
  /// The answer, or an error of this test when there is none in time.
  template <class T>
  static result<T> Get(std::future<result<T>> future) {
    if (future.wait_for(std::chrono::milliseconds(PatienceMs())) != std::future_status::ready) {
      return failure(error{INTEROP_SESSIONS_INTERNAL, "INTERNAL", "the future is not ready"});
    }
    return future.get();
  }

  future_follower Calls() { return with_futures(server()); }
};

TEST_F(Futures, Have_the_answers) {
  const std::uint64_t revision = Must(Get(Calls().set_item(epoch_, "disk/1", bytes_of("healthy"))));
  const item got = Must(Get(Calls().get_item(epoch_, "disk/1")));
  EXPECT_EQ(got.revision, revision);
  EXPECT_EQ(text_of(got.value), "healthy");
  EXPECT_EQ(Must(Get(Calls().list_items(epoch_))).size(), 1U);
  const access_point found =
      Must(Get(Calls().find_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS, "v")));
  EXPECT_EQ(found.identity, "server");
  Must(Get(
      Calls().release_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS, "v", std::nullopt)));
  EXPECT_NE(
      Must(Get(Calls().find_access_point(epoch_, INTEROP_SESSIONS_ACCESS_POINT_NFS, "v"))).revision,
      found.revision);
  EXPECT_GT(Must(Get(Calls().apply_items(
                epoch_, {item_change::check("disk/1", revision), item_change::set("disk/2", {})}))),
            revision);
  Must(Get(Calls().remove_item(epoch_, "disk/1")));
  EXPECT_EQ(StatusOf(Get(Calls().get_item(epoch_, "disk/1"))), INTEROP_SESSIONS_ITEM_NOT_FOUND);
  EXPECT_EQ(StatusOf(Get(Calls().report_data(epoch_, {0, 10}, {}))),
            INTEROP_SESSIONS_REPORT_REFUSED);
}

TEST_F(Futures, Of_refused_calls_are_ready_with_the_error) {
  EXPECT_EQ(StatusOf(Get(Calls().get_item(epoch_ + 1, "key"))), INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(StatusOf(Get(Calls().create_session({}))), INTEROP_SESSIONS_SESSION_EXISTS);
  EXPECT_EQ(StatusOf(Get(Calls().reattach_session(1, {1, 1}))), INTEROP_SESSIONS_SESSION_EXISTS);
}

TEST_F(Futures, Get_a_session_and_close_it) {
  WatchedFollower other(*manager_, "other");
  const session created = Must(Get(with_futures(*other).create_session({}, PatienceMs())));
  EXPECT_EQ(created.state, INTEROP_SESSIONS_STATE_ALIVE);
  Must(Get(with_futures(*other).close()));
  EXPECT_EQ(other.CountOf("lost CLOSED"), 1U);
  EXPECT_EQ(StatusOf(Get(with_futures(*other).close())), INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "other"));
}

TEST_F(Futures, Are_stopped_by_any_of_several_reasons) {
  CutOff();
  std::stop_source user;
  std::stop_source shutdown;
  const joined_stop any(user.get_token(), shutdown.get_token());
  auto getting = Calls().get_item(epoch_, "key", {any.token(), PatienceMs()});
  auto setting =
      Calls().set_item(epoch_, "key", bytes_of("v"), any_revision, {any.token(), PatienceMs()});
  shutdown.request_stop();
  EXPECT_EQ(StatusOf(Get(std::move(getting))), INTEROP_SESSIONS_CANCELLED);
  EXPECT_EQ(StatusOf(Get(std::move(setting))), INTEROP_SESSIONS_CANCELLED);
}

TEST_F(Futures, Are_ready_once_their_follower_is_closed) {
  CutOff();
  auto getting = Calls().get_item(epoch_, "key", PatienceMs());
  Must(server().close());
  ASSERT_EQ(getting.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  EXPECT_EQ(StatusOf(getting.get()), INTEROP_SESSIONS_CANCELLED);
}

TEST_F(Futures, May_be_dropped) {
  static_cast<void>(Calls().set_item(epoch_, "key", bytes_of("value")));
  EXPECT_TRUE(Eventually([&] { return server().get_item(epoch_, "key").has_value(); }));
}

}  // namespace
}  // namespace interop::sessions::tests
