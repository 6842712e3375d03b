// The call of a master that has all forms, its revocation: how it is waited for, cancelled and stopped.

#include <interop_sessions/coroutines.hpp>
#include <interop_sessions/futures.hpp>
#include <interop_sessions/task.hpp>
#include <stop_token>
#include <thread>

#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

constexpr uint32_t kShortMs = 100;

class MasterCalls : public SessionTestWithMaster {
 protected:
  /// Revokes what is not there, in a form, and hears so by a completion that does `then`.
  template <class Then>
  result<operation> Begin(Then then, const call_options& options = {}) {
    return master_here().revoke_session(1, 1, "test", options, [this, then](const auto& outcome) {
      ends_.Add(outcome ? "OK" : std::string(outcome.error().name));
      then();
    });
  }

  /// Holds the thread of the completions: from its return on none but its own runs.
  void Hold() {
    held_ = Must(Begin([this] {
      inside_.Open();
      let_go_.Wait();
    }));
    ASSERT_TRUE(inside_.Wait());
  }

  void TearDown() override { let_go_.Open(); }

  Journal ends_;
  Latch inside_;
  Latch let_go_;
  std::optional<operation> held_;
};

TEST_F(MasterCalls, Answer_the_same_in_every_form) {
  const auto blocked = master_here().revoke_session(1, 1, "test", PatienceMs());
  EXPECT_EQ(StatusOf(blocked), INTEROP_SESSIONS_UNKNOWN_SESSION);

  const std::stop_source user;
  EXPECT_TRUE(master_here().revoke_session(1, 1, "test", user.get_token()) == blocked);
  EXPECT_TRUE(master_here().revoke_session(1, 1, "test", {}, as_future).get() == blocked);
  const auto awaited = [](master& served) -> task<result<void>> {
    co_return co_await served.revoke_session(1, 1, "test", {}, resume_on(resume_inline{}));
  };
  EXPECT_TRUE(sync_wait(awaited(master_here())) == blocked);
  Must(Must(Begin([] {})).wait());
  EXPECT_EQ(ends_.All(), std::vector<std::string>{"UNKNOWN_SESSION"});
}

TEST_F(MasterCalls, Take_the_session_away_also_without_blocking) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  const operation revoking = Must(master_here().revoke_session(
      held.session_id, held.epoch, "test", {}, [&](const result<void>& outcome) {
        ends_.Add(outcome ? "OK" : std::string(outcome.error().name));
      }));
  Must(revoking.wait());
  EXPECT_EQ(ends_.All(), std::vector<std::string>{"OK"});
  EXPECT_TRUE(hooks().WaitFor("session_ended REVOKED", "server"));
}

TEST_F(MasterCalls, A_wait_returns_when_the_completion_has_returned_and_what_it_holds_is_freed) {
  const auto captured = std::make_shared<int>();
  Hold();
  const operation revoking = Must(Begin([captured] {}));
  EXPECT_EQ(StatusOf(revoking.wait(kShortMs)), INTEROP_SESSIONS_TIMED_OUT);
  EXPECT_GT(captured.use_count(), 1);
  let_go_.Open();
  Must(revoking.wait());
  EXPECT_EQ(captured.use_count(), 1);
  EXPECT_EQ(ends_.All().size(), 2U);
}

TEST_F(MasterCalls, A_wait_is_OK_long_after_and_when_the_master_is_gone) {
  operation revoking = Must(Begin([] {}));
  Must(revoking.wait());
  StopMaster();
  Must(revoking.wait());
  EXPECT_EQ(StatusOf(revoking.cancel()), INTEROP_SESSIONS_INVALID_HANDLE);
}

TEST_F(MasterCalls, In_a_completion_of_the_same_master_nothing_waits_for_another) {
  const std::stop_source user;
  std::optional<operation> other;
  Latch other_begun;
  Journal told;
  const operation revoking = Must(Begin([&] {
    inside_.Open();
    other_begun.Wait();
    told.Add(std::string(other->wait().error().name));
    told.Add(
        std::string(master_here().revoke_session(1, 1, "test", user.get_token()).error().name));
    told.Add(std::string(master_here().revoke_session(1, 1, "test").error().name));
  }));
  ASSERT_TRUE(inside_.Wait());
  other = Must(Begin([] {}));
  other_begun.Open();
  Must(revoking.wait());
  EXPECT_EQ(told.All(),
            (std::vector<std::string>{"IN_CALLBACK", "IN_CALLBACK", "UNKNOWN_SESSION"}));
  Must(other->wait());
  EXPECT_EQ(StatusOf(master_here().revoke_session(1, 1, "test", user.get_token())),
            INTEROP_SESSIONS_UNKNOWN_SESSION)
      << "where no completion runs any more";
}

TEST_F(MasterCalls, Stopped_before_send_nothing) {
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  std::stop_source user;
  user.request_stop();
  EXPECT_EQ(
      StatusOf(master_here().revoke_session(held.session_id, held.epoch, "test", user.get_token())),
      INTEROP_SESSIONS_CANCELLED);
  EXPECT_EQ(StatusOf(Begin([] {}, user.get_token())), INTEROP_SESSIONS_CANCELLED);
  EXPECT_EQ(RowOf("server").value().request.flags & INTEROP_SESSIONS_SESSION_REVOKING, 0U);
  EXPECT_TRUE(ends_.All().empty());
}

TEST_F(MasterCalls, One_that_was_waited_for_has_given_its_place_back) {
  constexpr size_t kLimit = 1024;
  constexpr size_t kRounds = 20;
  for (size_t round = 0; round < kRounds; round++) {
    Latch inside;
    Latch let_go;
    const operation first = Must(Begin([&] {
      inside.Open();
      let_go.Wait();
    }));
    ASSERT_TRUE(inside.Wait());
    std::vector<operation> behind;
    while (behind.size() < kLimit - 1) {
      behind.push_back(Must(Begin([] {})));
    }
    EXPECT_EQ(StatusOf(Begin([] {})), INTEROP_SESSIONS_TOO_MANY_OBJECTS);
    let_go.Open();
    Must(first.wait());
    behind.push_back(Must(Begin([] {})));
    for (const operation& each : behind) {
      Must(each.wait());
    }
  }
}

}  // namespace
}  // namespace interop::sessions::tests
