// The six steps from AccessHandler::CreateSession to a session that is ALIVE.

#include <unistd.h>

#include "support/session_test.h"
#include "support/tcp_proxy.h"

namespace interop::sessions::tests {
namespace {

class CreateFlow : public SessionTest {
 protected:
  /// The steps of an identity as the log tells them.
  std::vector<std::string> StepsOf(const std::string& identity) {
    std::vector<std::string> steps;
    for (const LogEvent& event : log_.All()) {
      if (!event.step.empty() && event.identity == identity) {
        steps.push_back(event.step);
      }
    }
    return steps;
  }
};

TEST_F(CreateFlow, Its_steps_are_logged_in_order) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  const registration registered = Must(server->register_session_create_cb([](const session&) {}));
  server.Create();
  const std::vector<std::string> expected = {
      "2/6",     "3/6", "CheckLeader", "SessionInitialize", "persisted", "SessionCreated",
      "granted", "5/6", "6/6"};
  ASSERT_TRUE(Eventually([&] { return StepsOf("server").size() >= expected.size(); }));
  const std::vector<std::string> steps = StepsOf("server");
  ASSERT_EQ(steps.size(), expected.size());
  for (size_t i = 0; i < expected.size(); i++) {
    EXPECT_NE(steps[i].find(expected[i]), std::string::npos) << steps[i];
  }
}

TEST_F(CreateFlow, Hooks_and_callbacks_run_in_order_and_before_the_call_returns) {
  hooks().on_session_initialize = [&](const auto&, auto&) {
    journal_.Add("session_initialize");
    return verdict::accept();
  };
  hooks().on_session_created = [&](const auto&, auto&) {
    journal_.Add("master's session_created");
    return verdict::accept();
  };
  StartMaster();
  WatchedFollower server(
      manager(), "server",
      {.created =
           [&](const session&) {
             journal_.Add("follower's session_created");
             return true;
           },
       .state_changed = [&](const session& info) { journal_.Add(to_string(info.state)); }});
  std::vector<registration> registered;
  for (const char* name : {"first", "second", "third"}) {
    registered.push_back(Must(
        server->register_session_create_cb([this, name](const session&) { journal_.Add(name); })));
  }
  server.Create();
  journal_.Add("returned");
  const std::vector<std::string> expected = {"session_initialize",
                                             "master's session_created",
                                             "follower's session_created",
                                             "first",
                                             "second",
                                             "third",
                                             "ALIVE",
                                             "returned"};
  EXPECT_EQ(journal_.All(), expected);
}

TEST_F(CreateFlow, The_session_is_alive_only_after_the_last_callback) {
  StartMaster();
  follower* self = nullptr;
  std::vector<session_state> during;
  const auto note = [&](const session&) {
    during.push_back(Must(self->current_session()).state);
    return true;
  };
  WatchedFollower server(manager(), "server", {.created = note});
  self = &*server;
  const registration registered = Must(server->register_session_create_cb(note));
  EXPECT_EQ(server.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
  EXPECT_EQ(during, (std::vector{INTEROP_SESSIONS_STATE_NONE, INTEROP_SESSIONS_STATE_NONE}));
  EXPECT_EQ(Must(server->current_session()).state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(CreateFlow, The_master_learns_who_asks) {
  StartMaster();
  WatchedFollower server(manager(), "server-7");
  const session created =
      server.Create({.term_ms = ScaledMs(2500),
                     .capabilities = 0xf0f0,
                     .endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "192.0.2.7:2049"},
                                   {INTEROP_SESSIONS_ACCESS_POINT_ISCSI, "192.0.2.7:3260"}}});
  const auto asked = hooks().CallsOf("session_initialize", "server-7");
  ASSERT_EQ(asked.size(), 1U);
  const session_request& request = asked[0].request;
  EXPECT_EQ(request.session_id, 0U);
  EXPECT_EQ(request.epoch, 0U);
  EXPECT_EQ(request.term_ms, ScaledMs(2500));
  EXPECT_EQ(request.capabilities, 0xf0f0U);
  EXPECT_EQ(request.process_id, static_cast<std::uint32_t>(getpid()));
  ASSERT_EQ(request.endpoints.size(), 2U);
  EXPECT_EQ(request.endpoints[0].kind, INTEROP_SESSIONS_ACCESS_POINT_NFS);
  EXPECT_EQ(request.endpoints[0].address, "192.0.2.7:2049");
  EXPECT_EQ(request.endpoints[1].kind, INTEROP_SESSIONS_ACCESS_POINT_ISCSI);
  EXPECT_EQ(request.endpoints[1].address, "192.0.2.7:3260");
  EXPECT_FALSE(request.host_name.empty());

  const auto told = hooks().CallsOf("session_created", "server-7");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].request.session_id, created.session_id);
  EXPECT_EQ(told[0].request.epoch, created.epoch);
  EXPECT_EQ(told[0].request.term_ms, created.term_ms);
}

TEST_F(CreateFlow, A_new_session_of_the_same_server_has_a_higher_epoch_and_runs_all_callbacks) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  int runs = 0;
  const registration registered =
      Must(server->register_session_create_cb([&](const session&) { runs++; }));
  const session first = server.Create();
  Must(master_here().revoke_session(first.session_id, first.epoch, "test"));
  ASSERT_TRUE(server.WaitFor("lost REVOKED", first.epoch));
  const session second = server.Create();
  EXPECT_GT(second.epoch, first.epoch);
  EXPECT_NE(second.session_id, first.session_id);
  EXPECT_EQ(server.CountOf("created"), 2U);
  EXPECT_EQ(runs, 2);
}

TEST_F(CreateFlow, A_host_that_refuses_gives_the_session_back) {
  StartMaster();
  WatchedFollower server(manager(), "server", {.created = [](const session&) { return false; }});
  const auto refused = server->create_session({}, PatienceMs());
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_REFUSED_BY_HOST) << MessageOf(refused);
  EXPECT_EQ(server.CountOf("lost CLOSED"), 1U);
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
  EXPECT_EQ(RowOf("server"), std::nullopt);
  EXPECT_EQ(server.CountOf("lost CLOSED"), 1U);
  EXPECT_EQ(server.CountOf("state ALIVE"), 0U);
}

TEST_F(CreateFlow, The_reason_of_a_follower_that_refuses_is_in_the_error_of_its_create) {
  StartMaster();
  WatchedFollower server(manager(), "server", {.created = [](const session&) {
                           return verdict::refuse("no disk is mounted");
                         }});
  const auto refused = server->create_session({}, PatienceMs());
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_REFUSED_BY_HOST);
  EXPECT_NE(MessageOf(refused).find("no disk is mounted"), std::string::npos) << MessageOf(refused);
}

TEST_F(CreateFlow, A_callback_that_throws_refuses_and_is_reported) {
  StartMaster();
  WatchedFollower server(manager(), "server", {.created = [](const session&) -> bool {
                           throw std::runtime_error("no capabilities in common");
                         }});
  EXPECT_EQ(StatusOf(server->create_session({}, PatienceMs())), INTEROP_SESSIONS_REFUSED_BY_HOST);
  EXPECT_EQ(failed_callbacks_.CountOf("session_created"), 1U);
}

TEST_F(CreateFlow, A_follower_has_one_session_at_a_time) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  EXPECT_EQ(StatusOf(server->create_session({}, PatienceMs())), INTEROP_SESSIONS_SESSION_EXISTS);
  EXPECT_EQ(Must(server->current_session()).epoch, held.epoch);
  EXPECT_EQ(hooks().CountOf("session_initialize", "server"), 1U);
}

TEST_F(CreateFlow, An_identity_in_use_is_named_when_the_holder_outlives_the_time_out) {
  StartMaster();
  WatchedFollower holder(manager(), "server");
  holder.Create();
  follower_manager other = ManagerAt(endpoint());
  WatchedFollower rival(other, "server");
  const auto refused = rival->create_session({}, ScaledMs(300));
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_IDENTITY_IN_USE);
  EXPECT_TRUE(Mentions(refused, "server")) << MessageOf(refused);
  EXPECT_EQ(rival.CountOf("created"), 0U);
}

TEST_F(CreateFlow, An_identity_is_free_again_when_its_holder_closes) {
  StartMaster();
  follower_manager other = ManagerAt(endpoint());
  WatchedFollower rival(other, "server");
  session held;
  {
    WatchedFollower holder(manager(), "server");
    held = holder.Create();
  }
  EXPECT_GT(rival.Create().epoch, held.epoch);
}

TEST_F(CreateFlow, A_create_whose_answer_got_lost_is_repeated_without_a_second_session) {
  StartMaster();
  TcpProxy network(port());
  follower_manager behind_network = ManagerAt(network.endpoint());
  WatchedFollower server(behind_network, "server");
  network.Set(TcpProxy::Traffic::kAnswersHeld);
  History<result<session>> outcome;
  operation creating = Must(server->create_session(
      {}, PatienceMs(), [&](result<session> answer) { outcome.Add(std::move(answer)); }));
  ASSERT_TRUE(hooks().WaitFor("session_created", "server"));
  network.Set(TcpProxy::Traffic::kRefused);
  network.Set(TcpProxy::Traffic::kFlows);
  ASSERT_TRUE(outcome.Wait([](const auto&) { return true; }));
  ASSERT_EQ(StatusOf(outcome.All()[0]), INTEROP_SESSIONS_OK) << MessageOf(outcome.All()[0]);
  creating.detach();
  EXPECT_EQ(Must(master_here().list_sessions()).rows.size(), 1U);
  EXPECT_EQ(hooks().CountOf("session_created", "server"), 1U);
  EXPECT_EQ(RowOf("server")->info.epoch, outcome.All()[0]->epoch);
}

}  // namespace
}  // namespace interop::sessions::tests
