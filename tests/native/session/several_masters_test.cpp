// Several masters through the C++ header: on a real etcd, and with an election of the host's own.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "support/child_process.h"
#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

// A port that nobody has right now.
std::uint16_t FreePort() {
  const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(socket_fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket_fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port");
  }
  close(socket_fd);
  return ntohs(address.sin_port);
}

std::string Local(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

// An etcd of one member.
class Etcd {
 public:
  explicit Etcd(const std::string& directory)
      : endpoint(Local(FreePort())),
        process_({"/usr/bin/etcd", "--data-dir", directory, "--listen-client-urls",
                  "http://" + endpoint, "--advertise-client-urls", "http://" + endpoint,
                  "--listen-peer-urls", peer_, "--initial-advertise-peer-urls", peer_,
                  "--initial-cluster", "default=" + peer_, "--logger", "zap", "--log-level",
                  "error"}) {}

  const std::string endpoint;

 private:
  std::string peer_ = "http://" + Local(FreePort());
  ChildProcess process_;
};

class SeveralMasters : public SessionTest {
 protected:
  master StartOn(const master_options& options, std::shared_ptr<access_manager> host = nullptr) {
    std::optional<master> started;
    // etcd needs a moment after its start.
    EXPECT_TRUE(Eventually([&] {
      auto answer = master::start(library_here(), options, host);
      last_refusal_ = MessageOf(answer);
      if (answer) {
        started.emplace(*std::move(answer));
      }
      return started.has_value();
    })) << last_refusal_;
    return *std::move(started);
  }

  master_options OnEtcd(const Etcd& etcd) {
    return {.listen_address = Local(FreePort()),
            .term_ms = ScaledMs(10000),
            .max_term_ms = ScaledMs(10000),
            .etcd = etcd_options{.endpoints = etcd.endpoint,
                                 .leader_term_ms = 2000,
                                 .insecure = insecure_peers::loopback},
            .create_store = true,
            .insecure = insecure_peers::loopback};
  }

  static bool Leads(const master& asked) { return Must(asked.leads()).leads; }

  std::string last_refusal_;
};

TEST_F(SeveralMasters, On_etcd_one_leads_and_when_it_resigns_a_session_goes_on_at_the_other) {
  const Etcd etcd(directory_.File("etcd"));
  const master_options first_options = OnEtcd(etcd);
  const master_options second_options = OnEtcd(etcd);
  master first = StartOn(first_options);
  ASSERT_TRUE(Eventually([&] { return Leads(first); }));
  master second = StartOn(second_options);
  EXPECT_FALSE(Leads(second));
  EXPECT_EQ(Must(second.leads()).master_epoch, 0U);
  EXPECT_EQ(StatusOf(second.resign()), INTEROP_SESSIONS_NOT_LEADER);

  // It knows the standby only, which names the leader.
  follower_manager knows_the_standby = ManagerAt(second_options.listen_address);
  WatchedFollower server(knows_the_standby, "server");
  const session created = server.Create();
  EXPECT_EQ(created.master_epoch, Must(first.leads()).master_epoch);
  Must(server->set_item(created.epoch, "item", std::as_bytes(std::span("value", 5))));

  Must(first.resign());
  EXPECT_FALSE(Leads(first));
  ASSERT_TRUE(Eventually([&] { return Leads(second); }));
  EXPECT_TRUE(Eventually([&] {
    return Must(server->current_session()).master_epoch == Must(second.leads()).master_epoch;
  }));
  EXPECT_EQ(Must(server->list_items(created.epoch)).size(), 1U);
  EXPECT_EQ(server.CountOf("state JEOPARDY"), 0U);
  EXPECT_EQ(server.CountOf("lost EXPIRED"), 0U);
}

TEST_F(SeveralMasters, An_etcd_that_is_not_there_is_waited_for) {
  const master waiting = Must(master::start(
      library_here(),
      {.listen_address = "127.0.0.1:0",
       .etcd = etcd_options{.endpoints = "127.0.0.1:1", .insecure = insecure_peers::loopback},
       .insecure = insecure_peers::loopback}));
  const auto answer = Must(waiting.leads());
  EXPECT_FALSE(answer.leads);
  EXPECT_EQ(answer.master_epoch, 0U);
}

TEST_F(SeveralMasters, Options_of_etcd_that_make_no_sense_are_named) {
  const struct {
    etcd_options etcd;
    const char* named;
  } kCases[] = {
      {{}, "etcd.endpoints"},
      {{.endpoints = "nonsense"}, "nonsense"},
      {{.endpoints = "host:1", .prefix = "/x/"}, "etcd.prefix"},
      {{.endpoints = "host:1", .username = "somebody"}, "etcd.password"},
      {{.endpoints = "host:1", .tls = tls_options{.ca_file = "/x", .cert_file = "/x"}},
       "etcd.tls.key_file"},
      {{.endpoints = "host:1", .tls = tls_options{.ca_file = "/does/not/exist"}},
       "etcd.tls.ca_file"},
      {{.endpoints = "host:1", .leader_term_ms = 1000}, "etcd.leader_term_ms"},
      {{.endpoints = "host:1", .leader_term_ms = 2500}, "etcd.leader_term_ms"},
  };
  for (const auto& [etcd, named] : kCases) {
    const auto refused = master::start(
        library_here(),
        {.listen_address = "127.0.0.1:0", .etcd = etcd, .insecure = insecure_peers::loopback});
    EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_INVALID_ARGUMENT) << MessageOf(refused);
    EXPECT_TRUE(Mentions(refused, named)) << named << ": " << MessageOf(refused);
  }
}

TEST_F(SeveralMasters, Options_of_etcd_have_a_size_of_their_own) {
  interop_sessions_etcd_options etcd = {};
  interop_sessions_master_options options = {};
  options.struct_size = sizeof(options);
  options.etcd = &etcd;
  for (const std::uint32_t size : {0U, 3U, 0xfffffff0U}) {
    etcd.struct_size = size;
    interop_sessions_master started = {};
    interop_sessions_error error = {};
    error.struct_size = sizeof(error);
    EXPECT_EQ(interop_sessions_master_start(library_here().handle(), &options, &started, &error),
              INTEROP_SESSIONS_INVALID_STRUCT_SIZE);
    EXPECT_NE(std::string_view(error.message).find("etcd"), std::string_view::npos)
        << error.message;
  }
}

TEST_F(SeveralMasters, One_store_and_not_two) {
  for (const master_options& options :
       {master_options{.listen_address = "127.0.0.1:0"},
        master_options{.listen_address = "127.0.0.1:0",
        .store_path = directory_.File("store.db"),
        .etcd = etcd_options{.endpoints = "host:1", .insecure = insecure_peers::loopback}}}) {
    const auto refused = master::start(library_here(), options);
    EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_INVALID_ARGUMENT);
    EXPECT_TRUE(Mentions(refused, "store_path")) << MessageOf(refused);
  }
}

TEST_F(SeveralMasters, Only_who_is_elected_in_etcd_can_resign) {
  StartMaster();
  const auto refused = master_here().resign();
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_INVALID_ARGUMENT);
}

// A host with an election of its own.
class ElectedHost : public ScriptedAccessManager {
 public:
  ElectedHost() {
    on_check_leader = [this] {
      const std::uint64_t epoch = won_epoch;
      return leadership{.leads = epoch != 0, .epoch = epoch};
    };
  }

  std::atomic<std::uint64_t> won_epoch = 0;  // 0: lost
};

TEST_F(SeveralMasters, A_hosts_own_election_passes_its_number_in) {
  const auto first_host = std::make_shared<ElectedHost>();
  const auto second_host = std::make_shared<ElectedHost>();
  // One file, on whichever machine leads.
  const auto options = [&] {
    return master_options{.listen_address = Local(FreePort()),
                          .store_path = directory_.File("shared.db"),
                          .term_ms = ScaledMs(10000),
                          .max_term_ms = ScaledMs(10000),
                          .leadership = leadership_source::host,
                          .create_store = true,
                          .insecure = insecure_peers::loopback};
  };
  const master_options first_options = options();
  const master_options second_options = options();
  const master first = StartOn(first_options, first_host);
  const master second = StartOn(second_options, second_host);
  first_host->won_epoch = 41;
  ASSERT_TRUE(Eventually([&] { return Leads(first); }));
  EXPECT_EQ(Must(first.leads()).master_epoch, 41U);

  follower_manager knows_both = Must(follower_manager::create(
      library_here(), {.endpoints = {first_options.listen_address, second_options.listen_address},
                       .insecure = insecure_peers::loopback}));
  WatchedFollower server(knows_both, "server");
  EXPECT_EQ(server.Create().master_epoch, 41U);

  first_host->won_epoch = 0;
  ASSERT_TRUE(Eventually([&] { return Must(first.leads()).master_epoch == 0; }));
  second_host->won_epoch = 42;
  ASSERT_TRUE(Eventually([&] { return Leads(second); }));
  EXPECT_TRUE(Eventually([&] { return Must(server->current_session()).master_epoch == 42; }));
  EXPECT_EQ(server.CountOf("lost EXPIRED"), 0U);
}

TEST_F(SeveralMasters, A_relative_path_is_that_of_the_start_wherever_the_host_goes_later) {
  const auto host = std::make_shared<ElectedHost>();
  host->won_epoch = 7;
  const auto before = std::filesystem::current_path();
  std::filesystem::create_directory(directory_.path() / "elsewhere");
  std::filesystem::current_path(directory_.path());
  const master here = StartOn({.listen_address = Local(FreePort()),
                               .store_path = "relative.db",
                               .leadership = leadership_source::host,
                               .create_store = true,
                               .insecure = insecure_peers::loopback},
                              host);
  std::filesystem::current_path(directory_.path() / "elsewhere");
  host->won_epoch = 0;
  const bool lost = Eventually([&] { return Must(here.leads()).master_epoch == 0; });
  host->won_epoch = 8;
  const bool led_again = Eventually([&] { return Leads(here); });
  std::filesystem::current_path(before);
  EXPECT_TRUE(lost);
  EXPECT_TRUE(led_again);
  EXPECT_TRUE(std::filesystem::exists(directory_.File("relative.db")));
  EXPECT_FALSE(std::filesystem::exists(directory_.path() / "elsewhere" / "relative.db"));
}

}  // namespace
}  // namespace interop::sessions::tests
