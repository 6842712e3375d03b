// What a host decides in the hooks of its AccessManager, and what reaches the follower.

#include <atomic>
#include <cstring>

#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

using MasterHooks = SessionTest;

TEST_F(MasterHooks, A_refusal_reaches_the_follower_with_its_reason) {
  hooks().on_session_initialize = [](const auto&, auto&) {
    return verdict::refuse("the rack is being drained");
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const auto refused = server->create_session({}, PatienceMs());
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_REFUSED);
  EXPECT_TRUE(Mentions(refused, "the rack is being drained")) << MessageOf(refused);
  EXPECT_EQ(RowOf("server"), std::nullopt);
  EXPECT_EQ(hooks().CountOf("session_created", "server"), 0U);
  EXPECT_EQ(server.CountOf("created"), 0U);
}

TEST_F(MasterHooks, A_hook_that_throws_refuses_and_is_reported) {
  hooks().on_session_initialize = [](const auto&, auto&) -> verdict {
    throw std::runtime_error("the host's own defect");
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  EXPECT_EQ(StatusOf(server->create_session({}, PatienceMs())), INTEROP_SESSIONS_REFUSED);
  EXPECT_EQ(failed_callbacks_.CountOf("session_initialize"), 1U);
}

TEST_F(MasterHooks, Term_and_capabilities_can_be_amended) {
  hooks().on_session_initialize = [](const auto&, session_amendment& amended) {
    amended.term_ms = ScaledMs(1700);
    amended.capabilities &= 0x0f;
    return verdict::accept();
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session created = server.Create({.term_ms = ScaledMs(2500), .capabilities = 0xff});
  EXPECT_EQ(created.term_ms, ScaledMs(1700));
  EXPECT_EQ(created.capabilities, 0x0fU);
  EXPECT_EQ(RowOf("server")->request.capabilities, 0x0fU);
  EXPECT_EQ(hooks().CallsOf("session_created", "server")[0].request.term_ms, ScaledMs(1700));
}

TEST_F(MasterHooks, A_term_stays_within_the_bounds_of_the_master) {
  hooks().on_session_initialize = [](const session_request& request, session_amendment& amended) {
    amended.term_ms = request.identity == "short" ? 1 : 3600000;
    return verdict::accept();
  };
  StartMaster();
  WatchedFollower too_long(manager(), "long");
  EXPECT_EQ(too_long.Create().term_ms, options_.max_term_ms);
  // The shortest is short for a test machine: only the grant is looked at.
  WatchedFollower too_short(manager(), "short");
  EXPECT_EQ(too_short.Create().term_ms, options_.min_term_ms);
}

TEST_F(MasterHooks, No_wish_means_the_default_term) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  EXPECT_EQ(server.Create().term_ms, options_.term_ms);
}

TEST_F(MasterHooks, The_grant_of_session_created_is_the_reply) {
  hooks().on_session_created = [](const session_request& request, session_grant& grant) {
    EXPECT_EQ(grant.capabilities, request.capabilities);
    EXPECT_EQ(grant.report_window.report_size, 0U);
    grant.capabilities = 0x3;
    grant.report_window = {.start_pid = 1ULL << 40, .report_size = 4096};
    return verdict::accept();
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session created = server.Create({.capabilities = 0x7});
  EXPECT_EQ(created.capabilities, 0x3U);
  EXPECT_EQ(created.report_window.start_pid, 1ULL << 40);
  EXPECT_EQ(created.report_window.report_size, 4096U);
  const FollowerEvent told = server.events.All()[0];
  EXPECT_EQ(told.what, "created");
  EXPECT_EQ(told.info.capabilities, 0x3U);
  EXPECT_EQ(told.info.report_window.report_size, 4096U);
}

TEST_F(
    MasterHooks,
    A_list_shows_what_was_granted_and_after_a_restart_what_was_offered_until_it_is_granted_anew) {
  hooks().on_session_created = [](const auto&, session_grant& grant) {
    grant = {.capabilities = 0x3, .report_window = {.start_pid = 1ULL << 40, .report_size = 4096}};
    return verdict::accept();
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session created = server.Create({.capabilities = 0x7});
  const auto expect_row = [&](std::uint64_t capabilities, const report_window& window) {
    const std::optional<session_row> row = RowOf("server");
    ASSERT_NE(row, std::nullopt);
    EXPECT_EQ(row->request.capabilities, 0x7U);
    EXPECT_EQ(row->info.capabilities, capabilities);
    EXPECT_EQ(row->info.report_window.start_pid, window.start_pid);
    EXPECT_EQ(row->info.report_window.report_size, window.report_size);
  };
  expect_row(0x3, {1ULL << 40, 4096});

  StopMaster();
  StartMaster();
  expect_row(0x7, {});
  EXPECT_EQ(Must(server->current_session()).capabilities, 0x3U);

  follower_manager restarted = ManagerAt(endpoint());
  WatchedFollower next(restarted, "server");
  EXPECT_EQ(
      Must(next->reattach_session(created.session_id, created.secret, PatienceMs())).capabilities,
      0x3U);
  expect_row(0x3, {1ULL << 40, 4096});
}

TEST_F(MasterHooks, A_refusal_after_persisting_closes_the_session_again) {
  hooks().on_session_created = [](const auto&, auto&) { return verdict::refuse("no pids left"); };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const auto refused = server->create_session({}, PatienceMs());
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_REFUSED);
  EXPECT_TRUE(Mentions(refused, "no pids left")) << MessageOf(refused);
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
  EXPECT_EQ(RowOf("server"), std::nullopt);
}

TEST_F(MasterHooks, Session_ended_runs_after_the_removal) {
  const auto still_listed = std::make_shared<std::atomic<int>>(-1);
  hooks().on_session_ended = [=, this](const session_request& request, end_reason) {
    *still_listed = RowOf(request.identity).has_value() ? 1 : 0;
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session created = server.Create();
  Must(server->close());
  ASSERT_TRUE(Eventually([&] { return *still_listed != -1; }));
  EXPECT_EQ(*still_listed, 0);
  const auto ended = hooks().CallsOf("session_ended CLOSED", "server");
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].request.session_id, created.session_id);
  EXPECT_EQ(ended[0].request.epoch, created.epoch);
}

TEST_F(MasterHooks, A_hook_that_blocks_delays_no_other_identity) {
  const auto release = std::make_shared<Latch>();
  const auto blocked = std::make_shared<Latch>();
  hooks().on_session_initialize = [=](const session_request& request, auto&) {
    if (request.identity == "slow") {
      blocked->Open();
      release->Wait();
    }
    return verdict::accept();
  };
  StartMaster();
  WatchedFollower slow(manager(), "slow");
  operation creating = Must(slow->create_session({}, PatienceMs(), [](auto&&) {}));
  ASSERT_TRUE(blocked->Wait());
  for (int i = 0; i < 16; i++) {
    WatchedFollower other(manager(), "other-" + std::to_string(i));
    const auto created = other->create_session({}, ScaledMs(3000));
    EXPECT_EQ(StatusOf(created), INTEROP_SESSIONS_OK) << i << " " << MessageOf(created);
  }
  release->Open();
}

class Leadership : public SessionTest {};

TEST_F(Leadership, A_master_that_may_not_lead_answers_not_leader) {
  hooks().on_check_leader = [] { return leadership{.leads = false}; };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const auto refused = server->create_session({}, ScaledMs(500));
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_NOT_LEADER) << MessageOf(refused);
  EXPECT_EQ(hooks().CountOf("session_initialize", "server"), 0U);
  const auto revoked = master_here().revoke_session(1, 1, "test");
  EXPECT_EQ(StatusOf(revoked), INTEROP_SESSIONS_NOT_LEADER) << MessageOf(revoked);
}

TEST_F(Leadership,
       Is_told_when_it_begins_and_its_sessions_can_be_listed_there_and_when_it_has_ended) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session kept = server.Create();
  StopMaster();

  Journal told;
  interop_sessions_session_page* page = nullptr;
  hooks().on_leadership_changed = [&](const leadership_info& leadership) {
    const auto listed = leadership.leads ? interop_sessions_master_list_sessions(
                                               leadership.master, 0, 0, &page, nullptr)
                                         : INTEROP_SESSIONS_OK;
    told.Add((leadership.leads ? "begins" : "ended: ") + leadership.reason + " " +
             std::to_string(listed));
  };
  StartMaster();
  ASSERT_TRUE(told.Wait([](const std::string& line) { return line == "begins 0"; }));
  ASSERT_NE(page, nullptr);
  ASSERT_EQ(page->row_count, 1U);
  EXPECT_EQ(interop_sessions_session_page_row(page, 0)->info->epoch, kept.epoch);
  interop_sessions_free(page);
  StopMaster();
  EXPECT_EQ(told.Count([](const std::string&) { return true; }), 2U);
  EXPECT_EQ(told.Count([](const std::string& line) { return line == "ended: the master stops 0"; }),
            1U);
}

TEST_F(Leadership, The_hint_leads_to_the_leader) {
  StartMaster();  // this one leads
  const auto hinting = std::make_shared<ScriptedAccessManager>();
  hinting->on_check_leader = [this] { return leadership{.leads = false, .hint = endpoint()}; };
  const master other = Must(master::start(library_here(),
                                          {.listen_address = "127.0.0.1:0",
                                           .store_path = directory_.File("other.db"),
                                           .create_store = true,
                                           .insecure = insecure_peers::loopback},
                                          hinting));
  follower_manager knows_the_other = ManagerAt("127.0.0.1:" + std::to_string(Must(other.port())));
  WatchedFollower server(knows_the_other, "server");
  const session created = server.Create();
  EXPECT_EQ(RowOf("server")->info.epoch, created.epoch);
}

TEST_F(Leadership, Lost_and_regained_within_the_term_costs_no_session) {
  const auto leads = std::make_shared<std::atomic<bool>>(true);
  hooks().on_check_leader = [=] { return leadership{.leads = *leads}; };
  options_.term_ms = options_.max_term_ms = ScaledMs(4000);
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session created = server.Create();
  *leads = false;
  EXPECT_TRUE(Eventually([&] {
    return StatusOf(server->set_item(created.epoch, "key", bytes_of("value"), any_revision, 200)) ==
           INTEROP_SESSIONS_NOT_LEADER;
  }));
  *leads = true;
  EXPECT_TRUE(Eventually(
      [&] { return server->set_item(created.epoch, "key", bytes_of("value")).has_value(); }));
  EXPECT_EQ(Must(server->current_session()).epoch, created.epoch);
  EXPECT_EQ(server.CountOf("state JEOPARDY"), 0U);
}

}  // namespace
}  // namespace interop::sessions::tests
