// Why a master cannot start: each cause has its own status, and the message says what to look at.

#include <filesystem>
#include <fstream>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class MasterStart : public SessionTest {
 protected:
  result<master> Start(const std::string& listen_address, const std::string& store_path) {
    return master::start(library_here(), {.listen_address = listen_address,
                                          .store_path = store_path,
                                          .create_store = true,
                                          .insecure = insecure_peers::anywhere});
  }

  void ExpectRefused(const result<master>& started, status expected, std::string_view mentioned) {
    EXPECT_EQ(StatusOf(started), expected) << MessageOf(started);
    EXPECT_TRUE(Mentions(started, mentioned)) << MessageOf(started);
  }
};

TEST_F(MasterStart, A_port_that_is_taken_is_named) {
  StartMaster();
  ExpectRefused(Start(endpoint(), directory_.File("other.db")), INTEROP_SESSIONS_ADDRESS_IN_USE,
                std::to_string(port()));
}

TEST_F(MasterStart, An_address_of_another_machine_is_named) {
  ExpectRefused(Start("192.0.2.1:0", directory_.File("other.db")),
                INTEROP_SESSIONS_ADDRESS_UNUSABLE, "192.0.2.1");
}

TEST_F(MasterStart, An_address_that_is_none_is_named) {
  for (const char* address : {"nonsense", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", ":7000",
                              "host.example:7000", "127.0.0.1:-1"}) {
    ExpectRefused(Start(address, directory_.File("other.db")), INTEROP_SESSIONS_INVALID_ARGUMENT,
                  "listen_address");
  }
}

TEST_F(MasterStart, Localhost_and_version_6_addresses_will_do) {
  for (const char* address : {"localhost:0", "[::1]:0", "0.0.0.0:0"}) {
    const auto started = Start(address, directory_.File("store.db"));
    EXPECT_EQ(StatusOf(started), INTEROP_SESSIONS_OK) << address << " " << MessageOf(started);
  }
}

TEST_F(MasterStart, A_store_that_another_master_has_open_is_named) {
  StartMaster();
  ExpectRefused(Start("127.0.0.1:0", options_.store_path), INTEROP_SESSIONS_STORE_LOCKED,
                options_.store_path);
}

TEST_F(MasterStart, A_store_is_free_again_when_its_master_stopped) {
  StartMaster();
  StopMaster();
  EXPECT_EQ(StatusOf(Start("127.0.0.1:0", options_.store_path)), INTEROP_SESSIONS_OK);
}

TEST_F(MasterStart, A_start_that_failed_keeps_nothing) {
  StartMaster();
  const std::string store = directory_.File("other.db");
  ExpectRefused(Start(endpoint(), store), INTEROP_SESSIONS_ADDRESS_IN_USE, "");
  EXPECT_EQ(StatusOf(Start("127.0.0.1:0", store)), INTEROP_SESSIONS_OK);
}

TEST_F(MasterStart, A_store_that_is_no_store_is_named) {
  const std::string text = directory_.File("text.db");
  std::ofstream(text) << std::string(10000, 'x');
  ExpectRefused(Start("127.0.0.1:0", text), INTEROP_SESSIONS_STORE_FAILED, text);
  EXPECT_EQ(std::filesystem::file_size(text), 10000U);
}

TEST_F(MasterStart, A_store_that_is_a_directory_or_lacks_one_is_named) {
  const std::string directory = directory_.path().string();
  const auto is_directory = Start("127.0.0.1:0", directory);
  EXPECT_NE(StatusOf(is_directory), INTEROP_SESSIONS_OK);
  EXPECT_TRUE(Mentions(is_directory, directory)) << MessageOf(is_directory);
  const std::string missing = directory_.File("missing/store.db");
  const auto lacks_directory = Start("127.0.0.1:0", missing);
  EXPECT_NE(StatusOf(lacks_directory), INTEROP_SESSIONS_OK);
  EXPECT_TRUE(Mentions(lacks_directory, missing)) << MessageOf(lacks_directory);
}

TEST_F(MasterStart, A_restarted_master_knows_its_sessions) {
  StartMaster();
  WatchedFollower first(manager(), "server-1");
  WatchedFollower second(manager(), "server-2");
  const session first_held =
      first.Create({.capabilities = 5, .endpoints = {{INTEROP_SESSIONS_ACCESS_POINT_NFS, "a:1"}}});
  const session second_held = second.Create();
  StopMaster();
  StartMaster();
  const std::optional<session_row> row = RowOf("server-1");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->info.epoch, first_held.epoch);
  EXPECT_EQ(row->info.session_id, first_held.session_id);
  EXPECT_GT(row->info.master_epoch, first_held.master_epoch);
  EXPECT_EQ(row->request.capabilities, 5U);
  ASSERT_EQ(row->request.endpoints.size(), 1U);
  EXPECT_EQ(row->request.endpoints[0].address, "a:1");
  EXPECT_EQ(RowOf("server-2")->info.epoch, second_held.epoch);
}

TEST_F(MasterStart, Pages_of_sessions_go_through_all_in_order) {
  StartMaster();
  std::vector<std::unique_ptr<WatchedFollower>> servers;
  for (int i = 0; i < 7; i++) {
    servers.push_back(std::make_unique<WatchedFollower>(manager(), "server-" + std::to_string(i)));
    servers.back()->Create();
  }
  std::vector<std::uint64_t> ids;
  std::uint64_t from = 0;
  do {
    const session_page page = Must(master_here().list_sessions(from, 3));
    EXPECT_LE(page.rows.size(), 3U);
    for (const session_row& row : page.rows) {
      ids.push_back(row.info.session_id);
      EXPECT_EQ(row.info.state, INTEROP_SESSIONS_STATE_ALIVE);
    }
    from = page.next_session_id;
  } while (from != 0);
  EXPECT_EQ(ids.size(), 7U);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

TEST_F(MasterStart, A_term_that_is_not_given_is_the_default_or_the_nearest_that_is_allowed) {
  options_.term_ms = 0;
  options_.max_term_ms = 5000;
  StartMaster();
  WatchedFollower server(manager(), "server-1");
  EXPECT_EQ(server.Create().term_ms, 5000U);
}

TEST_F(MasterStart, Sessions_beyond_the_limit_are_refused_with_it) {
  options_.max_sessions = 2;
  StartMaster();
  WatchedFollower first(manager(), "server-1");
  WatchedFollower second(manager(), "server-2");
  WatchedFollower third(manager(), "server-3");
  first.Create();
  second.Create();
  const auto refused = third->create_session({}, ScaledMs(1000));
  EXPECT_EQ(StatusOf(refused), INTEROP_SESSIONS_TOO_MANY_SESSIONS);
  EXPECT_TRUE(Mentions(refused, "2")) << MessageOf(refused);
  Must(first->close());
  EXPECT_EQ(third.Create().state, INTEROP_SESSIONS_STATE_ALIVE);
}

}  // namespace
}  // namespace interop::sessions::tests
