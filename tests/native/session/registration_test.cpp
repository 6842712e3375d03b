// RegisterSessionCreateCb: any number, in order, and gone when removed.

#include <thread>

#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class Registration : public SessionTestWithMaster {
 protected:
  /// Ends the session and gets the next one.
  void Recreate(WatchedFollower& server) {
    const session held = Must(server->current_session());
    Must(master_here().revoke_session(held.session_id, held.epoch, "test"));
    ASSERT_TRUE(server.WaitFor("lost REVOKED", held.epoch));
    server.Create();
  }

  Journal told_;
};

TEST_F(Registration, Callbacks_run_in_the_order_they_were_registered) {
  WatchedFollower server(manager(), "server");
  std::vector<registration> kept;
  for (const char* name : {"c", "a", "b"}) {
    kept.push_back(Must(
        server->register_session_create_cb([this, name](const session&) { told_.Add(name); })));
  }
  server.Create();
  EXPECT_EQ(told_.All(), (std::vector<std::string>{"c", "a", "b"}));
}

TEST_F(Registration, That_is_removed_is_not_called_again) {
  WatchedFollower server(manager(), "server");
  registration removed =
      Must(server->register_session_create_cb([this](const session&) { told_.Add("removed"); }));
  const registration kept =
      Must(server->register_session_create_cb([this](const session&) { told_.Add("kept"); }));
  server.Create();
  Must(removed.unregister());
  Recreate(server);
  EXPECT_EQ(told_.All(), (std::vector<std::string>{"removed", "kept", "kept"}));
  EXPECT_EQ(StatusOf(removed.unregister()), INTEROP_SESSIONS_OK);
}

TEST_F(Registration, That_is_late_hears_of_later_sessions_only) {
  WatchedFollower server(manager(), "server");
  server.Create();
  const registration late =
      Must(server->register_session_create_cb([this](const session&) { told_.Add("late"); }));
  EXPECT_TRUE(told_.All().empty());
  Recreate(server);
  EXPECT_EQ(told_.CountOf("late"), 1U);
}

TEST_F(Registration, Can_end_from_inside_its_own_callback) {
  WatchedFollower server(manager(), "server");
  std::optional<registration> once;
  once = Must(server->register_session_create_cb([&](const session&) {
    told_.Add("once");
    Must(once->unregister());
  }));
  const registration after =
      Must(server->register_session_create_cb([this](const session&) { told_.Add("after"); }));
  server.Create();
  Recreate(server);
  EXPECT_EQ(told_.All(), (std::vector<std::string>{"once", "after", "after"}));
}

TEST_F(Registration, Removed_by_an_earlier_callback_of_the_same_create_is_not_called) {
  WatchedFollower server(manager(), "server");
  std::optional<registration> second;
  const registration first = Must(server->register_session_create_cb([&](const session&) {
    if (second) {
      Must(second->unregister());
      second.reset();
    }
  }));
  second =
      Must(server->register_session_create_cb([this](const session&) { told_.Add("second"); }));
  server.Create();
  EXPECT_TRUE(told_.All().empty());
}

TEST_F(Registration, Waits_for_a_run_in_progress_when_it_is_removed) {
  Latch running;
  Latch release;
  WatchedFollower server(manager(), "server");
  registration slow = Must(server->register_session_create_cb([&](const session&) {
    running.Open();
    release.Wait();
    told_.Add("run ended");
  }));
  operation creating = Must(server->create_session({}, PatienceMs(), [](auto&&) {}));
  ASSERT_TRUE(running.Wait());
  Latch removing;
  std::thread remover([&] {
    removing.Open();
    Must(slow.unregister());
    told_.Add("removed");
  });
  ASSERT_TRUE(removing.Wait());
  EXPECT_FALSE(told_.WaitFor("removed", 1, 100));
  EXPECT_EQ(StatusOf(slow.unregister(50)), INTEROP_SESSIONS_TIMED_OUT);
  release.Open();
  remover.join();
  EXPECT_EQ(told_.All(), (std::vector<std::string>{"run ended", "removed"}));
}

TEST_F(Registration, A_callback_that_throws_is_reported_and_the_next_one_runs) {
  WatchedFollower server(manager(), "server");
  const registration throws = Must(server->register_session_create_cb(
      [](const session&) { throw std::runtime_error("the host's own defect"); }));
  const registration after =
      Must(server->register_session_create_cb([this](const session&) { told_.Add("after"); }));
  EXPECT_EQ(server.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
  EXPECT_EQ(told_.CountOf("after"), 1U);
  EXPECT_EQ(failed_callbacks_.CountOf("session_create_cb"), 1U);
}

}  // namespace
}  // namespace interop::sessions::tests
