// Who may do what, by the host's word and by files, and that no TLS is no accident.
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include "support/session_test.h"

namespace interop::sessions::tests {
namespace {

class Rights : public SessionTest {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = directory_.File(name);
    std::ofstream(path) << text;
    return path;
  }
};

TEST_F(Rights, The_host_is_asked_who_may_do_what) {
  History<std::string> asked;
  hooks().on_authorize = [&](const access_request& request) {
    asked.Add(std::to_string(static_cast<int>(request.right)) + " '" + std::string(request.caller) +
              "' " + std::string(request.identity));
    return request.identity == "cs9" ? verdict::refuse("cs9 is retired") : verdict::accept();
  };
  StartMaster();
  auto welcome = Must(manager().create_follower("cs1"));
  EXPECT_TRUE(welcome.create_session({}));
  auto retired = Must(manager().create_follower("cs9"));
  const auto refused = retired.create_session({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, INTEROP_SESSIONS_UNAUTHENTICATED);
  EXPECT_TRUE(Mentions(refused, "cs9 is retired")) << MessageOf(refused);
  EXPECT_GE(asked.Count([](const std::string& what) { return what == "0 '' cs1"; }), 1U);
  EXPECT_GE(asked.Count([](const std::string& what) { return what == "0 '' cs9"; }), 1U);
}

TEST_F(Rights, A_hook_that_throws_has_denied) {
  hooks().on_authorize = [](const access_request&) -> verdict { throw std::runtime_error("lost"); };
  StartMaster();
  auto server = Must(manager().create_follower("cs1"));
  const auto refused = server.create_session({});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, INTEROP_SESSIONS_UNAUTHENTICATED);
  EXPECT_TRUE(Mentions(refused, "authorize failed on the master")) << MessageOf(refused);
  EXPECT_TRUE(failed_callbacks_.Wait([](const std::string& name) { return name == "authorize"; }));
}

TEST_F(Rights, A_token_shows_the_name_that_rules_know) {
  options_.authorization_file = Write("rules", "allow cs1 hold cs1\n");
  options_.tokens_file = directory_.File("tokens");
  const std::string command =
      "printf 'cs1 %s\\n' $(printf %032d 0 | sha256sum | cut -d' ' -f1) > " + options_.tokens_file;
  ASSERT_EQ(std::system(command.c_str()), 0);
  StartMaster();
  const std::string token = Write("token", std::string(32, '0'));
  ASSERT_EQ(std::system(("chmod 600 " + token).c_str()), 0);
  auto named = Must(follower_manager::create(
      library_here(),
      {.endpoints = {endpoint()}, .insecure = insecure_peers::loopback, .token_file = token}));
  auto server = Must(named.create_follower("cs1"));
  EXPECT_TRUE(server.create_session({}));
  auto thief = Must(named.create_follower("cs2"));
  EXPECT_EQ(StatusOf(thief.create_session({})), INTEROP_SESSIONS_PERMISSION_DENIED);
  auto nameless = Must(manager().create_follower("cs1"));
  EXPECT_EQ(StatusOf(nameless.create_session({})), INTEROP_SESSIONS_UNAUTHENTICATED);
}

TEST_F(Rights, Without_TLS_either_side_must_say_so) {
  const auto refused = follower_manager::create(library_here(), {.endpoints = {"127.0.0.1:1"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(Mentions(refused, "insecure")) << MessageOf(refused);
  const auto elsewhere = follower_manager::create(
      library_here(), {.endpoints = {"192.0.2.1:1"}, .insecure = insecure_peers::loopback});
  ASSERT_FALSE(elsewhere);
  EXPECT_TRUE(Mentions(elsewhere, "192.0.2.1:1")) << MessageOf(elsewhere);

  options_.insecure = insecure_peers::no;
  const auto unsaid = master::start(library_here(), options_);
  ASSERT_FALSE(unsaid);
  EXPECT_EQ(unsaid.error().status, INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(Mentions(unsaid, "insecure")) << MessageOf(unsaid);
  options_.insecure = insecure_peers::loopback;
  options_.listen_address = "0.0.0.0:0";
  const auto open = master::start(library_here(), options_);
  ASSERT_FALSE(open);
  EXPECT_TRUE(Mentions(open, "0.0.0.0:0")) << MessageOf(open);
}

}  // namespace
}  // namespace interop::sessions::tests
