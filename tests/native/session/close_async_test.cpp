// close with a completion: allowed everywhere, and that is the very last callback.

#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class CloseAsync : public SessionTestWithMaster {
 protected:
  std::vector<std::string> Told() const { return journal_.All(); }

  CallbackScript Noting() {
    return {
        .created =
            [this](const session&) {
              journal_.Add("created");
              return true;
            },
        .lost = [this](const session& info) { journal_.Add("lost " + to_string(info.end_reason)); },
        .state_changed = [this](const session& info) { journal_.Add(to_string(info.state)); }};
  }
};

TEST_F(CloseAsync, From_inside_a_callback_is_the_very_last_callback) {
  follower* self = nullptr;
  CallbackScript script = Noting();
  script.state_changed = [&](const session& info) {
    journal_.Add(to_string(info.state));
    Must(self->close([this](const auto&) { journal_.Add("closed"); }));
    journal_.Add("asked to close");
  };
  WatchedFollower server(manager(), "server", std::move(script));
  self = &*server;
  // The create may still report OK, or that the follower was closed meanwhile.
  static_cast<void>(server->create_session({}, PatienceMs()));
  ASSERT_TRUE(journal_.WaitFor("closed"));
  ASSERT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
  EXPECT_EQ(Told(), (std::vector<std::string>{"created", "ALIVE", "asked to close", "lost CLOSED",
                                              "closed"}));
}

TEST_F(CloseAsync, From_inside_session_lost_ends_the_follower) {
  follower* self = nullptr;
  CallbackScript script = Noting();
  script.lost = [&](const session& info) {
    journal_.Add("lost " + to_string(info.end_reason));
    Must(self->close([this](const auto&) { journal_.Add("closed"); }));
  };
  WatchedFollower server(manager(), "server", std::move(script));
  self = &*server;
  const session held = server.Create();
  Must(master_here().revoke_session(held.session_id, held.epoch, "test"));
  ASSERT_TRUE(journal_.WaitFor("closed"));
  EXPECT_EQ(Told(), (std::vector<std::string>{"created", "ALIVE", "lost REVOKED", "closed"}));
  EXPECT_TRUE(hooks().WaitFor("session_ended REVOKED", "server"));
}

TEST_F(CloseAsync, Makes_the_handle_stale_at_once) {
  WatchedFollower server(manager(), "server", Noting());
  server.Create();
  Must(server->close([this](const auto&) { journal_.Add("closed"); }));
  EXPECT_EQ(StatusOf(server->current_session()), INTEROP_SESSIONS_INVALID_HANDLE);
  EXPECT_EQ(StatusOf(server->close()), INTEROP_SESSIONS_INVALID_HANDLE);
  ASSERT_TRUE(journal_.WaitFor("closed"));
  EXPECT_EQ(journal_.CountOf("closed"), 1U);
}

TEST_F(CloseAsync, Of_many_at_once_calls_back_for_each) {
  constexpr size_t kServers = 50;
  for (size_t i = 0; i < kServers; i++) {
    auto server = std::make_shared<WatchedFollower>(manager(), "server-" + std::to_string(i));
    server->Create();
    // The callback keeps the follower's data until nothing can use it any more.
    Must((*server)->close([this, server](const auto&) { journal_.Add("closed"); }));
  }
  EXPECT_TRUE(journal_.WaitFor("closed", kServers));
}

TEST_F(CloseAsync, Is_waited_for_by_the_close_of_the_manager) {
  auto own_manager = std::make_optional(ManagerAt(endpoint()));
  WatchedFollower server(*own_manager, "server", Noting());
  server.Create();
  Must(server->close([this](const auto&) { journal_.Add("closed"); }));
  own_manager.reset();
  EXPECT_EQ(Told().back(), "closed");
}

TEST_F(CloseAsync, The_blocking_form_waits_as_long_as_its_caller_wants_and_can_be_called_again) {
  Latch let_go;
  CallbackScript script;
  script.lost = [&](const session&) { let_go.Wait(); };
  WatchedFollower server(manager(), "server", std::move(script));
  const session held = server.Create();
  EXPECT_EQ(StatusOf(server->close(50)), INTEROP_SESSIONS_TIMED_OUT);
  EXPECT_FALSE(server->lease_of(held).valid());
  let_go.Open();
  Must(server->close(PatienceMs()));
  EXPECT_EQ(StatusOf(server->close()), INTEROP_SESSIONS_INVALID_HANDLE);
}

}  // namespace
}  // namespace interop::sessions::tests
