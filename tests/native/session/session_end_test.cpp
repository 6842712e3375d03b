// How sessions end, and what each side is told, in which order.

#include "support/latch.h"
#include "support/session_test.h"
#include "support/tcp_proxy.h"

namespace interop::sessions::tests {
namespace {

class SessionEnd : public SessionTestWithMaster {
 protected:
  /// Does the holder's lease word say no at the moment the master ends the session?
  std::shared_ptr<std::atomic<bool>> WatchForOverlap(const interop_sessions_lease* word) {
    const auto overlap = std::make_shared<std::atomic<bool>>(false);
    hooks().on_session_ended = [=](const session_request& request, end_reason) {
      *overlap = interop_sessions_lease_valid(word, request.epoch) != 0;
    };
    return overlap;
  }

  static const interop_sessions_lease* WordOf(WatchedFollower& server) {
    const interop_sessions_lease* word = nullptr;
    interop_sessions_follower_lease(server->handle(), &word, nullptr);
    return word;
  }

  std::int64_t DeadlineOf(const std::string& identity) { return RowOf(identity)->info.deadline_ns; }
};

class Close : public SessionEnd {};
class Revoke : public SessionEnd {};
class Expiry : public SessionEnd {};
class Loss : public SessionEnd {};

TEST_F(Close, Tells_the_host_first_and_then_the_master) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  Must(server->close());
  ASSERT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
  ASSERT_EQ(server.CountOf("lost CLOSED"), 1U);
  const FollowerEvent lost = server.events.All().back();
  EXPECT_EQ(lost.what, "lost CLOSED");
  EXPECT_EQ(lost.info.epoch, held.epoch);
  EXPECT_EQ(lost.info.state, INTEROP_SESSIONS_STATE_LOST);
  EXPECT_EQ(lost.info.end_text, "the session was given back");
  EXPECT_LT(lost.at_ns, hooks().CallsOf("session_ended CLOSED", "server")[0].at_ns);
}

TEST_F(Close, Makes_the_lease_invalid_before_the_host_is_told) {
  std::optional<lease> held;
  bool valid_in_callback = true;
  WatchedFollower server(manager(), "server",
                         {.lost = [&](const session&) { valid_in_callback = held->valid(); }});
  held = server->lease_of(server.Create());
  EXPECT_TRUE(held->valid());
  Must(server->close());
  EXPECT_FALSE(valid_in_callback);
  EXPECT_FALSE(held->valid());
}

TEST_F(Close, Of_a_follower_without_a_session_tells_nobody) {
  WatchedFollower server(manager(), "server");
  Must(server->close());
  EXPECT_TRUE(server.events.All().empty());
}

TEST_F(Close, Does_not_wait_long_for_a_master_that_is_silent) {
  TcpProxy network(port());
  follower_manager behind_network = ManagerAt(network.endpoint());
  WatchedFollower server(behind_network, "server");
  server.Create();
  network.Set(TcpProxy::Traffic::kSilent);
  const std::int64_t before_ns = interop_sessions_now_ns();
  Must(server->close());
  EXPECT_LT(interop_sessions_now_ns() - before_ns, ScaledMs(4000) * 1000000LL);
  EXPECT_EQ(server.CountOf("lost CLOSED"), 1U);
  EXPECT_TRUE(hooks().WaitFor("session_ended EXPIRED", "server"));
}

TEST_F(Close, Of_a_manager_does_not_wait_for_a_silent_master_once_for_each_follower) {
  TcpProxy network(port());
  follower_manager behind_network = ManagerAt(network.endpoint());
  std::vector<std::unique_ptr<WatchedFollower>> servers;
  for (const char* identity : {"a", "b", "c"}) {
    servers.push_back(std::make_unique<WatchedFollower>(behind_network, identity));
    servers.back()->Create();
  }
  network.Set(TcpProxy::Traffic::kSilent);
  const std::int64_t before_ns = interop_sessions_now_ns();
  Must(behind_network.close());
  EXPECT_LT(interop_sessions_now_ns() - before_ns, ScaledMs(4000) * 1000000LL);
  for (const auto& server : servers) {
    EXPECT_EQ(server->CountOf("lost CLOSED"), 1U);
  }
}

TEST_F(Revoke, Stops_the_holder_before_the_work_is_given_on) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  const auto overlap = WatchForOverlap(WordOf(server));
  Must(master_here().revoke_session(held.session_id, held.epoch, "the disk is failing"));
  ASSERT_TRUE(hooks().WaitFor("session_ended REVOKED", "server"));
  EXPECT_FALSE(*overlap);
  ASSERT_EQ(server.CountOf("lost REVOKED"), 1U);
  EXPECT_LT(server.events.All().back().at_ns,
            hooks().CallsOf("session_ended REVOKED", "server")[0].at_ns);
  EXPECT_EQ(RowOf("server"), std::nullopt);
}

TEST_F(Revoke, Tells_its_reason_to_the_holder_and_to_the_host_of_the_master) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  Must(master_here().revoke_session(held.session_id, held.epoch, "rack 7 goes down"));
  ASSERT_TRUE(server.WaitFor("lost REVOKED", held.epoch));
  EXPECT_EQ(server.events.All().back().info.end_text, "rack 7 goes down");
  ASSERT_TRUE(hooks().WaitFor("session_ended REVOKED", "server"));
  EXPECT_EQ(hooks().CallsOf("session_ended REVOKED", "server")[0].request.end_text,
            "rack 7 goes down");
}

TEST_F(Revoke, Is_shown_by_the_list_until_the_holder_has_acknowledged) {
  Latch seen;
  WatchedFollower server(manager(), "server", {.lost = [&](const session&) { seen.Wait(); }});
  const session held = server.Create();
  Must(server->set_item(held.epoch, "rack", bytes_of("r1")));
  const session_request before = RowOf("server")->request;
  Must(master_here().revoke_session(held.session_id, held.epoch, "test"));
  const session_request during = RowOf("server")->request;
  seen.Open();
  EXPECT_EQ(before.flags, 0U);
  EXPECT_TRUE(during.is(INTEROP_SESSIONS_SESSION_REVOKING));
  EXPECT_EQ(during.item_count, 1U);
  EXPECT_GT(during.created_ns, 0);
  EXPECT_EQ(during.created_ns, before.created_ns);
  EXPECT_GE(during.renewed_ns, before.renewed_ns);
  ASSERT_TRUE(hooks().WaitFor("session_ended REVOKED", "server"));
  EXPECT_TRUE(hooks().CallsOf("session_ended REVOKED", "server")[0].request.is(
      INTEROP_SESSIONS_SESSION_REVOKING));
}

TEST_F(Revoke, Of_a_silent_holder_waits_for_the_end_of_its_lease) {
  TcpProxy network(port());
  follower_manager behind_network = ManagerAt(network.endpoint());
  WatchedFollower server(behind_network, "server");
  const session held = server.Create();
  const auto overlap = WatchForOverlap(WordOf(server));
  network.Set(TcpProxy::Traffic::kSilent);
  const std::int64_t deadline_ns = DeadlineOf("server");
  Must(master_here().revoke_session(held.session_id, held.epoch, "test"));
  EXPECT_NE(RowOf("server"), std::nullopt);
  ASSERT_TRUE(hooks().WaitFor("session_ended REVOKED", "server"));
  EXPECT_GE(hooks().CallsOf("session_ended REVOKED", "server")[0].at_ns, deadline_ns);
  EXPECT_FALSE(*overlap);
}

TEST_F(Revoke, Names_the_wrong_session) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  EXPECT_EQ(StatusOf(master_here().revoke_session(held.session_id, held.epoch + 1, "test")),
            INTEROP_SESSIONS_WRONG_EPOCH);
  EXPECT_EQ(StatusOf(master_here().revoke_session(held.session_id + 1, held.epoch, "test")),
            INTEROP_SESSIONS_UNKNOWN_SESSION);
  EXPECT_TRUE(server->lease_of(held).valid());
}

TEST_F(Expiry, Comes_at_the_deadline_of_the_master_and_after_that_of_the_holder) {
  TcpProxy network(port());
  follower_manager behind_network = ManagerAt(network.endpoint());
  WatchedFollower server(behind_network, "server");
  const session held = server.Create();
  const auto overlap = WatchForOverlap(WordOf(server));
  network.Set(TcpProxy::Traffic::kRefused);
  ASSERT_TRUE(server.WaitFor("state SUSPECT", held.epoch));
  const std::int64_t master_deadline_ns = DeadlineOf("server");
  const std::int64_t holder_deadline_ns = Must(server->current_session()).deadline_ns;
  ASSERT_TRUE(hooks().WaitFor("session_ended EXPIRED", "server"));
  EXPECT_GE(hooks().CallsOf("session_ended EXPIRED", "server")[0].at_ns, master_deadline_ns);
  EXPECT_LT(holder_deadline_ns, master_deadline_ns);
  EXPECT_FALSE(*overlap);
  EXPECT_EQ(RowOf("server"), std::nullopt);
}

TEST_F(Expiry, Is_told_to_the_holder_when_it_reaches_the_master_again) {
  TcpProxy network(port());
  follower_manager behind_network = ManagerAt(network.endpoint());
  WatchedFollower server(behind_network, "server");
  const session held = server.Create();
  network.Set(TcpProxy::Traffic::kRefused);
  ASSERT_TRUE(hooks().WaitFor("session_ended EXPIRED", "server"));
  network.Set(TcpProxy::Traffic::kFlows);
  ASSERT_TRUE(server.WaitFor("lost EXPIRED", held.epoch));
  EXPECT_EQ(server.CountOf("state JEOPARDY"), 1U);
  EXPECT_EQ(Must(server->current_session()).end_reason, INTEROP_SESSIONS_END_EXPIRED);
  EXPECT_GT(server.Create().epoch, held.epoch);
  EXPECT_EQ(server.CountOf("lost EXPIRED"), 1U);
}

TEST_F(Expiry, Of_a_master_that_lost_its_store_is_told_as_unknown) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  StopMaster();
  options_.store_path = directory_.File("empty.db");
  StartMaster();
  EXPECT_TRUE(server.WaitFor("lost UNKNOWN", held.epoch));
}

TEST_F(Loss, Is_told_once_and_completely_before_the_next_session) {
  constexpr size_t kRounds = 10;
  std::vector<operation> creating;
  follower* self = nullptr;
  WatchedFollower server(
      manager(), "server", {.lost = [&](const session&) {
        if (creating.size() < kRounds) {
          creating.push_back(Must(self->create_session({}, PatienceMs(), [](auto&&) {})));
        }
      }});
  self = &*server;
  std::uint64_t epoch = server.Create().epoch;
  for (size_t round = 0; round < kRounds; round++) {
    const session held = Must(server->current_session());
    Must(master_here().revoke_session(held.session_id, held.epoch, "test"));
    ASSERT_TRUE(server.events.Wait([&](const auto& event) {
      return event.what == "state ALIVE" && event.info.epoch > epoch;
    }));
    epoch = Must(server->current_session()).epoch;
  }
  Must(server->close());

  std::uint64_t alive = 0;
  std::uint64_t highest = 0;
  size_t lost = 0;
  for (const FollowerEvent& event : server.events.All()) {
    if (event.what == "created") {
      EXPECT_EQ(alive, 0U) << "created before the last was lost";
      EXPECT_GT(event.info.epoch, highest);
      alive = highest = event.info.epoch;
    } else if (event.what.starts_with("lost")) {
      EXPECT_EQ(event.info.epoch, alive) << "lost twice, or another";
      alive = 0;
      lost++;
    }
  }
  EXPECT_EQ(lost, kRounds + 1);
}

TEST_F(Loss, Makes_later_calls_say_why) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  Must(master_here().revoke_session(held.session_id, held.epoch, "test"));
  ASSERT_TRUE(server.WaitFor("lost REVOKED", held.epoch));
  const session now = Must(server->current_session());
  EXPECT_EQ(now.state, INTEROP_SESSIONS_STATE_LOST);
  EXPECT_EQ(now.end_reason, INTEROP_SESSIONS_END_REVOKED);
  EXPECT_EQ(now.epoch, held.epoch);
}

}  // namespace
}  // namespace interop::sessions::tests
