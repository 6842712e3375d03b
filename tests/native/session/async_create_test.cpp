// CreateSession without blocking: one completion for each call, after all callbacks, cancelled when
// asked.

#include <thread>

#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class AsyncCreate : public SessionTest {
 protected:
  /// Holds creates in the master until it is opened.
  std::shared_ptr<Latch> HoldCreates() {
    const auto release = std::make_shared<Latch>();
    hooks().on_session_created = [=](const auto&, auto&) {
      release->Wait();
      return verdict::accept();
    };
    return release;
  }

  operation Begin(WatchedFollower& server) {
    return Must(server->create_session({}, PatienceMs(), [this](result<session> answer) {
      journal_.Add("completed");
      outcomes_.Add(std::move(answer));
    }));
  }

  result<session> Outcome() {
    EXPECT_TRUE(outcomes_.Wait([](const auto&) { return true; }));
    return outcomes_.All().at(0);
  }

  History<result<session>> outcomes_;
};

TEST_F(AsyncCreate, Completes_after_the_last_callback) {
  StartMaster();
  WatchedFollower server(manager(), "server", {.state_changed = [this](const session& info) {
                           journal_.Add(to_string(info.state));
                         }});
  const registration registered =
      Must(server->register_session_create_cb([this](const session&) { journal_.Add("step 6"); }));
  operation creating = Begin(server);
  const result<session> outcome = Outcome();
  ASSERT_EQ(StatusOf(outcome), INTEROP_SESSIONS_OK) << MessageOf(outcome);
  EXPECT_EQ(outcome->state, INTEROP_SESSIONS_STATE_ALIVE);
  EXPECT_EQ(journal_.All(), (std::vector<std::string>{"step 6", "ALIVE", "completed"}));
  EXPECT_TRUE(
      Eventually([&] { return StatusOf(creating.cancel()) == INTEROP_SESSIONS_INVALID_HANDLE; }));
}

TEST_F(AsyncCreate, Cancelled_gives_back_what_the_master_granted_meanwhile) {
  const auto release = HoldCreates();
  StartMaster();
  WatchedFollower server(manager(), "server");
  operation creating = Begin(server);
  ASSERT_TRUE(hooks().WaitFor("session_created", "server"));
  Must(creating.cancel());
  EXPECT_EQ(StatusOf(Outcome()), INTEROP_SESSIONS_CANCELLED);
  release->Open();
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
  EXPECT_TRUE(server.events.All().empty());
  EXPECT_EQ(outcomes_.All().size(), 1U);
}

TEST_F(AsyncCreate, After_a_cancelled_one_the_next_succeeds) {
  const auto release = HoldCreates();
  StartMaster();
  WatchedFollower server(manager(), "server");
  Begin(server);  // the operation goes at once, which cancels
  EXPECT_EQ(StatusOf(Outcome()), INTEROP_SESSIONS_CANCELLED);
  release->Open();
  EXPECT_EQ(server.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(AsyncCreate, Is_refused_while_another_runs) {
  const auto release = HoldCreates();
  StartMaster();
  WatchedFollower server(manager(), "server");
  operation creating = Begin(server);
  ASSERT_TRUE(hooks().WaitFor("session_created", "server"));
  EXPECT_EQ(StatusOf(server->create_session({}, PatienceMs(), [](auto&&) {})),
            INTEROP_SESSIONS_SESSION_EXISTS);
  EXPECT_EQ(StatusOf(server->create_session({}, PatienceMs())), INTEROP_SESSIONS_SESSION_EXISTS);
  release->Open();
  EXPECT_EQ(StatusOf(Outcome()), INTEROP_SESSIONS_OK);
}

TEST_F(AsyncCreate, May_be_cancelled_by_its_own_completion_without_effect) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  History<status> cancelled;
  Latch have_operation;
  std::optional<operation> creating;
  creating = Must(server->create_session({}, PatienceMs(), [&](auto&&) {
    have_operation.Wait();
    cancelled.Add(StatusOf(creating->cancel()));
  }));
  have_operation.Open();
  ASSERT_TRUE(cancelled.Wait([](status) { return true; }));
  EXPECT_EQ(cancelled.All()[0], INTEROP_SESSIONS_OK);
  EXPECT_EQ(Must(server->current_session()).state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(AsyncCreate, Is_cancelled_by_a_close_and_completes_before_it) {
  const auto release = HoldCreates();
  StartMaster();
  WatchedFollower server(manager(), "server");
  operation creating = Begin(server);
  ASSERT_TRUE(hooks().WaitFor("session_created", "server"));
  Must(server->close([this](const auto&) { journal_.Add("closed"); }));
  ASSERT_TRUE(journal_.WaitFor("closed"));
  release->Open();
  EXPECT_EQ(StatusOf(Outcome()), INTEROP_SESSIONS_CANCELLED);
  EXPECT_EQ(journal_.All(), (std::vector<std::string>{"completed", "closed"}));
}

TEST_F(AsyncCreate, Ends_with_the_masters_refusal) {
  hooks().on_session_initialize = [](const auto&, auto&) { return verdict::refuse("not today"); };
  StartMaster();
  WatchedFollower server(manager(), "server");
  operation creating = Begin(server);
  const result<session> outcome = Outcome();
  EXPECT_EQ(StatusOf(outcome), INTEROP_SESSIONS_REFUSED);
  EXPECT_TRUE(Mentions(outcome, "not today")) << MessageOf(outcome);
}

TEST_F(AsyncCreate, Blocking_create_is_cancelled_by_a_close_on_another_thread) {
  const auto release = HoldCreates();
  StartMaster();
  WatchedFollower server(manager(), "server");
  std::thread creator([&] {
    EXPECT_EQ(StatusOf(server->create_session({}, PatienceMs())), INTEROP_SESSIONS_CANCELLED);
  });
  const bool reached = hooks().WaitFor("session_created", "server");
  Must(server->close());
  creator.join();
  release->Open();
  EXPECT_TRUE(reached);
}

TEST_F(AsyncCreate, A_hundred_at_once_all_complete) {
  StartMaster();
  std::vector<std::unique_ptr<WatchedFollower>> servers;
  std::vector<operation> creating;
  for (int i = 0; i < 100; i++) {
    servers.push_back(std::make_unique<WatchedFollower>(manager(), "server-" + std::to_string(i)));
    creating.push_back(Begin(*servers.back()));
  }
  ASSERT_TRUE(outcomes_.Wait([](const auto& outcome) { return outcome.has_value(); }, 100));
  EXPECT_EQ(Must(master_here().list_sessions()).rows.size(), 100U);
}

}  // namespace
}  // namespace interop::sessions::tests
