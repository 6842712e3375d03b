// The addresses at which a master answers besides its port.
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class Doors : public SessionTest {
 protected:
  std::string SocketPath() const { return directory_.File("master.sock"); }

  /// Neither TLS nor insecure is said.
  follower_manager ManagerAtSocket() {
    return Must(follower_manager::create(library_here(), {.endpoints = {"unix:" + SocketPath()}}));
  }
};

TEST_F(Doors, At_a_Unix_socket_rules_know_a_caller_by_its_user) {
  const std::string user = "uid:" + std::to_string(geteuid());
  options_.unix_socket = SocketPath();
  options_.authorization_file = directory_.File("rules");
  std::ofstream(options_.authorization_file) << "allow " << user << " hold cs1\n";
  StartMaster();
  struct stat made = {};
  ASSERT_EQ(stat(SocketPath().c_str(), &made), 0);
  EXPECT_TRUE(S_ISSOCK(made.st_mode));
  EXPECT_EQ(made.st_mode & 07777U, 0660U);

  auto local = ManagerAtSocket();
  auto server = Must(local.create_follower("cs1"));
  const auto created = server.create_session({});
  ASSERT_TRUE(created) << MessageOf(created);
  auto thief = Must(local.create_follower("cs2"));
  const auto refused = thief.create_session({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, INTEROP_SESSIONS_PERMISSION_DENIED);
  EXPECT_TRUE(Mentions(refused, "'" + user + "' (Unix socket)")) << MessageOf(refused);
  auto nameless = Must(manager().create_follower("cs1"));
  EXPECT_EQ(StatusOf(nameless.create_session({})), INTEROP_SESSIONS_UNAUTHENTICATED);

  StopMaster();
  EXPECT_NE(stat(SocketPath().c_str(), &made), 0);
}

TEST_F(Doors, What_is_in_the_way_of_a_Unix_socket_is_named_and_left) {
  std::ofstream(SocketPath()) << "precious";
  options_.unix_socket = SocketPath();
  const auto refused = master::start(library_here(), options_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, INTEROP_SESSIONS_ADDRESS_UNUSABLE);
  EXPECT_TRUE(Mentions(refused, "unix_socket " + SocketPath())) << MessageOf(refused);
  std::string content;
  std::ifstream(SocketPath()) >> content;
  EXPECT_EQ(content, "precious");
}

TEST_F(Doors, An_endpoint_has_a_path_from_the_root_that_the_kernel_takes) {
  for (const std::string& endpoint :
       {std::string("unix:master.sock"), "unix:/" + std::string(107, 'x')}) {
    const auto refused = follower_manager::create(library_here(), {.endpoints = {endpoint}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, INTEROP_SESSIONS_INVALID_ARGUMENT);
    EXPECT_TRUE(Mentions(refused, endpoint)) << MessageOf(refused);
  }
}

TEST_F(Doors, No_session_is_had_where_administration_is_served) {
  // A port that is free.
  StartMaster();
  const std::string administration = endpoint();
  StopMaster();
  options_.listen_address = "127.0.0.1:0";
  options_.admin_listen_address = administration;
  const auto started = master::start(library_here(), options_);
  ASSERT_TRUE(started) << MessageOf(started);
  auto wrong = ManagerAt(administration);
  auto server = Must(wrong.create_follower("cs1"));
  const auto refused = server.create_session({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, INTEROP_SESSIONS_PERMISSION_DENIED);
  EXPECT_TRUE(Mentions(refused, "admin_listen_address")) << MessageOf(refused);
}

}  // namespace
}  // namespace interop::sessions::tests
