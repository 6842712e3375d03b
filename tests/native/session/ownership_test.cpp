// The C++ owners: whatever the order in which they go, nothing dangles and nothing blocks for ever.

#include <atomic>
#include <interop_sessions/futures.hpp>

#include "support/latch.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class Ownership : public SessionTestWithMaster {};

TEST_F(Ownership, A_follower_destroyed_in_its_own_callback_closes_without_blocking) {
  // The callables outlive the owner: they are what runs.
  const auto self = std::make_shared<std::optional<follower>>();
  *self = Must(manager().create_follower(
      "server", {.session_lost = [this](const session&) { journal_.Add("lost"); },
                 .state_changed =
                     [this, self](const session&) {
                       self->reset();
                       journal_.Add("destroyed");
                     }}));
  Must((*self)->create_session({}, PatienceMs(), [](auto&&) {})).detach();
  ASSERT_TRUE(journal_.WaitFor("lost"));
  EXPECT_EQ(journal_.All(), (std::vector<std::string>{"destroyed", "lost"}));
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "server"));
}

TEST_F(Ownership,
       A_follower_destroyed_in_its_callback_while_its_manager_is_closed_keeps_what_runs) {
  auto own_manager = std::make_optional(ManagerAt(endpoint()));
  const auto self = std::make_shared<std::optional<follower>>();
  *self = Must(own_manager->create_follower(
      "server", {.session_lost = [this, self, kept = std::string(100, 'x')](const session&) {
        self->reset();
        journal_.Add("still there " + std::to_string(kept.size()));
      }}));
  Must((*self)->create_session({}, PatienceMs()));
  Must(own_manager->close());
  EXPECT_EQ(journal_.All(), (std::vector<std::string>{"still there 100"}));
  // The manager has promised that no callback runs any more, so what was kept is gone.
  EXPECT_TRUE(Eventually([&] { return self.use_count() == 1; }));
}

TEST_F(Ownership, A_view_goes_with_its_follower_wherever_that_is_moved) {
  struct Server {
    explicit Server(follower made) : owned(std::move(made)), calls(with_futures(owned)) {}
    follower owned;
    future_follower calls;
  };
  std::vector<Server> servers;
  servers.emplace_back(Must(manager().create_follower("first")));
  servers.emplace_back(Must(manager().create_follower("second")));
  EXPECT_EQ(Must(servers[0].calls.create_session({}, PatienceMs()).get()).state,
            INTEROP_SESSIONS_STATE_ALIVE);
  const future_follower calls = servers[1].calls;
  servers.clear();
  EXPECT_EQ(StatusOf(calls.create_session({}).get()), INTEROP_SESSIONS_INVALID_HANDLE);
}

TEST_F(Ownership, A_close_frees_what_every_callable_holds) {
  const auto held = std::make_shared<int>();
  follower server =
      Must(manager().create_follower("server", {.session_lost = [held](const session&) {}}));
  const registration registered =
      Must(server.register_session_create_cb([held](const session&) {}));
  const future_follower view = with_futures(server);
  EXPECT_EQ(held.use_count(), 3);
  Must(server.close());
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(Ownership,
       A_follower_whose_manager_went_first_frees_what_its_callables_hold_although_a_view_remains) {
  const auto held = std::make_shared<int>();
  auto own_manager = std::make_optional(ManagerAt(endpoint()));
  auto server = std::make_optional(
      Must(own_manager->create_follower("server", {.session_lost = [held](const session&) {}})));
  const future_follower view = with_futures(*server);
  own_manager.reset();
  server.reset();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(Ownership, An_owner_that_is_assigned_to_itself_stays) {
  follower server = Must(manager().create_follower("server"));
  follower& same = server;
  server = std::move(same);
  const session held = Must(server.create_session({}, PatienceMs()));
  follower_manager& same_manager = manager();
  manager() = std::move(same_manager);
  EXPECT_TRUE(server.lease_of(held).valid());
}

TEST_F(Ownership, A_manager_that_goes_first_closes_its_followers) {
  auto own_manager = std::make_optional(ManagerAt(endpoint()));
  WatchedFollower server(*own_manager, "server");
  const registration registered = Must(server->register_session_create_cb([](const session&) {}));
  const lease held = server->lease_of(server.Create());
  own_manager.reset();
  EXPECT_FALSE(held.valid());
  EXPECT_EQ(server.CountOf("lost CLOSED"), 1U);
  EXPECT_EQ(StatusOf(server->current_session()), INTEROP_SESSIONS_INVALID_HANDLE);
}

TEST_F(Ownership, A_follower_that_is_assigned_to_closes_what_it_held) {
  follower server = Must(manager().create_follower("first"));
  Must(server.create_session({}, PatienceMs()));
  server = Must(manager().create_follower("second"));
  EXPECT_TRUE(hooks().WaitFor("session_ended CLOSED", "first"));
  EXPECT_EQ(Must(server.create_session({}, PatienceMs())).state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(Ownership, A_registration_that_outlives_its_follower_is_harmless) {
  std::optional<registration> registered;
  {
    follower server = Must(manager().create_follower("server"));
    registered = Must(server.register_session_create_cb([](const session&) {}));
  }
  EXPECT_EQ(StatusOf(registered->unregister()), INTEROP_SESSIONS_OK);
}

TEST_F(Ownership, The_end_of_a_second_library_leaves_the_first_alone) {
  { const library second = Must(library::initialize()); }
  WatchedFollower server(manager(), "server");
  EXPECT_EQ(server.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(Ownership, An_exception_in_state_changed_is_reported_and_goes_no_further) {
  WatchedFollower server(manager(), "server", {.state_changed = [](const session&) {
                           throw std::runtime_error("the host's own defect");
                         }});
  EXPECT_EQ(server.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
  EXPECT_EQ(failed_callbacks_.CountOf("state_changed"), 1U);
}

TEST(LibraryOwner, That_goes_first_ends_everything) {
  const TemporaryDirectory directory;
  auto library_here = std::make_optional(Must(library::initialize()));
  const master master_here =
      Must(master::start(*library_here, {.listen_address = "127.0.0.1:0",
                                         .store_path = directory.File("store.db"),
                                         .create_store = true,
                                         .insecure = insecure_peers::loopback}));
  follower_manager manager = Must(follower_manager::create(
      *library_here, {.endpoints = {"127.0.0.1:" + std::to_string(Must(master_here.port()))},
                      .insecure = insecure_peers::loopback}));
  follower server = Must(manager.create_follower("server"));
  const lease held = server.lease_of(Must(server.create_session({}, PatienceMs())));
  EXPECT_TRUE(held.valid());
  library_here.reset();
  EXPECT_FALSE(held.valid());
  EXPECT_EQ(StatusOf(server.current_session()), INTEROP_SESSIONS_NOT_INITIALIZED);
  EXPECT_EQ(StatusOf(master_here.port()), INTEROP_SESSIONS_NOT_INITIALIZED);
}

/// Stands in front of the library's own function.
std::atomic<int> cancels = 0;
status CountedCancel(interop_sessions_operation operation, interop_sessions_error* error) {
  ++cancels;
  return interop_sessions_operation_cancel(operation, error);
}

TEST(OperationOwner, Of_a_call_that_has_ended_asks_the_library_nothing) {
  api functions = api::linked();
  functions.operation_cancel = &CountedCancel;
  const library library_here = Must(library::initialize({}, functions));
  follower_manager manager = Must(follower_manager::create(
      library_here, {.endpoints = {"127.0.0.1:1"}, .insecure = insecure_peers::loopback}));
  follower server = Must(manager.create_follower("server"));
  Latch ended;
  {
    const operation creating =
        Must(server.create_session({}, 1, [&](const result<session>&) { ended.Open(); }));
    ASSERT_TRUE(ended.Wait());
  }
  EXPECT_EQ(cancels, 0);
  {
    const operation creating = Must(server.create_session({}, PatienceMs(), [](const auto&) {}));
  }
  EXPECT_EQ(cancels, 1);
}

TEST(LibraryOwner, Loaded_from_a_path_that_is_no_library_says_so) {
  const auto missing = api::load("/nonexistent/libinterop_sessions.so.1");
  EXPECT_EQ(StatusOf(missing), INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(Mentions(missing, "/nonexistent/libinterop_sessions.so.1")) << MessageOf(missing);
  const auto other = api::load("libc.so.6");
  EXPECT_EQ(StatusOf(other), INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(Mentions(other, "libc.so.6")) << MessageOf(other);
}

}  // namespace
}  // namespace interop::sessions::tests
