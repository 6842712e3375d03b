// ALIVE, SUSPECT, JEOPARDY and back: what a holder is told while its master is silent.

#include "support/session_test.h"
#include "support/tcp_proxy.h"

namespace interop::sessions::tests {
namespace {

class LeaseState : public SessionTestWithMaster {};

TEST_F(LeaseState, Goes_through_suspect_and_jeopardy_and_back_at_the_same_epoch) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  StopMaster();
  ASSERT_TRUE(server.WaitFor("state JEOPARDY", held.epoch));
  EXPECT_FALSE(server->lease_of(held).valid());
  StartMaster();
  ASSERT_TRUE(server.WaitFor("state ALIVE", held.epoch, 2));
  EXPECT_TRUE(server->lease_of(held).valid());
  std::vector<std::string> told;
  for (const FollowerEvent& event : server.events.All()) {
    told.push_back(event.what);
  }
  EXPECT_EQ(told, (std::vector<std::string>{"created", "state ALIVE", "state SUSPECT",
                                            "state JEOPARDY", "state ALIVE"}));
  EXPECT_EQ(hooks().CountOf("session_ended EXPIRED", "server"), 0U);
}

TEST_F(LeaseState, Suspect_still_serves) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  StopMaster();
  ASSERT_TRUE(server.WaitFor("state SUSPECT", held.epoch));
  const FollowerEvent suspect = server.events.All().back();
  EXPECT_LT(suspect.at_ns, suspect.info.deadline_ns);
  ASSERT_TRUE(server.WaitFor("state JEOPARDY", held.epoch));
  const FollowerEvent jeopardy = server.events.All().back();
  EXPECT_GE(jeopardy.at_ns, suspect.info.deadline_ns);
  StartMaster();
  EXPECT_TRUE(server.WaitFor("state ALIVE", held.epoch, 2));
}

TEST_F(LeaseState, Answers_that_come_late_extend_nothing_beyond_their_requests) {
  TcpProxy network(port());
  // A long effect delay makes room between jeopardy here and expiry there.
  follower_manager behind_network = ManagerAt(network.endpoint(), ScaledMs(600));
  WatchedFollower server(behind_network, "server");
  const session held = server.Create();
  network.Set(TcpProxy::Traffic::kAnswersHeld);
  ASSERT_TRUE(server.WaitFor("state JEOPARDY", held.epoch));
  EXPECT_FALSE(server->lease_of(held).valid());
  EXPECT_EQ(hooks().CountOf("session_ended EXPIRED", "server"), 0U);
  network.Set(TcpProxy::Traffic::kFlows);
  EXPECT_TRUE(server.WaitFor("state ALIVE", held.epoch, 2));
}

TEST_F(LeaseState, An_effect_delay_that_eats_the_term_is_refused_and_named) {
  follower_manager hasty = ManagerAt(endpoint(), ScaledMs(2000));
  WatchedFollower server(hasty, "server");
  const auto refused = server->create_session({}, PatienceMs());
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(Mentions(refused, "effect_delay_ms")) << MessageOf(refused);
  EXPECT_TRUE(Eventually([&] { return RowOf("server") == std::nullopt; }));
}

TEST_F(LeaseState, The_holders_deadline_keeps_the_clock_rate_bound_and_the_effect_delay) {
  follower_manager careful =
      Must(follower_manager::create(library_here(), {.endpoints = {endpoint()},
                                                     .clock_rate_bound_ppm = 250000,
                                                     .effect_delay_ms = ScaledMs(300),
                                                     .insecure = insecure_peers::loopback}));
  WatchedFollower server(careful, "server");
  const std::int64_t before_ns = interop_sessions_now_ns();
  const session held = server.Create();
  const std::int64_t after_ns = interop_sessions_now_ns();
  // T (1 - rho) / (1 + rho) - delta, from the time before the request was built.
  const std::int64_t usable_ns = (held.term_ms * 750000LL / 1250000LL - ScaledMs(300)) * 1000000LL;
  EXPECT_GE(held.deadline_ns, before_ns + usable_ns);
  EXPECT_LE(held.deadline_ns, after_ns + usable_ns);
}

}  // namespace
}  // namespace interop::sessions::tests
