// Which server gives access to an object? The answer sticks until that server's session ends.

#include <map>
#include <set>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

constexpr auto kNfs = INTEROP_SESSIONS_ACCESS_POINT_NFS;
constexpr auto kIscsi = INTEROP_SESSIONS_ACCESS_POINT_ISCSI;

class AccessPoints : public SessionTestWithMaster {
 protected:
  void SetUp() override {
    SessionTestWithMaster::SetUp();
    client_.emplace(manager(), "client");
    client_epoch_ = client_->Create().epoch;
  }

  void TearDown() override { client_.reset(); }

  result<access_point> Find(std::string_view object, access_point_kind kind = kNfs) {
    return (*client_)->find_access_point(client_epoch_, kind, object);
  }

  std::unique_ptr<WatchedFollower> Serve(const std::string& identity) {
    auto server = std::make_unique<WatchedFollower>(manager(), identity);
    server->Create({.endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, identity + ":2049"}}});
    return server;
  }

  std::optional<WatchedFollower> client_;
  std::uint64_t client_epoch_ = 0;
};

TEST_F(AccessPoints, Are_answered_with_the_endpoint_of_a_live_server) {
  const auto server = Serve("server-1");
  const access_point found = Must(Find("volume-1"));
  EXPECT_EQ(found.endpoint, "server-1:2049");
  EXPECT_EQ(found.identity, "server-1");
  const session held = Must((*server)->current_session());
  EXPECT_EQ(found.session_id, held.session_id);
  EXPECT_EQ(found.epoch, held.epoch);
}

TEST_F(AccessPoints, Stick_to_an_object_when_servers_join) {
  std::vector<std::unique_ptr<WatchedFollower>> servers;
  servers.push_back(Serve("server-1"));
  const std::string first = Must(Find("volume-1")).endpoint;
  for (int i = 2; i <= 4; i++) {
    servers.push_back(Serve("server-" + std::to_string(i)));
    EXPECT_EQ(Must(Find("volume-1")).endpoint, first);
  }
}

TEST_F(AccessPoints, Spread_over_the_servers) {
  std::vector<std::unique_ptr<WatchedFollower>> servers;
  for (int i = 0; i < 3; i++) {
    servers.push_back(Serve("server-" + std::to_string(i)));
  }
  std::set<std::string> used;
  for (int i = 0; i < 60; i++) {
    used.insert(Must(Find("volume-" + std::to_string(i))).identity);
  }
  EXPECT_EQ(used.size(), 3U);
}

TEST_F(AccessPoints, Move_when_their_server_ends_and_only_then) {
  auto first = Serve("server-1");
  const std::string before = Must(Find("volume-1")).identity;
  auto second = Serve("server-2");
  EXPECT_EQ(before, "server-1");
  Must((*first)->close());
  ASSERT_TRUE(hooks().WaitFor("session_ended CLOSED", "server-1"));
  const access_point after = Must(Find("volume-1"));
  EXPECT_EQ(after.identity, "server-2");
  first.reset();
  const auto back_again = Serve("server-1");
  EXPECT_EQ(Must(Find("volume-1")).identity, "server-2");
}

TEST_F(AccessPoints, Stick_over_a_restart_of_the_master) {
  const auto first = Serve("server-1");
  const auto second = Serve("server-2");
  std::map<std::string, std::string> before;
  for (int i = 0; i < 10; i++) {
    const std::string object = "volume-" + std::to_string(i);
    before[object] = Must(Find(object)).identity;
  }
  StopMaster();
  StartMaster();
  ASSERT_TRUE(Eventually([&] { return Find("volume-0").has_value(); }));
  for (const auto& [object, identity] : before) {
    EXPECT_EQ(Must(Find(object)).identity, identity) << object;
  }
}

TEST_F(AccessPoints, That_are_released_are_assigned_anew) {
  auto first = Serve("server-1");
  const access_point found = Must(Find("volume-1"));
  const auto second = Serve("server-2");
  Must((*client_)->release_access_point(client_epoch_, kNfs, "volume-1", found));
  const access_point again = Must(Find("volume-1"));
  EXPECT_GT(again.revision, found.revision);
  // What is no more as it was found is left alone, and that is no error.
  Must((*client_)->release_access_point(client_epoch_, kNfs, "volume-1", found));
  EXPECT_EQ(Must(Find("volume-1")).revision, again.revision);
  Must((*client_)->release_access_point(client_epoch_, kNfs, "never asked for", std::nullopt));
}

TEST_F(AccessPoints, That_are_released_stay_released_over_a_restart_of_the_master) {
  const auto server = Serve("server-1");
  const access_point found = Must(Find("volume-1"));
  StopMaster();
  StartMaster();
  ASSERT_TRUE(Eventually([&] { return Find("volume-1").has_value(); }));
  EXPECT_EQ(Must(Find("volume-1")).revision, 0U);
  Must((*client_)->release_access_point(client_epoch_, kNfs, "volume-1", found));
  StopMaster();
  StartMaster();
  ASSERT_TRUE(Eventually([&] { return Find("volume-1").has_value(); }));
  EXPECT_NE(Must(Find("volume-1")).revision, 0U);
}

TEST_F(AccessPoints, That_nobody_offers_are_an_error) {
  const auto none = Find("volume-1");
  EXPECT_EQ(StatusOf(none), INTEROP_SESSIONS_NO_ACCESS_POINT);
  const auto server = Serve("server-1");
  EXPECT_EQ(StatusOf(Find("volume-1")), INTEROP_SESSIONS_OK);
  const auto other_kind = Find("volume-1", kIscsi);
  EXPECT_EQ(StatusOf(other_kind), INTEROP_SESSIONS_NO_ACCESS_POINT) << MessageOf(other_kind);
}

TEST_F(AccessPoints, Of_iscsi_are_apart_from_those_of_nfs) {
  WatchedFollower both(manager(), "both");
  both.Create({.endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "both:2049"},
                             {INTEROP_SESSIONS_ACCESS_POINT_ISCSI, "both:3260"}}});
  EXPECT_EQ(Must(Find("volume-1", kNfs)).endpoint, "both:2049");
  EXPECT_EQ(Must(Find("volume-1", kIscsi)).endpoint, "both:3260");
}

TEST_F(AccessPoints, May_be_of_any_kind_and_tell_the_first_address_of_it) {
  constexpr auto kOwn = static_cast<access_point_kind>(INTEROP_SESSIONS_FIRST_HOST_KIND);
  WatchedFollower server(manager(), "server");
  server.Create({.endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NVMEOF, "nqn.1"},
                               {kOwn, "own"},
                               {INTEROP_SESSIONS_ACCESS_POINT_NVMEOF, "nqn.2"}}});
  EXPECT_EQ(Must(Find("volume-1", INTEROP_SESSIONS_ACCESS_POINT_NVMEOF)).endpoint, "nqn.1");
  EXPECT_EQ(Must(Find("volume-1", kOwn)).endpoint, "own");
  const auto next = static_cast<access_point_kind>(INTEROP_SESSIONS_FIRST_HOST_KIND + 1);
  EXPECT_EQ(StatusOf(Find("volume-1", next)), INTEROP_SESSIONS_NO_ACCESS_POINT);
}

TEST_F(AccessPoints, May_have_the_longest_endpoint_and_identity) {
  const std::string identity(128, 'i');
  const std::string endpoint(256, 'e');
  WatchedFollower server(manager(), identity);
  server.Create({.endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, endpoint}}});
  const access_point found = Must(Find(std::string(256, 'o')));
  EXPECT_EQ(found.identity, identity);
  EXPECT_EQ(found.endpoint, endpoint);
}

}  // namespace
}  // namespace interop::sessions::tests
