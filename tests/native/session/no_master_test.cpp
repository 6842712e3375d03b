// No master, a late one, a silent one, several.

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "support/latch.h"
#include "support/session_test.h"
#include "support/tcp_proxy.h"

namespace interop::sessions::tests {
namespace {

/// A port whose queue of connections is full: the kernel drops who dials it, as a dead network does.
class UnansweredPort {
 public:
  UnansweredPort() {
    sockaddr_in address = {};
    socklen_t size = sizeof(address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockets_[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bind(sockets_[0], reinterpret_cast<sockaddr*>(&address), size);
    listen(sockets_[0], 0);
    getsockname(sockets_[0], reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    for (size_t i = 1; i < sockets_.size(); i++) {
      sockets_[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      connect(sockets_[i], reinterpret_cast<sockaddr*>(&address), size);
    }
  }

  ~UnansweredPort() {
    for (const int each : sockets_) {
      close(each);
    }
  }

  UnansweredPort(const UnansweredPort&) = delete;
  UnansweredPort& operator=(const UnansweredPort&) = delete;

  std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  std::array<int, 4> sockets_ = {};
  std::uint16_t port_ = 0;
};

class NoMaster : public SessionTest {
 protected:
  /// A port where nobody listens: the master's own, after it stopped.
  std::string DeadEndpoint() {
    StartMaster();
    StopMaster();
    return endpoint();
  }

  static std::uint32_t ElapsedMs(std::int64_t since_ns) {
    return static_cast<std::uint32_t>((interop_sessions_now_ns() - since_ns) / 1000000);
  }
};

TEST_F(NoMaster, A_create_goes_on_at_the_masters_that_the_manager_is_given) {
  StartMaster();
  const UnansweredPort silent;
  auto followers = Must(follower_manager::create(
      library_here(), {.endpoints = {silent.endpoint()}, .insecure = insecure_peers::loopback}));
  auto server = Must(followers.create_follower("server"));
  const auto nobody = followers.set_endpoints({});
  EXPECT_EQ(StatusOf(nobody), INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_NE(MessageOf(nobody).find("endpoint_count is 0"), std::string::npos) << MessageOf(nobody);
  auto created = server.create_session({}, {}, as_future);
  ASSERT_TRUE(followers.set_endpoints({endpoint()}));
  EXPECT_EQ(Must(created.get()).state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(NoMaster, Is_the_answer_at_the_time_out_and_names_the_endpoint) {
  const std::string dead = DeadEndpoint();
  WatchedFollower server(manager(), "server");
  const std::int64_t before_ns = interop_sessions_now_ns();
  const auto refused = server->create_session({}, 700);
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_NO_MASTER);
  EXPECT_TRUE(Mentions(refused, dead)) << MessageOf(refused);
  EXPECT_GE(ElapsedMs(before_ns), 650U);
  EXPECT_LT(ElapsedMs(before_ns), 700 + ScaledMs(2000));
  EXPECT_EQ(Must(server->current_session()).state, INTEROP_SESSIONS_STATE_NONE);
}

TEST_F(NoMaster, That_comes_up_within_the_time_out_is_found) {
  DeadEndpoint();
  WatchedFollower server(manager(), "server");
  History<status> outcome;
  operation creating = Must(server->create_session(
      {}, PatienceMs(), [&](result<session> answer) { outcome.Add(StatusOf(answer)); }));
  EXPECT_FALSE(outcome.Wait([](status) { return true; }, 1, 300));
  StartMaster();
  ASSERT_TRUE(outcome.Wait([](status) { return true; }));
  EXPECT_EQ(outcome.All()[0], INTEROP_SESSIONS_OK);
}

TEST_F(NoMaster, At_the_first_endpoint_is_found_at_the_second) {
  const std::string dead = DeadEndpoint();
  const master second =
      Must(master::start(library_here(), {.listen_address = "127.0.0.1:0",
                                          .store_path = directory_.File("second.db"),
                                          .create_store = true,
                                          .insecure = insecure_peers::loopback}));
  follower_manager both = Must(follower_manager::create(
      library_here(), {.endpoints = {dead, "127.0.0.1:" + std::to_string(Must(second.port()))},
                       .insecure = insecure_peers::loopback}));
  WatchedFollower server(both, "server");
  EXPECT_EQ(server.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(NoMaster, Behind_a_network_that_swallows_the_dial_is_no_master) {
  const UnansweredPort unanswered;
  follower_manager nowhere = ManagerAt(unanswered.endpoint());
  WatchedFollower server(nowhere, "server");
  const auto refused = server->create_session({}, 700);
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_NO_MASTER) << MessageOf(refused);
  EXPECT_TRUE(Mentions(refused, unanswered.endpoint())) << MessageOf(refused);
}

TEST_F(NoMaster, At_an_endpoint_that_is_none_is_refused_and_named) {
  for (const char* endpoint : {"nonsense", "host:", "host:99999", ":7000", "host:port"}) {
    const auto refused = follower_manager::create(
        library_here(), {.endpoints = {endpoint}, .insecure = insecure_peers::loopback});
    EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_INVALID_ARGUMENT) << endpoint;
    EXPECT_TRUE(Mentions(refused, endpoint)) << MessageOf(refused);
  }
}

TEST_F(NoMaster, For_an_item_is_told_and_the_session_lives_on) {
  StartMaster();
  WatchedFollower server(manager(), "server");
  const session held = server.Create();
  StopMaster();
  const auto refused = server->set_item(held.epoch, "key", bytes_of("value"), any_revision, 300);
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_NO_MASTER) << MessageOf(refused);
  StartMaster();
  EXPECT_TRUE(Eventually(
      [&] { return server->set_item(held.epoch, "key", bytes_of("value")).has_value(); }));
}

class SilentMaster : public SessionTest {};

TEST_F(SilentMaster, Is_told_as_a_time_out) {
  const auto release = std::make_shared<Latch>();
  hooks().on_session_initialize = [=](const auto&, auto&) {
    release->Wait();
    return verdict::accept();
  };
  StartMaster();
  WatchedFollower server(manager(), "server");
  const auto refused = server->create_session({}, 500);
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_TIMED_OUT) << MessageOf(refused);
  release->Open();
  // What the master granted after all is given back, or never used: the next create gets through.
  EXPECT_EQ(server.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
}

TEST_F(SilentMaster, Behind_a_dead_network_is_left_within_the_time_out_of_an_item) {
  StartMaster();
  TcpProxy network(port());
  follower_manager behind_network = ManagerAt(network.endpoint());
  WatchedFollower server(behind_network, "server");
  const session held = server.Create();
  network.Set(TcpProxy::Traffic::kSilent);
  const std::int64_t before_ns = interop_sessions_now_ns();
  const auto refused = server->set_item(held.epoch, "key", bytes_of("value"), any_revision, 400);
  EXPECT_TRUE(StatusOf(refused) == INTEROP_SESSIONS_TIMED_OUT ||
              StatusOf(refused) == INTEROP_SESSIONS_NO_MASTER)
      << MessageOf(refused);
  EXPECT_LT((interop_sessions_now_ns() - before_ns) / 1000000, 400 + ScaledMs(2000));
  network.Set(TcpProxy::Traffic::kFlows);
}

}  // namespace
}  // namespace interop::sessions::tests
