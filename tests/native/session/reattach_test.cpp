// A restarted process takes up its session, the health gate, and automatic re-creation. The former
// and the newest process are two managers here.

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class Reattach : public SessionTestWithMaster {};
class Health : public SessionTestWithMaster {};
class Recreate : public SessionTestWithMaster {};

TEST_F(Reattach, Goes_on_at_the_same_epoch_and_ends_the_former_connection) {
  WatchedFollower former(manager(), "server");
  const session held = former.Create();
  follower_manager newest_manager = ManagerAt(endpoint());
  WatchedFollower newest(newest_manager, "server");

  const session taken = Must(newest->reattach_session(held.session_id, held.secret, PatienceMs()));

  EXPECT_EQ(taken.session_id, held.session_id);
  EXPECT_EQ(taken.epoch, held.epoch);
  EXPECT_TRUE(newest->lease_of(taken).valid());
  EXPECT_EQ(newest.CountOf("created"), 1U);
  ASSERT_TRUE(former.WaitFor("lost SUPERSEDED", held.epoch));
  EXPECT_FALSE(former->lease_of(held).valid());
}

TEST_F(Reattach, Takes_a_secret_once) {
  WatchedFollower former(manager(), "server");
  const session held = former.Create();
  follower_manager newest_manager = ManagerAt(endpoint());
  WatchedFollower newest(newest_manager, "server");
  const session taken = Must(newest->reattach_session(held.session_id, held.secret, PatienceMs()));
  follower_manager third_manager = ManagerAt(endpoint());
  WatchedFollower third(third_manager, "server");

  const auto refused = third->reattach_session(held.session_id, held.secret, PatienceMs());

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, INTEROP_SESSIONS_WRONG_SECRET);
  EXPECT_TRUE(third->reattach_session(taken.session_id, taken.secret, PatienceMs()));
}

TEST_F(Health, Withholds_renewals_when_the_host_reports_no_more) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();

  Must(server->report_health(1));

  ASSERT_TRUE(hooks().WaitFor("session_expired EXPIRED", "server"));
  EXPECT_FALSE(server->lease_of(held).valid());
  Must(server->report_health(INTEROP_SESSIONS_HEALTHY_UNTIL_TOLD));
  EXPECT_TRUE(server.WaitFor("lost EXPIRED", held.epoch));
}

TEST_F(Recreate, Follows_a_loss_with_another_epoch) {
  History<std::string> heard;
  follower server = Must(manager().create_follower(
      "server",
      {.session_created =
           [&](const session& info) {
             heard.Add("created " + std::to_string(info.epoch));
             return true;
           },
       .session_lost =
           [&](const session& info) { heard.Add("lost " + std::to_string(info.epoch)); }},
      INTEROP_SESSIONS_RECREATE_AFTER_LOSS));
  const session held = Must(server.create_session({}, PatienceMs()));

  Must(master_here().revoke_session(held.session_id, held.epoch, "test"));

  ASSERT_TRUE(Eventually([&] {
    const auto now = server.current_session();
    return now && now->state == INTEROP_SESSIONS_STATE_ALIVE && now->epoch > held.epoch;
  }));
  const std::string next = std::to_string(Must(server.current_session()).epoch);
  const std::string first = std::to_string(held.epoch);
  EXPECT_EQ(heard.All(),
            (std::vector<std::string>{"created " + first, "lost " + first, "created " + next}));
}

}  // namespace
}  // namespace interop::sessions::tests
