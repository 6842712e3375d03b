// The C++ owners: whatever the order in which they go, nothing dangles and nothing blocks for ever.

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
  EXPECT_TRUE(hooks().WaitFor("session_expired CLOSED", "server"));
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
  EXPECT_TRUE(hooks().WaitFor("session_expired CLOSED", "first"));
  EXPECT_EQ(Must(server.create_session({}, PatienceMs())).state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(Ownership, A_registration_that_outlives_its_follower_is_harmless) {
  std::optional<registration> registered;
  {
    follower server = Must(manager().create_follower("server"));
    registered = Must(server.register_session_create_cb([](const session&) {}));
  }
  EXPECT_EQ(StatusOf(registered->unregister()), INTEROP_SESSIONS_INVALID_HANDLE);
}

TEST_F(Ownership, A_second_library_is_refused_and_the_first_goes_on) {
  EXPECT_EQ(StatusOf(library::initialize()), INTEROP_SESSIONS_ALREADY_INITIALIZED);
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
                                         .create_store = true}));
  follower_manager manager = Must(follower_manager::create(
      *library_here, {.endpoints = {"127.0.0.1:" + std::to_string(Must(master_here.port()))}}));
  follower server = Must(manager.create_follower("server"));
  const lease held = server.lease_of(Must(server.create_session({}, PatienceMs())));
  EXPECT_TRUE(held.valid());
  library_here.reset();
  EXPECT_FALSE(held.valid());
  EXPECT_EQ(StatusOf(server.current_session()), INTEROP_SESSIONS_NOT_INITIALIZED);
  EXPECT_EQ(StatusOf(master_here.port()), INTEROP_SESSIONS_NOT_INITIALIZED);
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
